import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../bootstrap/root.mjs';
import { freePort } from '../start/port.ts';

/**
 * A whole site for tests and measurements, started the way people start it (`npm start`): loopback, a free port, a data
 * folder of its own that is removed at the end.
 */
export type Site = {
  url: string;
  dataDir: string;
  /** What the server printed so far. */
  log: () => string;
  /** Ends every process of the site at once; the data stays. `start` brings it up again on the same port. @returns the exit code */
  kill: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** kill -9 of the starter alone. */
  killStarter: () => void;
  start: () => Promise<void>;
  /** Ends it and removes a data folder that was made for it. */
  stop: () => Promise<void>;
};

export type SiteOptions = {
  /** Default: SQLite in the data folder. */
  databaseUrl?: string;
  dataDir?: string;
  env?: Record<string, string>;
};

const READY_MS = 120_000;

export async function startSite({ databaseUrl, dataDir, env }: SiteOptions = {}): Promise<Site> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'hopwise-site-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const environment = {
    ...process.env,
    PORT: String(port),
    HOST: 'localhost',
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl ?? '',
    NEXTAUTH_URL: url,
    ...env,
  };
  let child: ChildProcess | undefined;
  let output = '';

  const start = async () => {
    // A process group of its own, so that one signal reaches the starter and the server alike.
    const started = spawn(process.execPath, ['lib/tooling/start.mjs'], {
      cwd: ROOT,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const gather = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-200_000);
    };
    started.stdout?.on('data', gather);
    started.stderr?.on('data', gather);
    await answers(url, started, () => output);
  };
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const ended = child;
    child = undefined;
    if (!ended?.pid || ended.exitCode !== null || ended.signalCode !== null) return ended?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => ended.once('exit', resolve));
    process.kill(-ended.pid, signal);
    const code = await gone;
    await portClosed(url);
    return code;
  };
  const stop = async () => {
    await kill('SIGTERM');
    process.off('exit', last);
    if (!dataDir) rmSync(folder, { recursive: true, force: true });
  };
  // Should we end without stopping it, nothing is left behind.
  const last = () => {
    // A group that is gone by itself cannot be signalled, and what is thrown here keeps the process from its end.
    if (child?.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  process.once('exit', last);
  await start().catch((error: unknown) => {
    process.off('exit', last);
    if (!dataDir) rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const killStarter = () => void child?.kill('SIGKILL');
  return { url, dataDir: folder, log: () => output, kill, killStarter, start, stop };
}

async function answers(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    const response = await fetch(`${url}/api/health`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  throw new Error(`The site did not come up at ${url}:\n${log()}`);
}

async function portClosed(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await fetch(`${url}/api/health`).then(
      () => true,
      () => false,
    );
    if (!open) return;
    await sleep(50);
  }
}
