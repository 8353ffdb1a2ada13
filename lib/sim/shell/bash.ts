import { strerror } from '../base/index.ts';
import { baseName, decodeText, isTty, type Process, type Program, type Wait } from '../os/index.ts';
import { runInteractive } from './interactive.ts';
import { SET_OPTIONS, type SetOption, SHOPT_OPTIONS } from './options.ts';
import { ExpansionError } from './run/control.ts';
import { executor } from './run/executor.ts';
import { runToEnd } from './run/pipeline.ts';
import { runText, runTopText } from './run/text.ts';
import { readScript } from './script-input.ts';
import { initializeVariables } from './setup.ts';
import { Shell } from './shell.ts';
import type { SimpleCommand } from './syntax/ast.ts';
import { Parser } from './syntax/parser.ts';

/** What bash's command line asks for. */
type Invocation = {
  readonly command: string | undefined;
  readonly options: ReadonlyMap<SetOption, boolean>;
  readonly shopt: ReadonlyMap<string, boolean>;
  readonly interactive: boolean;
  readonly readsInput: boolean;
  readonly operands: readonly string[];
};

/**
 * bash(1): `bash`, `bash -c COMMAND [NAME ARGS]`, `bash SCRIPT ARGS`, `bash -s ARGS`, with the options of `set`. Interactive
 * when input and errors are a terminal and there is no script.
 */
export const bash: Program = function* (process) {
  const name = process.argv[0] ?? 'bash';
  const invocation = parseInvocation(process.argv.slice(1));
  if ('problem' in invocation) {
    yield* process.printError(`${name}: ${invocation.problem}\n`);
    return 2;
  }
  if ('print' in invocation) {
    yield* process.print(invocation.print);
    return 0;
  }
  const shell = makeShell(process, name, invocation);
  return yield* runToEnd(shell, (child) => runInvocation(child, invocation));
};

const onTerminal = (process: Process): boolean => isTty(process.fds.get(0)) && isTty(process.fds.get(2));

function makeShell(process: Process, name: string, invocation: Invocation): Shell {
  const isScript = invocation.command === undefined && !invocation.readsInput && invocation.operands.length > 0;
  const interactive = invocation.interactive || (invocation.command === undefined && !isScript && onTerminal(process));
  const argv0 =
    invocation.command === undefined
      ? isScript
        ? (invocation.operands[0] as string)
        : name
      : (invocation.operands[0] ?? name);
  const shell = new Shell({ process, executor, name: argv0, interactive });
  shell.positional = invocation.operands.slice(invocation.readsInput && invocation.command === undefined ? 0 : 1);
  initializeVariables(shell);
  for (const [option, on] of invocation.options) {
    if (on) shell.options.add(option);
    else shell.options.delete(option);
  }
  for (const known of SHOPT_OPTIONS) {
    const on = invocation.shopt.get(known);
    if (on === true) shell.shopt.add(known);
    else if (on === false) shell.shopt.delete(known);
  }
  if (baseName(name) === 'sh') shell.options.add('posix');
  return shell;
}

function* runInvocation(shell: Shell, invocation: Invocation): Generator<Wait, number, void> {
  if (invocation.command !== undefined) return yield* runCommandString(shell, invocation.command);
  if (shell.interactive) return yield* runInteractive(shell);
  const [script] = invocation.readsInput ? [] : invocation.operands;
  if (script === undefined) return yield* readScript(shell);
  const content = scriptContent(shell, script);
  if (typeof content === 'string') return yield* runText(shell, content, { name: shell.name });
  yield* shell.process.printError(`bash: ${content.message}\n`);
  return content.status;
}

/** `bash -c 'command args'`: the one command takes the shell's place, so that no shell waits for it. */
function* runCommandString(shell: Shell, text: string): Generator<Wait, number, void> {
  const only = onlyCommand(text);
  if (only === undefined) return yield* runTopText(shell, text, { name: `${shell.name}: -c` });
  try {
    return yield* shell.executor.runLast(shell, only);
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    yield* shell.printError(error.message);
    return error.status;
  }
}

function onlyCommand(text: string): SimpleCommand | undefined {
  try {
    let unclosed = false;
    const parser = new Parser(text, { onUnclosedHereDocument: () => (unclosed = true) });
    const [item, ...more] = parser.next()?.items ?? [];
    const last = parser.next();
    if (
      unclosed ||
      item === undefined ||
      more.length > 0 ||
      last !== undefined ||
      item.background ||
      item.list.rest.length > 0
    )
      return undefined;
    const { commands, negated, timed } = item.list.first;
    const [command] = commands;
    return commands.length === 1 && !negated && timed === 'no' && command?.type === 'simple' ? command : undefined;
  } catch {
    return undefined;
  }
}

function scriptContent(shell: Shell, script: string): string | { readonly message: string; readonly status: number } {
  const { process } = shell;
  const content = process.machine.fs.readFile(process.path(script), process);
  if (content.ok) {
    if (content.value.subarray(0, 80).includes(0))
      return { message: `${script}: cannot execute binary file`, status: 126 };
    return decodeText(content.value);
  }
  const { errno } = content.error;
  return errno === 'EISDIR'
    ? { message: `${script}: Is a directory`, status: 126 }
    : { message: `${script}: ${strerror(errno)}`, status: errno === 'ENOENT' ? 127 : 126 };
}

const VERSION_TEXT = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`;

/** Long options that change nothing here. */
const IGNORED = new Set(['--login', '--noprofile', '--norc', '--noediting', '--posix', '--restricted', '--verbose']);

function parseInvocation(
  args: readonly string[],
): Invocation | { readonly problem: string } | { readonly print: string } {
  const options = new Map<SetOption, boolean>();
  const shopt = new Map<string, boolean>();
  let takesCommand = false;
  let interactive = false;
  let readsInput = false;
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--' || arg === '-') {
      i++;
      break;
    }
    if (arg === '--version') return { print: VERSION_TEXT };
    if (IGNORED.has(arg)) continue;
    if (arg.startsWith('--')) return { problem: `${arg}: invalid option` };
    if (!/^[-+]./.test(arg)) break;
    const on = arg.startsWith('-');
    for (const letter of arg.slice(1)) {
      if (letter === 'c') takesCommand = true;
      else if (letter === 'i') interactive = true;
      else if (letter === 's') readsInput = true;
      else if (letter === 'o' || letter === 'O') {
        const name = args[++i];
        if (letter === 'O' && name !== undefined) shopt.set(name, on);
        else if (name !== undefined && name in SET_OPTIONS) options.set(name as SetOption, on);
        else return { problem: `${name ?? ''}: invalid option name` };
      } else if (letter !== 'l') {
        const option = (Object.keys(SET_OPTIONS) as SetOption[]).find((one) => SET_OPTIONS[one] === letter);
        if (option === undefined) return { problem: `${arg[0]}${letter}: invalid option` };
        options.set(option, on);
      }
    }
  }
  if (!takesCommand) return { command: undefined, options, shopt, interactive, readsInput, operands: args.slice(i) };
  const command = args[i];
  if (command === undefined) return { problem: '-c: option requires an argument' };
  return { command, options, shopt, interactive, readsInput, operands: args.slice(i + 1) };
}
