import 'server-only';
import { type Catalog, findLessonById, isReady, type ReadyLesson } from '../../course/index.ts';
import type { CourseProgress } from '../../progress/index.ts';
import { getCatalog } from '../content.ts';
import { lessonsOf } from './read.ts';

/** All lessons that a learner has begun, and the one that was open last. */
export async function courseProgress(learnerId: string): Promise<Omit<CourseProgress, 'learner'>> {
  const { lessons, latest } = await lessonsOf(learnerId);
  const last = firstThatExists(await getCatalog(), latest);
  if (!last) return { lessons, latest: null };
  const { id, title, courseId, slug } = last;
  const { position, completedAt } = lessons[id] ?? {};
  return {
    lessons,
    latest: {
      lessonId: id,
      courseId,
      slug,
      title,
      completed: completedAt !== undefined,
      ...(position && { position }),
    },
  };
}

/** Lessons come and go with the content; progress of one that is gone is kept, but leads nowhere. */
function firstThatExists(catalog: Catalog, lessonIds: string[]): ReadyLesson | undefined {
  for (const id of lessonIds) {
    const lesson = findLessonById(catalog, id);
    if (lesson && isReady(lesson)) return lesson;
  }
  return undefined;
}
