import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireNode } from '../bootstrap/node-version.mjs';
import { ROOT } from '../bootstrap/root.mjs';
import { freePort } from './port.ts';

/** `npm start` as a real process, in the ways in which it must say no before it builds anything. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopwise-start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Ended = { code: number | null; output: string };

async function start(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  const PORT = env.PORT ?? String(await freePort());
  const child = spawn(process.execPath, ['lib/tooling/start.mjs', ...args], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: folder, DATABASE_URL: '', HOST: '127.0.0.1', ...env, PORT },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
}

function listen(): Promise<{ server: Server; port: number }> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address ? address.port : 0 });
    });
  });
}

describe('npm start says no, and why', () => {
  it('when the port is taken, naming it and how to choose another', async () => {
    const { server, port } = await listen();
    const { code, output } = await start({ PORT: String(port) });
    server.close();
    expect(output).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(output).toContain(`PORT=${port + 1} npm start`);
    expect(code).toBe(5);
  });

  it.each(['http', '0', '70000', '3000.5'])('when PORT is %s', async (PORT) => {
    const { code, output } = await start({ PORT });
    expect(output).toContain(`PORT is '${PORT}'`);
    expect(code).toBe(2);
  });

  it('when the host is not of this machine', async () => {
    const { code, output } = await start({ HOST: '192.0.2.1' });
    expect(output).toContain('Cannot listen on 192.0.2.1');
    expect(code).toBe(5);
  });

  it('when DATA_DIR cannot be written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, output } = await start({ DATA_DIR: join(file, 'data') });
    expect(output).toContain('Cannot write to the data folder');
    expect(output).toContain('DATA_DIR=/path npm start');
    expect(code).toBe(6);
  });

  it.runIf(process.platform === 'linux')('when no folder can be made where DATA_DIR says', async () => {
    const { code, output } = await start({ DATA_DIR: '/proc/hopwise' });
    expect(code).toBe(6);
    expect(output).toContain('no folder can be made there');
  });

  it('when DATABASE_URL is of a database we do not know, without showing its password', async () => {
    const { code, output } = await start({ DATABASE_URL: 'mysql://root:sesame@db/hopwise' });
    expect(output).toContain('DATABASE_URL is neither');
    expect(output).not.toContain('sesame');
    expect(code).toBe(2);
  });

  it('when PostgreSQL does not answer', async () => {
    const port = await freePort();
    const { code, output } = await start({ DATABASE_URL: `postgresql://hopwise:sesame@127.0.0.1:${port}/hopwise` });
    expect(output).toContain('The database is not ready');
    expect(output).toContain(String(port));
    expect(output).not.toContain('sesame');
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(7);
  });

  it('when an option is unknown', async () => {
    const { code, output } = await start({}, '--fast');
    expect(output).toContain('Unknown option --fast');
    expect(code).toBe(2);
  });
});

describe('the Node version', () => {
  it.each(['14.21.3', '18.20.0', '20.9.0'])('%s is too old', (version) => {
    expect(() => requireNode(version)).toThrow(`this is ${version}`);
  });

  it.each(['20.19.0', '22.12.0', '24.0.0'])('%s will do', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });
});
