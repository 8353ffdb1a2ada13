import { currentLearner } from '@/lib/server/auth';
import { handle } from '@/lib/server/http';
import { exportData } from '@/lib/server/progress';
import { AppError } from '@/lib/shared/errors';

/** Everything stored about the learner who asks, as a file. */
export const GET = handle(async () => {
  const learner = await currentLearner();
  if (!learner)
    throw new AppError(
      'unauthenticated',
      'Nothing is stored about you: you have neither started a lesson nor signed in.',
    );
  const body = JSON.stringify(await exportData(learner.id), null, 2);
  return new Response(body, {
    headers: {
      'Content-Type': 'application/json',
      'Content-Disposition': 'attachment; filename="hopwise-my-data.json"',
    },
  });
});
