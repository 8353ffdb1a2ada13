// @ts-check
/**
 * The production server, a process of its own under start.mjs: Next behind a cache of what is the same for everyone.
 * Plain JavaScript, so that nothing is translated while it serves.
 *
 * Environment: PORT, HOST, as start/settings.ts made them.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import next from 'next';
import { PageCache } from './page-cache.mjs';

const port = Number(process.env.PORT);
const hostname = process.env.HOST;
const app = next({ dev: false, hostname, port });
const answer = app.getRequestHandler();
await app.prepare();

const cache = new PageCache((request, response) => answer(request, response));
const server = createServer((request, response) => cache.handle(request, response));
server.listen(port, hostname, () => {
  if (process.env.CONTENT_DIRS) renewLists().catch(() => {});
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    // What is being answered is finished; what only waits is closed. Nobody waits longer than five seconds.
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), 5_000).unref();
  });
}

/**
 * The build did not know the folders of CONTENT_DIRS. Pages that list courses and terms are made anew by their first
 * visit; that visit is ours, so that no reader meets lists without them. (A lesson is made when it is first read.)
 */
async function renewLists() {
  const here = `http://${hostname}:${port}`;
  const manifest = readFileSync(`${process.env.NEXT_DIST_DIR || '.next'}/prerender-manifest.json`, 'utf8');
  /** @type {{ routes: Record<string, { initialRevalidateSeconds: number | false }> }} */
  const { routes } = JSON.parse(manifest);
  const lists = Object.keys(routes).filter(
    (path) => routes[path]?.initialRevalidateSeconds && path.split('/').length <= 3,
  );
  await fetch(`${here}/api/content-changes`, { method: 'POST' });
  // A router's request is not kept by our cache, which would keep the old page for some seconds.
  for (const path of lists) fetch(`${here}${path}`, { headers: { rsc: '1' } }).catch(() => {});
}
