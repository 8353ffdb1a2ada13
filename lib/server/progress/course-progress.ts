import 'server-only';
import { findLessonById, isReady, neighbours, type ReadyLesson } from '../../course/index.ts';
import type { CourseProgress } from '../../progress/index.ts';
import { paths } from '../../shared/paths.ts';
import { getCatalog } from '../content.ts';
import { lessonsOf } from './read.ts';

/** All lessons that a learner has begun, and where to go on. */
export async function courseProgress(learnerId: string): Promise<Omit<CourseProgress, 'learner'>> {
  const { lessons, latest } = await lessonsOf(learnerId);
  return { lessons, continueAt: await continueAt(lessons, latest) };
}

async function continueAt(lessons: CourseProgress['lessons'], latest: string[]): Promise<CourseProgress['continueAt']> {
  const catalog = await getCatalog();
  const last = latest.map((id) => findLessonById(catalog, id)).find((lesson): lesson is ReadyLesson => lesson !== undefined && isReady(lesson));
  if (!last) return null;
  let lesson = last;
  while (lessons[lesson.id]?.completedAt) {
    const { next } = neighbours(catalog, lesson);
    // All that follows is finished: the last one may be read again.
    if (!next) return placeOf(last, lessons);
    lesson = next;
  }
  return placeOf(lesson, lessons);
}

function placeOf({ id, title, courseId, slug }: ReadyLesson, lessons: CourseProgress['lessons']): CourseProgress['continueAt'] {
  const known = lessons[id];
  return { lessonId: id, title, href: paths.lesson(courseId, slug), begun: known !== undefined, ...(known?.position && { position: known.position }) };
}
