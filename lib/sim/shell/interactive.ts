import { isTty, type Tty, type Wait } from '../os/index.ts';
import { complete } from './complete.ts';
import { expandHistory } from './history.ts';
import { promptText } from './prompt.ts';
import { ExpansionError, FunctionReturn, Interrupted, LoopControl, ShellExit } from './run/control.ts';
import { reportChanges } from './run/job-messages.ts';
import { syntaxMessage } from './run/text.ts';
import { restoreDefault, runPendingTraps } from './run/traps.ts';
import type { Shell } from './shell.ts';
import type { Script } from './syntax/ast.ts';
import { Parser } from './syntax/parser.ts';
import { IncompleteError, ShellSyntaxError } from './syntax/source.ts';

/** How many lines `history` remembers. */
const HISTORY_SIZE = 500;

/**
 * The loop of a shell that a person talks to. It says on the terminal that it waits for a command (`tty.prompt`); whoever
 * holds the keyboard draws the prompt, edits the line and enters it.
 */
export function* runInteractive(shell: Shell): Generator<Wait, number, void> {
  const { process } = shell;
  const tty = isTty(process.fds.get(0)) ? (process.fds.get(0) as Tty) : undefined;
  for (const signal of ['INT', 'QUIT', 'TERM', 'TSTP', 'TTIN', 'TTOU'] as const) restoreDefault(shell, signal);
  if (tty === undefined) shell.options.delete('monitor');
  else tty.foreground = process.pgid;
  for (;;) {
    yield* reportChanges(shell);
    yield* runPendingTraps(shell);
    const text = yield* readCommand(shell, tty);
    if (text === 'interrupted') continue;
    if (text === 'end') {
      yield* process.printError('exit\n');
      shell.commandCount++;
      if (yield* shell.warnOfStoppedJobs()) continue;
      return shell.status;
    }
    shell.commandCount++;
    yield* runLines(shell, text);
  }
}

/** One command, which may take several lines. A block that was entered as a whole is one text. */
function* readCommand(shell: Shell, tty: Tty | undefined): Generator<Wait, string | 'interrupted' | 'end', void> {
  let text = '';
  for (;;) {
    const line = yield* readLine(shell, tty, text === '' ? 'PS1' : 'PS2');
    if (shell.interrupted) {
      shell.interrupted = false;
      shell.status = 130;
      return 'interrupted';
    }
    if (line === undefined && text === '') return 'end';
    if (line !== undefined && (shell.options.has('histexpand') || line === '')) {
      const expanded = expandHistory(line, shell.history);
      if (expanded.problem !== undefined) {
        yield* shell.process.printError(`bash: ${expanded.problem}\n`);
        return 'interrupted';
      }
      if (expanded.changed) yield* shell.process.printError(`${expanded.line}\n`);
      text += `${expanded.line}\n`;
    }
    if (line === undefined || !isIncomplete(shell, text)) {
      remember(shell, text);
      return text;
    }
  }
}

function isIncomplete(shell: Shell, text: string): boolean {
  const parser = new Parser(text, parserOptions(shell));
  try {
    while (parser.next() !== undefined);
    return /(^|[^\\])(\\\\)*\\\n$/.test(text);
  } catch (error) {
    return error instanceof IncompleteError;
  }
}

const parserOptions = (shell: Shell) => ({
  mayContinue: true,
  extglob: () => shell.shopt.has('extglob'),
  alias: (name: string) => (shell.shopt.has('expand_aliases') ? shell.aliases.get(name) : undefined),
});

/** A line that begins with a blank, or says the same again, is kept out as Debian's HISTCONTROL=ignoreboth keeps it out. */
function remember(shell: Shell, text: string): void {
  const entry = text.replace(/\n+$/, '');
  if (entry.trim() === '' || entry.startsWith(' ') || entry === shell.history.at(-1)) return;
  shell.history.push(entry);
  if (shell.history.length > HISTORY_SIZE) shell.history.shift();
}

function* readLine(shell: Shell, tty: Tty | undefined, kind: 'PS1' | 'PS2'): Generator<Wait, string | undefined, void> {
  const text = yield* promptText(shell, kind);
  if (tty === undefined) {
    yield* shell.process.printError(text);
    return yield* shell.process.readLine(0);
  }
  tty.foreground = shell.process.pgid;
  tty.prompt = {
    text,
    continuation: kind === 'PS2',
    history: shell.history,
    complete: (line, cursor) => complete(shell, line, cursor),
  };
  try {
    return yield* shell.process.readLine(0);
  } finally {
    tty.prompt = undefined;
  }
}

/** Runs the commands of a text; what goes wrong in one drops the rest of it and leaves the shell. */
function* runLines(shell: Shell, text: string): Generator<Wait, void, void> {
  const parser = new Parser(text, { ...parserOptions(shell), mayContinue: false });
  try {
    for (let script = parser.next(); script !== undefined; script = parser.next()) yield* runOne(shell, script);
  } catch (error) {
    yield* afterFailure(shell, error);
  }
}

function* runOne(shell: Shell, script: Script): Generator<Wait, void, void> {
  shell.line = 1;
  shell.status = yield* shell.executor.runScript(shell, script);
}

function* afterFailure(shell: Shell, error: unknown): Generator<Wait, void, void> {
  shell.conditionDepth = 0;
  shell.loopDepth = 0;
  if (error instanceof ShellExit) throw error;
  if (error instanceof Interrupted) shell.status = 130;
  else if (error instanceof LoopControl || error instanceof FunctionReturn) shell.status = 0;
  else if (error instanceof ExpansionError) {
    yield* shell.printError(error.message);
    shell.status = error.fatal ? 1 : error.status;
  } else {
    const message =
      error instanceof IncompleteError || error instanceof ShellSyntaxError
        ? syntaxMessage(error, 'bash', false)
        : undefined;
    if (message === undefined) throw error;
    yield* shell.process.printError(message);
    shell.status = 2;
  }
}
