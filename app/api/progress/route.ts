import type { CourseProgress } from '@/lib/progress';
import { currentLearner, publicLearner } from '@/lib/server/auth';
import { handle, json } from '@/lib/server/http';
import { courseProgress } from '@/lib/server/progress';

/** The state of every lesson that was begun, for the map, and where to continue. */
export const GET = handle(async () => {
  const learner = await currentLearner();
  const known: Omit<CourseProgress, 'learner'> = learner
    ? await courseProgress(learner.id)
    : { lessons: {}, latest: null };
  return json({ learner: publicLearner(learner), ...known } satisfies CourseProgress);
});
