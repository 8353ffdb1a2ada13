/**
 * The database: one client for both kinds, opened at first use and kept for the life of the process, and `withRetry` for
 * the moments in which it is locked or away. Queries live with their area (lib/server/progress, lib/server/teams …), not
 * here; the models in prisma/models.prisma.
 */
export { type Database, db, openDatabase, setDatabase, type Transaction } from './client.ts';
export {
  type Learner,
  type LessonState,
  type Membership,
  Prisma,
  type QuizAttempt,
  type TerminalLog,
} from './generated/sqlite/client/client.ts';
export { isOutage, withRetry } from './retry.ts';
