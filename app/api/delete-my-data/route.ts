import { currentLearner, forgetLearner } from '@/lib/server/auth';
import { handle, json, readJson, requireSameOrigin } from '@/lib/server/http';
import { deleteData } from '@/lib/server/progress';
import { AppError } from '@/lib/shared/errors';

/** Deletes the learner who asks, for good. `{"confirm": "delete"}` guards against a slip of a script. */
export const POST = handle(async (request) => {
  requireSameOrigin(request);
  const body = await readJson(request, 1024);
  if ((body as { confirm?: unknown } | null)?.confirm !== 'delete')
    throw new AppError('invalid-input', 'Send {"confirm": "delete"} to delete everything.');
  const learner = await currentLearner();
  if (!learner) throw new AppError('unauthenticated', 'Nothing is stored about you.');
  await deleteData(learner.id);
  await forgetLearner();
  return json({ deleted: true });
});
