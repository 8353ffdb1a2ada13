import { createHash } from 'node:crypto';
import { currentLearner } from '@/lib/server/auth';
import { handle } from '@/lib/server/http';
import { dashboard } from '@/lib/server/teams';

/** The rows of a team's dashboard; 304 while nothing has changed since the `ETag` that the caller holds. */
export const GET = handle(async (request: Request, context: { params: Promise<{ teamId: string }> }) => {
  const { teamId } = await context.params;
  const body = JSON.stringify(await dashboard(await currentLearner(), teamId));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache', 'Content-Type': 'application/json' };
  if (request.headers.get('If-None-Match') === etag) return new Response(null, { status: 304, headers });
  return new Response(body, { headers });
});
