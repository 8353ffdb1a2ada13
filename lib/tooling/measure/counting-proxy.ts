import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands between browser and site and counts what each answer weighs on the wire, compressed with gzip, which the limits are
 * in (browsers that take brotli get less). The browser's own figures leave out what a worker loads.
 */
export type CountingProxy = {
  url: string;
  /** Bytes of each script by path since the last `reset`. */
  scripts: () => Map<string, number>;
  reset: () => void;
  close: () => Promise<void>;
};

export async function startCountingProxy(site: string): Promise<CountingProxy> {
  const target = new URL(site);
  const seen = new Map<string, number>();

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const options = { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method };
    const upstream = request(
      { ...options, headers: { ...incoming.headers, host: target.host, 'accept-encoding': 'gzip' } },
      (answer) => {
        const path = (incoming.url ?? '').split('?')[0] ?? '';
        const isScript = /javascript|wasm/.test(answer.headers['content-type'] ?? '');
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        answer.on('end', () => {
          if (isScript) seen.set(path, Math.max(bytes, seen.get(path) ?? 0));
        });
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  };

  const server = createServer(pass);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    scripts: () => new Map(seen),
    reset: () => seen.clear(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
