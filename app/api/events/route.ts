import { type EventsAnswer, limits } from '@/lib/progress';
import { currentLearner, ensureLearner, publicLearner } from '@/lib/server/auth';
import { handle, json, readJson, requireSameOrigin } from '@/lib/server/http';
import { take } from '@/lib/server/limits';
import { parseBatch, receive, requireOwn, siteContent } from '@/lib/server/progress';

/**
 * What a learner did. Each event has its own answer; those that were accepted are stored when the answer leaves. The
 * first one makes a guest.
 */
export const POST = handle(async (request) => {
  requireSameOrigin(request);
  const batch = parseBatch(await readJson(request, limits.batch));
  const known = await currentLearner();
  await requireOwn(batch, known?.id);
  const learner = await ensureLearner(known);
  await take('events', learner.id);
  const results = await receive(learner.id, batch.events, siteContent);
  return json({ learner: publicLearner(learner), results } satisfies EventsAnswer);
});
