// @ts-check
/**
 * The production server, a process of its own under start.mjs: Next behind a cache of what is the same for everyone.
 * Plain JavaScript, so that nothing is translated while it serves.
 *
 * Environment: PORT, HOST, as start/settings.ts made them.
 */
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
server.listen(port, hostname);

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
