import type { Signal, Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';
import { FunctionReturn } from './control.ts';

/** Runs the traps of signals that came while a command was running; `$?` stays what it was. */
export function* runPendingTraps(shell: Shell): Generator<Wait, void, void> {
  while (shell.pendingTraps.length > 0) {
    const signal = shell.pendingTraps.shift() as Signal;
    const action = shell.traps.get(signal);
    if (action !== undefined && action !== '') yield* runTrap(shell, action, signal);
  }
}

export function* runTrap(shell: Shell, action: string, name: string): Generator<Wait, void, void> {
  const { status, pipeStatus, line } = shell;
  yield* shell.executor.runText(shell, action, { name: `${shell.name}: ${name.toLowerCase()} trap` });
  shell.status = status;
  shell.pipeStatus = pipeStatus;
  shell.line = line;
}

/** The EXIT trap, once; its own `exit` changes the status. */
export function* runExitTrap(shell: Shell): Generator<Wait, void, void> {
  const action = shell.traps.get('EXIT');
  shell.traps.delete('EXIT');
  if (action === undefined || action === '') return;
  try {
    yield* runTrap(shell, action, 'exit');
  } catch (error) {
    if (!(error instanceof FunctionReturn)) throw error;
  }
}

/** Makes the process's signal do what the shell's trap says: '' ignores, a text runs, undefined restores. */
export function installTrap(shell: Shell, signal: Signal, action: string | undefined): void {
  const { process } = shell;
  if (action === '') process.onSignal(signal, 'ignore');
  else if (action !== undefined) process.onSignal(signal, () => shell.pendingTraps.push(signal));
  else restoreDefault(shell, signal);
}

/** An interactive shell survives the keyboard's signals and TERM. */
export function restoreDefault(shell: Shell, signal: Signal): void {
  const { process } = shell;
  if (!shell.interactive) process.onSignal(signal, undefined);
  else if (signal === 'INT') process.onSignal('INT', () => (shell.interrupted = true));
  else if (['QUIT', 'TERM', 'TSTP', 'TTIN', 'TTOU'].includes(signal)) process.onSignal(signal, 'ignore');
  else process.onSignal(signal, undefined);
}
