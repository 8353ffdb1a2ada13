import { type Process, SIGNAL_TEXT, type Signal, type Wait } from '../../os/index.ts';
import { type Job, jobSignal, jobState, jobStatus } from '../jobs.ts';
import type { Shell } from '../shell.ts';

const WIDTH = 24;

/** `Running`, `Done`, `Exit 3`, `Terminated` … as `jobs` shows it. */
export function stateText(job: Job): string {
  const state = jobState(job);
  if (state !== 'Done') return state;
  const signal = jobSignal(job);
  if (signal !== undefined) return signal === 'QUIT' ? 'Quit' : SIGNAL_TEXT[signal];
  const status = jobStatus(job);
  return status === 0 ? 'Done' : `Exit ${status}`;
}

/** A line of `jobs`. */
export function jobLine(shell: Shell, job: Job, long = false): string {
  const state = jobState(job);
  const running = state === 'Running' ? ' &' : '';
  const pid = long ? `${String(job.processes[0]?.vpid ?? '').padStart(5)} ` : ' ';
  return `[${job.number}]${shell.jobs.mark(job)} ${pid}${stateText(job).padEnd(WIDTH)}${job.text}${running}\n`;
}

/** Ctrl-Z: on a line of its own, because ^Z is still on the terminal's. */
export function* reportStopped(shell: Shell, job: Job): Generator<Wait, void, void> {
  job.reported = 'Stopped';
  yield* shell.process.printError(`\n${jobLine(shell, job)}`);
}

/** Before the prompt: what has become of background jobs. Finished ones leave the table. */
export function* reportChanges(shell: Shell): Generator<Wait, void, void> {
  const { jobs, process } = shell;
  const changed = jobs.list().filter((job) => jobState(job) !== (job.reported ?? 'Running'));
  const text = changed.map((job) => jobLine(shell, job)).join('');
  for (const job of changed) {
    job.reported = jobState(job);
    if (job.reported === 'Done') forgetJob(shell, job);
  }
  if (text !== '' && shell.interactive) yield* process.printError(text);
}

export function forgetJob(shell: Shell, job: Job): void {
  for (const child of job.processes) shell.process.reap(child);
  shell.jobs.remove(job);
}

/** Signals whose default action writes a core file (signal(7)). */
const CORE: ReadonlySet<Signal> = new Set(['QUIT', 'ABRT', 'SEGV', 'ILL', 'FPE', 'BUS', 'TRAP', 'SYS', 'XCPU', 'XFSZ']);

/** Without job control bash says which process died; with it only of what. */
export function signalMessage(shell: Shell, process: Process, signal: Signal, command: string): string {
  const text = SIGNAL_TEXT[signal];
  const core = CORE.has(signal) ? '(core dumped) ' : '';
  if (shell.interactive || signal === 'TERM') return core === '' ? `${text}\n` : `${text} ${core.trimEnd()}\n`;
  return `${shell.errorPrefix}${String(process.vpid).padStart(5)} ${text.padEnd(WIDTH - 1)} ${core}${command}\n`;
}
