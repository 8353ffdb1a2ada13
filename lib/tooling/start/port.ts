import { createServer } from 'node:net';
import { Problem } from '../bootstrap/say.mjs';

/** Fails at once, before a build, when the server could not listen later. */
export async function requirePort(port: number, host: string): Promise<void> {
  const code = await listenCode(port, host);
  if (code === undefined) return;
  if (code === 'EADDRINUSE') {
    throw new Problem(
      5,
      `Port ${port} on ${host} is taken by another program (or by a Hopwise that runs already).`,
      `Stop that one, or choose another port: PORT=${port === 65_535 ? 3001 : port + 1} npm start`,
    );
  }
  if (code === 'EACCES') {
    throw new Problem(
      5,
      `This user may not listen on port ${port}.`,
      'Ports under 1024 are reserved: PORT=3000 npm start',
    );
  }
  throw new Problem(
    5,
    `Cannot listen on ${host} port ${port} (${code}).`,
    'HOST must be an address or name of this machine.',
  );
}

/** The error code with which listening fails, or undefined when it works. */
function listenCode(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** A port that nobody listens on at this moment, on loopback. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
