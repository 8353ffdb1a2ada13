'use client';

import styles from './course-map.module.css';
import { useCourseProgress } from './course-progress';

const WORDS = { open: 'not begun', begun: 'begun', done: 'complete' } as const;

export type LessonStateName = keyof typeof WORDS;

export function useLessonState(lessonId: string): LessonStateName {
  const known = useCourseProgress();
  const lesson = known.state === 'known' ? known.progress.lessons[lessonId] : undefined;
  if (!lesson) return 'open';
  return lesson.completedAt ? 'done' : 'begun';
}

/** A stop on the line: hollow, half or full. */
export function LessonMark({ lessonId }: { lessonId: string }) {
  const state = useLessonState(lessonId);
  return (
    <span className={styles.mark} data-state={state}>
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" className={styles.ring} />
        {state === 'begun' && <path d="M10 3a7 7 0 0 1 0 14z" className={styles.half} />}
        {state === 'done' && <path d="M6.5 10.300l2.4 2.4 4.6-5.2" className={styles.tick} />}
      </svg>
      <span className="visually-hidden">{WORDS[state]}</span>
    </span>
  );
}
