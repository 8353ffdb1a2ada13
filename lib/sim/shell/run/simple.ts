import { baseName, type Wait } from '../../os/index.ts';
import { type Builtin, builtins } from '../builtins/table.ts';
import { expandWords } from '../expand/expand.ts';
import type { Shell } from '../shell.ts';
import type { Assignment, Command, Word } from '../syntax/ast.ts';
import { literalText } from '../syntax/tokens.ts';
import { ReadonlyError } from '../variables.ts';
import { assign, expandDeclaration, type PreparedArray } from './assign.ts';
import { execInPlace, fork, waitForeground } from './children.ts';
import { ExpansionError } from './control.ts';
import { findExternal } from './find-command.ts';
import { callFunction } from './function-call.ts';
import { simpleText } from './print.ts';
import { redirect, type Saved } from './redirect.ts';
import { traceLine, traceWord } from './trace.ts';

type Simple = Extract<Command, { type: 'simple' }>;

/** What execve(2) takes in all, in bytes (a quarter of the stack's limit). */
const ARG_MAX = 2_097_152;

/** `exec`: the process is there for this command alone, so an external program takes its place. */
export type How = 'fork' | 'exec';

type Invocation = {
  readonly words: readonly string[];
  readonly arrays: ReadonlyMap<number, PreparedArray>;
  readonly text: string;
};

export function* runSimple(shell: Shell, command: Simple, how: How = 'fork'): Generator<Wait, number, void> {
  shell.line = command.line;
  shell.substitutionStatus = undefined;
  const invocation = yield* expandInvocation(shell, command);
  if (invocation.words.length === 0) return yield* runAssignments(shell, command);
  const saved = yield* redirect(shell, command.redirects);
  if (saved === undefined) return 1;
  shell.lastArgument = invocation.words.at(-1) ?? '';
  if (command.assignments.length === 0) return yield* runRedirected(shell, invocation, saved, how);
  shell.variables.pushScope();
  try {
    for (const assignment of command.assignments) yield* assignTemporarily(shell, assignment);
    return yield* runRedirected(shell, invocation, saved, how);
  } finally {
    shell.variables.popScope();
  }
}

function* expandInvocation(shell: Shell, command: Simple): Generator<Wait, Invocation, void> {
  const [first, ...rest] = command.words;
  const name = first === undefined ? undefined : literalText(first);
  if (
    first !== undefined &&
    name !== undefined &&
    builtins.get(name)?.declares === true &&
    rest.some((word) => word.assignment !== undefined)
  ) {
    const { args, arrays } = yield* expandDeclaration(shell, rest);
    return { words: [name, ...args], arrays, text: simpleText(command) };
  }
  return {
    words: yield* expandWords(shell, command.words as readonly Word[]),
    arrays: new Map(),
    text: simpleText(command),
  };
}

/** Assignments alone change the shell; their status is that of the last command substitution in them. */
function* runAssignments(shell: Shell, command: Simple): Generator<Wait, number, void> {
  for (const assignment of command.assignments) {
    yield* assignOrFail(shell, assignment);
    if (shell.options.has('xtrace')) yield* traceAssignment(shell, assignment);
  }
  const saved = yield* redirect(shell, command.redirects);
  saved?.restore();
  return saved === undefined ? 1 : (shell.substitutionStatus ?? 0);
}

function* assignOrFail(shell: Shell, assignment: Assignment): Generator<Wait, void, void> {
  try {
    yield* assign(shell, assignment);
  } catch (error) {
    if (error instanceof ReadonlyError) throw new ExpansionError(error.message, 1, false);
    throw error;
  }
}

function* traceAssignment(shell: Shell, { name, append, value }: Assignment): Generator<Wait, void, void> {
  const text =
    'array' in value
      ? `(${value.array.map((element) => element.value.text).join(' ')})`
      : traceWord(shell.variables.get(name) ?? '');
  yield* traceLine(
    shell,
    `${name}${append ? '+' : ''}=${'array' in value || shell.variables.get(name) !== '' ? text : ''}`,
  );
}

function* assignTemporarily(shell: Shell, assignment: Assignment): Generator<Wait, void, void> {
  const outer = shell.variables.find(assignment.name);
  if (outer?.readonly === true) throw new ExpansionError(`${assignment.name}: readonly variable`, 1, false);
  const before = assignment.append ? shell.variables.get(assignment.name) : undefined;
  const local = shell.variables.declareLocal(assignment.name);
  local.exported = true;
  if (before !== undefined && local.value === undefined) local.value = before;
  yield* assign(shell, assignment);
  if (shell.options.has('xtrace')) yield* traceAssignment(shell, assignment);
}

function* runRedirected(shell: Shell, invocation: Invocation, saved: Saved, how: How): Generator<Wait, number, void> {
  const { words, arrays } = invocation;
  const name = words[0] as string;
  let keep = false;
  try {
    if (shell.options.has('xtrace')) yield* traceLine(shell, words.map(traceWord).join(' '));
    const definition = shell.functions.get(name);
    if (definition !== undefined) return yield* callFunction(shell, name, words.slice(1), definition);
    const builtin = builtins.get(name);
    if (builtin === undefined) return yield* runExternal(shell, words, how, invocation.text, saved);
    keep = name === 'exec' && words.length === 1;
    return yield* runBuiltin(shell, builtin, words, arrays);
  } finally {
    if (keep) saved.forget();
    else saved.restore();
  }
}

export function* runBuiltin(
  shell: Shell,
  builtin: Builtin,
  words: readonly string[],
  arrays: ReadonlyMap<number, PreparedArray> = new Map(),
): Generator<Wait, number, void> {
  try {
    return yield* builtin.run(shell, words.slice(1), { name: words[0] as string, arrays });
  } catch (error) {
    if (!(error instanceof ReadonlyError)) throw error;
    yield* shell.printError(error.message);
    return 1;
  }
}

/** Runs a program and waits for it, or becomes it. */
export function* runExternal(
  shell: Shell,
  words: readonly string[],
  how: How,
  text: string,
  saved?: Saved,
): Generator<Wait, number, void> {
  const name = words[0] as string;
  const found = findExternal(shell, name);
  if ('message' in found) {
    yield* shell.printError(found.message);
    return found.status;
  }
  if (words.reduce((sum, word) => sum + word.length + 1, 0) > ARG_MAX) {
    yield* shell.printError(`${'script' in found ? found.script : found.path}: Argument list too long`);
    return 126;
  }
  const env = shell.variables.environment();
  env.set('_', 'script' in found ? found.script : found.path);
  if ('script' in found) return yield* runScriptFile(shell, found.script, words, text);
  if (how === 'exec') return yield* execInPlace(shell.process, found, words, env);
  const argv = [...found.argvPrefix, ...words.slice(1)];
  const child = yield* fork(shell, found.program, { argv, env, pgid: groupFor(shell) });
  // Only the child is redirected: what the shell says of its end goes where the shell's own words go.
  saved?.restore();
  child.comm = baseName(found.argvPrefix.length > 1 ? (found.argvPrefix.at(-1) ?? '') : found.path).slice(0, 15);
  return (yield* waitForeground(shell, [child], text))[0] ?? 0;
}

const groupFor = (shell: Shell): number | 'new' => (shell.options.has('monitor') ? 'new' : shell.process.pgid);

/** A file without `#!` runs in a fresh shell: the bash that this one is. */
function* runScriptFile(
  shell: Shell,
  path: string,
  words: readonly string[],
  text: string,
): Generator<Wait, number, void> {
  const bash = shell.process.resolve('/usr/bin/bash');
  if (!bash.ok) {
    yield* shell.printError(`${path}: Exec format error`);
    return 126;
  }
  const env = shell.variables.environment();
  const child = yield* fork(shell, bash.value.program, {
    argv: ['bash', path, ...words.slice(1)],
    env,
    pgid: groupFor(shell),
  });
  return (yield* waitForeground(shell, [child], text))[0] ?? 0;
}
