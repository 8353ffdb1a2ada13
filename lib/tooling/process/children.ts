import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { ROOT } from '../bootstrap/root.mjs';

/**
 * Child processes of our tools. All that run are known here, so that Ctrl-C and SIGTERM end them before we end
 * ourselves: a signal sent to us alone would otherwise leave a build or a server behind.
 */
const running = new Set<ChildProcess>();

export type Finished = { code: number; output: string };

type Options = { env?: NodeJS.ProcessEnv; cwd?: string; show?: boolean; timeoutMs?: number };

/** Each child leads a group of its own: what it forks (test workers, browsers) goes with it. Windows has no such groups. */
const GROUPS = process.platform !== 'win32';

export function startChild(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { cwd: ROOT, detached: GROUPS, ...options });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** To the child's group, or to the child alone where it has none of its own. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (GROUPS && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    child.kill(signal);
  }
}

/**
 * Runs a command to its end. Output is gathered, and shown as it comes with `show`. Never rejects: a command that
 * cannot be started or overran `timeoutMs` ends with a code and its reason in `output`.
 */
export function run(command: string, args: string[], options: Options = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = startChild(command, args, {
      cwd: options.cwd ?? ROOT,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    const gather = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
      chunks.push(chunk);
      if (options.show) to.write(chunk);
    };
    child.stdout?.on('data', gather(process.stdout));
    child.stderr?.on('data', gather(process.stderr));
    const late = options.timeoutMs
      ? setTimeout(() => {
          chunks.push(Buffer.from(`\n(stopped after ${Math.round(Number(options.timeoutMs) / 1000)} s)\n`));
          signalGroup(child, 'SIGKILL');
        }, options.timeoutMs)
      : undefined;
    const end = (code: number) => {
      clearTimeout(late);
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') });
    };
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${command}: ${error.message}\n`));
      end(127);
    });
    child.once('close', (code, signal) => end(code ?? (signal ? 128 : 1)));
  });
}

/** Runs a Node program of the installed packages or of ours; TypeScript goes through tsx. */
export function runNode(args: string[], options: Options = {}): Promise<Finished> {
  const loader = args[0]?.endsWith('.ts') ? ['--import', 'tsx'] : [];
  return run(process.execPath, [...loader, ...args], options);
}

let takeOver: (() => boolean) | undefined;

/**
 * Passes Ctrl-C and SIGTERM on to whatever child runs, then exits with the shell's code for that signal.
 */
export function endChildrenOnSignal(): void {
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      for (const child of running) signalGroup(child, 'SIGTERM');
      if (!takeOver?.()) process.exit(128 + number);
    });
  }
}

/** From here on a signal ends the children and calls `stop`, which sees to our own end. */
export function onStop(stop: () => void): void {
  takeOver = () => {
    stop();
    return true;
  };
}
