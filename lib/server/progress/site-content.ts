import 'server-only';
import { findQuestion, lessonFacts } from '../content.ts';
import type { CourseContent } from './content.ts';

export const siteContent: CourseContent = {
  hasLesson: async (lessonId) => (await lessonFacts(lessonId)) !== undefined,
  findQuestion,
};
