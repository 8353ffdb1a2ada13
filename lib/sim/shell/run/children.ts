import { SECOND } from '../../base/index.ts';
import {
  COST,
  type Executable,
  isTty,
  type Process,
  type Program,
  type Signal,
  type SpawnOptions,
  type Tty,
  type Wait,
} from '../../os/index.ts';
import type { Job } from '../jobs.ts';
import type { Shell } from '../shell.ts';
import { ExpansionError, Interrupted } from './control.ts';
import { reportStopped, signalMessage } from './job-messages.ts';

/** bash doubles its patience at each failed fork, and gives up after this many seconds. */
const LAST_RETRY = 8;

/** fork(2) as bash does it: when the machine has no process left it waits and tries again, then drops the command. */
export function* fork(shell: Shell, program: Program, options: SpawnOptions): Generator<Wait, Process, void> {
  for (let seconds = 1; ; seconds *= 2) {
    const child = shell.process.trySpawn(program, { ...options, defaultSignals: refused(shell) });
    if (child.ok) return child.value;
    if (seconds > LAST_RETRY) throw new ExpansionError('fork: Resource temporarily unavailable', 254, false);
    yield* shell.printError('fork: retry: Resource temporarily unavailable');
    yield* shell.process.sleep(seconds * SECOND);
  }
}

/** A child of an interactive shell gets the signals back that the shell refuses, unless a trap ignores them. */
function refused(shell: Shell): readonly Signal[] {
  if (!shell.interactive) return [];
  return (['QUIT', 'TERM', 'TSTP', 'TTIN', 'TTOU'] as const).filter((signal) => shell.traps.get(signal) !== '');
}

/** execve(2): from here on the process is the other program. Its status is the process's. */
export function* execInPlace(
  process: Process,
  executable: Executable,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
): Generator<Wait, number, void> {
  process.argv = [...executable.argvPrefix, ...argv.slice(1)];
  process.comm = (executable.argvPrefix.at(-1) ?? executable.path).replace(/.*\//, '').slice(0, 15);
  process.reapsChildren = false;
  process.env.clear();
  for (const [name, value] of env) process.env.set(name, value);
  yield* process.sleep(COST.exec + process.machine.random.int(0, COST.exec));
  return yield* executable.program(process);
}

export const terminalOf = (shell: Shell): Tty | undefined => {
  const { tty } = shell.process;
  return shell.options.has('monitor') && isTty(tty) ? tty : undefined;
};

/**
 * Waits for a pipeline in the foreground. Where the shell controls jobs, the terminal is the pipeline's meanwhile, and one
 * that stops becomes a job. The status is the last process's; `pipefail` is the caller's concern.
 */
export function* waitForeground(
  shell: Shell,
  processes: readonly Process[],
  text: string,
): Generator<Wait, readonly number[], void> {
  const tty = terminalOf(shell);
  const leader = processes[0];
  if (tty !== undefined && leader !== undefined) tty.foreground = leader.pgid;
  const ended = () => processes.every((process) => process.exitStatus !== undefined);
  const stopped = () => tty !== undefined && processes.some((process) => process.state === 'stopped');
  while (!ended() && !stopped()) yield { queues: [shell.process.childChanged] };
  if (tty !== undefined) tty.foreground = shell.process.pgid;
  if (!ended()) return [yield* suspend(shell, processes, text)];
  for (const process of processes) shell.process.reap(process);
  yield* announceDeath(shell, processes, text);
  return processes.map((process) => process.exitStatus ?? 0);
}

function* suspend(shell: Shell, processes: readonly Process[], text: string): Generator<Wait, number, void> {
  const known = shell.jobs.byPid(processes[0]?.vpid ?? 0);
  const job: Job =
    known ??
    shell.jobs.add({
      pgid: processes[0]?.pgid ?? 0,
      processes,
      text,
      ownGroup: true,
      reported: 'Stopped',
      background: false,
    });
  shell.jobs.touch(job);
  yield* reportStopped(shell, job);
  return 148;
}

/** A command that a signal ended is announced, but for the signals that people send on purpose; Ctrl-C ends a loop too. */
function* announceDeath(shell: Shell, processes: readonly Process[], text: string): Generator<Wait, void, void> {
  const last = processes.at(-1);
  const signal = last?.endedBy;
  if (last === undefined || signal === undefined) return;
  if (signal === 'INT') {
    if (!shell.interactive) return;
    yield* shell.process.printError('\n');
    shell.status = 130;
    throw new Interrupted();
  }
  if (signal !== 'PIPE') yield* shell.process.printError(signalMessage(shell, last, signal, text));
}
