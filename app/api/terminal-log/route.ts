import { currentLearner } from '@/lib/server/auth';
import { handle, json } from '@/lib/server/http';
import { siteContent, terminalLog } from '@/lib/server/progress';
import { AppError } from '@/lib/shared/errors';

/** `?lesson=<id>&terminal=<id>[&branch=<uuid>]`: a log that is too long to travel with /api/me, or an earlier branch. */
export const GET = handle(async (request) => {
  const query = new URL(request.url).searchParams;
  const [lesson, terminal, branch] = [query.get('lesson'), query.get('terminal'), query.get('branch') ?? undefined];
  const learner = await currentLearner();
  const asked =
    learner && lesson && terminal && /^[\w.-]+$/.test(terminal) && (!branch || /^[\w-]{1,64}$/.test(branch));
  const log =
    asked && (await siteContent.hasLesson(lesson)) ? await terminalLog(learner.id, lesson, terminal, branch) : null;
  if (!log) throw new AppError('not-found', 'Nothing was recorded for this terminal.');
  return json(log);
});
