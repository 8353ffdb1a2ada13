'use client';

import { ProgressBar } from '../ui/progress-bar';
import { Skeleton } from '../ui/skeleton';
import styles from './course-bar.module.css';
import { useCourseProgress } from './course-progress';

/** How much of what is written is complete. Holds its place while that is not known. */
export function CourseBar({ lessonIds }: { lessonIds: string[] }) {
  const known = useCourseProgress();
  const lessons = known.state === 'known' ? known.progress.lessons : {};
  const done = lessonIds.filter((id) => lessons[id]?.completedAt).length;
  const words = `${done} of ${lessonIds.length} lessons complete`;
  return (
    <div>
      <ProgressBar value={done} max={lessonIds.length} label={words} />
      <p className={styles.words}>{known.state === 'loading' ? <Skeleton width="11em" height="1.4em" /> : words}</p>
    </div>
  );
}
