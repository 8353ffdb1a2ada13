import 'server-only';

/**
 * What learners have done, in the database: `receive` takes a browser's events, the rest reads. Every function takes the
 * learner's id; whose request it is is decided by lib/server/auth.
 */
export { courseProgress } from './course-progress.ts';
export { mergeGuest } from './merge.ts';
export { deleteData, exportData } from './own-data.ts';
export { lessonOf, terminalLog } from './read.ts';
export { makeWriter, parseBatch, receive, requireOwn } from './receive.ts';
export { siteContent } from './site-content.ts';
