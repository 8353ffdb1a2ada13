import type { Me } from '@/lib/progress';
import { currentLearner, publicLearner } from '@/lib/server/auth';
import { handle, json } from '@/lib/server/http';
import { lessonOf, siteContent } from '@/lib/server/progress';

const nothing = { quiz: {}, terminals: {} };

/** `?lesson=<id>`: all that is personal on a lesson page. Works for nobody, and makes nobody a guest. */
export const GET = handle(async (request) => {
  const lessonId = new URL(request.url).searchParams.get('lesson');
  const learner = await currentLearner();
  const known =
    learner && lessonId && (await siteContent.hasLesson(lessonId))
      ? await lessonOf(learner.id, lessonId, siteContent)
      : nothing;
  return json({ learner: publicLearner(learner), ...known } satisfies Me);
});
