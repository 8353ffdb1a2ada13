import type { Question } from '../../quiz/index.ts';

/** What progress must know of the courses; the site's own is in site-content.ts, tests bring theirs. */
export type CourseContent = {
  hasLesson: (lessonId: string) => Promise<boolean>;
  findQuestion: (lessonId: string, questionId: string) => Promise<Question | undefined>;
};
