/**
 * What a page knows of its learner, and how it tells what was learnt.
 *
 * Pages are static; `useMe` brings the personal part in one request. `record` never fails and never waits: what happened
 * goes into the browser's outbox, and from there to the server as soon as it can be reached. Nothing here knows a database.
 */
export { AccountMenu } from './account-menu';
export { forgetWaiting, learnerChanged, record } from './client';
export { useLearner, useMe } from './me-store';
export { SyncStatus } from './sync-status';
export { useSync } from './sync-store';
export { terminalStore, type TerminalStore } from './terminal-store';
