import { db } from '@/lib/server/db';
import { handle, json } from '@/lib/server/http';

/** 200 as long as lessons are served, which they are without a database too. */
export const GET = handle(async () => {
  const reachable = await db().$queryRaw`SELECT 1`.then(
    () => true,
    () => false,
  );
  return json(reachable ? { status: 'ok', database: 'ok' } : { status: 'degraded', database: 'unreachable' });
});
