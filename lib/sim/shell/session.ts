import type { Process, Wait } from '../os/index.ts';
import { ExpansionError, FunctionReturn, Interrupted, LoopControl, ShellExit } from './run/control.ts';
import { executor } from './run/executor.ts';
import { runExitTrap } from './run/traps.ts';
import { initializeVariables } from './setup.ts';
import { Shell } from './shell.ts';
import { AllocationError } from './variables.ts';

/** A shell that is given one text after another and keeps its state between them. */
export type ShellSession = {
  /**
   * Runs a text as `. file` would run it: not interactive, no job messages, no line numbers in errors. Its exit status;
   * 'exit' tells that the text ended the shell.
   */
  run(text: string): Generator<Wait, { readonly status: number; readonly exited: boolean }, void>;
  /** The EXIT trap, when there will be no more texts. */
  end(): Generator<Wait, void, void>;
};

/** Makes a process's program out of a shell: for transcripts, set-up scripts and tests. Its descriptors are the process's. */
export function shellSession(process: Process, name = 'bash'): ShellSession {
  const shell = new Shell({ process, executor, name, interactive: false, lineNumbers: false });
  initializeVariables(shell);
  return {
    *run(text) {
      const ended = yield* runGuarded(shell, text);
      shell.status = ended.status;
      return ended;
    },
    end: () => runExitTrap(shell),
  };
}

function* runGuarded(shell: Shell, text: string): Generator<Wait, { status: number; exited: boolean }, void> {
  try {
    return { status: yield* shell.executor.runText(shell, text, { name: shell.name }), exited: false };
  } catch (error) {
    shell.conditionDepth = 0;
    shell.loopDepth = 0;
    if (error instanceof ShellExit) return { status: error.status, exited: true };
    if (error instanceof FunctionReturn) return { status: error.status, exited: false };
    if (error instanceof Interrupted) return { status: 130, exited: false };
    if (error instanceof LoopControl) return { status: 0, exited: false };
    if (error instanceof AllocationError) return { status: 2, exited: true };
    if (!(error instanceof ExpansionError)) throw error;
    yield* shell.printError(error.message);
    return { status: error.status, exited: error.fatal };
  }
}
