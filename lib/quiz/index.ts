/**
 * Questions: what quiz.yaml may say, and what an answer is worth. No React, no database, nothing of courses.
 *
 * A kind of question is a file in kinds/ and a component in components/quiz/; both registries are records over the union
 * of kinds. Keys and feedback stay on the server: the browser gets a PublicQuestion, and a Grade only for an answer.
 */
export {
  type Grade,
  grade,
  type OptionGrade,
  type PublicQuestion,
  publicQuestion,
  shownGrade,
} from './grade.ts';
export { parseQuiz, type QuizProblem } from './parse.ts';
export { type Kind, type Question, type Quiz, versionOf } from './question.ts';
export type { Block, Inline, Rich } from './rich.ts';
