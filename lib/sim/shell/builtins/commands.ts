import type { Wait } from '../../os/index.ts';
import { shellQuote } from '../expand/operators.ts';
import { searchPath } from '../run/find-command.ts';
import { functionText } from '../run/print.ts';
import type { Shell } from '../shell.ts';
import { RESERVED } from '../syntax/tokens.ts';
import { type Builtins, parseOptions } from './builtin.ts';

type Run = Generator<Wait, number, void>;
type Names = () => ReadonlySet<string>;

const COMMAND_USAGE = 'command [-pVv] command [arg ...]';
const TYPE_USAGE = 'type [-afptP] name [name ...]';
const HASH_USAGE = 'hash [-lr] [-p pathname] [-dt] [name ...]';

/** What a name means to the shell, in the order in which it looks. */
type Meaning = { readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file'; readonly detail: string };

function meanings(shell: Shell, name: string, builtinNames: Names): Meaning[] {
  const found: Meaning[] = [];
  const alias = shell.shopt.has('expand_aliases') ? shell.aliases.get(name) : undefined;
  if (alias !== undefined) found.push({ kind: 'alias', detail: alias });
  if (RESERVED.has(name)) found.push({ kind: 'keyword', detail: name });
  const definition = shell.functions.get(name);
  if (definition !== undefined) found.push({ kind: 'function', detail: functionText(name, definition.body) });
  if (builtinNames().has(name)) found.push({ kind: 'builtin', detail: name });
  const files = name.includes('/') ? (isExecutable(shell, name) ? [name] : []) : searchPath(shell, name);
  return [...found, ...files.map((detail) => ({ kind: 'file' as const, detail }))];
}

function isExecutable(shell: Shell, path: string): boolean {
  const image = shell.process.machine.fs.executable(shell.process.path(path), shell.process);
  return image.ok;
}

function describe(shell: Shell, name: string, meaning: Meaning): string {
  switch (meaning.kind) {
    case 'alias':
      return `${name} is aliased to \`${meaning.detail}'\n`;
    case 'keyword':
      return `${name} is a shell keyword\n`;
    case 'function':
      return `${name} is a function\n${meaning.detail}`;
    case 'builtin':
      return `${name} is a shell builtin\n`;
    case 'file':
      return shell.hashed.get(name) === meaning.detail
        ? `${name} is hashed (${meaning.detail})\n`
        : `${name} is ${meaning.detail}\n`;
  }
}

function terse(name: string, meaning: Meaning): string {
  if (meaning.kind === 'alias') return `alias ${name}=${shellQuote(meaning.detail)}\n`;
  return meaning.kind === 'file' ? `${meaning.detail}\n` : `${name}\n`;
}

function makeCommand(builtinNames: Names) {
  return function* (shell: Shell, args: readonly string[]): Run {
    const parsed = yield* parseOptions(shell, 'command', COMMAND_USAGE, 'pVv', args);
    if (!parsed.ok) return parsed.status;
    const { operands, flags } = parsed;
    if (operands.length === 0) return 0;
    if (!flags.has('v') && !flags.has('V'))
      return yield* shell.executor.runWords(shell, operands, { functions: false });
    let status = 0;
    for (const name of operands) {
      const [meaning] = meanings(shell, name, builtinNames);
      if (meaning !== undefined)
        yield* shell.process.print(flags.has('V') ? describe(shell, name, meaning) : terse(name, meaning));
      else {
        status = 1;
        if (flags.has('V')) yield* shell.printError(`command: ${name}: not found`);
      }
    }
    return status;
  };
}

function makeType(builtinNames: Names) {
  return function* (shell: Shell, args: readonly string[]): Run {
    const parsed = yield* parseOptions(shell, 'type', TYPE_USAGE, 'afptP', args);
    if (!parsed.ok) return parsed.status;
    const { flags, operands } = parsed;
    let status = 0;
    for (const name of operands) {
      const all = meanings(shell, name, builtinNames).filter((meaning) =>
        flags.has('P') ? meaning.kind === 'file' : !(flags.has('f') && meaning.kind === 'function'),
      );
      const shown = flags.has('a') ? all : all.slice(0, 1);
      if (shown.length === 0) {
        status = 1;
        if (!flags.has('t') && !flags.has('p') && !flags.has('P')) yield* shell.printError(`type: ${name}: not found`);
      }
      for (const meaning of shown) yield* shell.process.print(typeLine(shell, name, meaning, flags));
    }
    return status;
  };
}

function typeLine(shell: Shell, name: string, meaning: Meaning, flags: ReadonlyMap<string, string>): string {
  if (flags.has('t')) return `${meaning.kind}\n`;
  if (flags.has('p') || flags.has('P')) return meaning.kind === 'file' ? `${meaning.detail}\n` : '';
  return describe(shell, name, meaning);
}

function makeBuiltin(builtinNames: Names) {
  return function* (shell: Shell, args: readonly string[]): Run {
    const words = args[0] === '--' ? args.slice(1) : args;
    const [name] = words;
    if (name === undefined) return 0;
    if (builtinNames().has(name)) return yield* shell.executor.runWords(shell, words, { functions: false });
    yield* shell.printError(`builtin: ${name}: not a shell builtin`);
    return 1;
  };
}

function* hash(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'hash', HASH_USAGE, 'lrp:dt', args);
  if (!parsed.ok) return parsed.status;
  if (parsed.flags.has('r')) shell.hashed.clear();
  let status = 0;
  for (const name of parsed.operands) {
    const path = parsed.flags.get('p') ?? searchPath(shell, name)[0];
    if (parsed.flags.has('d')) shell.hashed.delete(name);
    else if (path !== undefined) shell.hashed.set(name, path);
    else {
      yield* shell.printError(`hash: ${name}: not found`);
      status = 1;
    }
  }
  if (args.length > 0) return status;
  const lines = [...shell.hashed.values()].map((path) => `${'1'.padStart(4)}\t${path}\n`);
  yield* shell.process.print(lines.length === 0 ? 'hash: hash table empty\n' : `hits\tcommand\n${lines.join('')}`);
  return 0;
}

const ALIAS_USAGE = 'alias [-p] [name[=value] ... ]';

function* alias(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'alias', ALIAS_USAGE, 'p', args);
  if (!parsed.ok) return parsed.status;
  const show = (name: string, value: string): string => `alias ${name}=${shellQuote(value)}\n`;
  if (parsed.operands.length === 0) {
    const sorted = [...shell.aliases].sort(([a], [b]) => (a < b ? -1 : 1));
    yield* shell.process.print(sorted.map(([name, value]) => show(name, value)).join(''));
  }
  let status = 0;
  for (const operand of parsed.operands) {
    const equals = operand.indexOf('=');
    const value = equals > 0 ? operand.slice(equals + 1) : shell.aliases.get(operand);
    if (equals > 0) shell.aliases.set(operand.slice(0, equals), value ?? '');
    else if (value !== undefined) yield* shell.process.print(show(operand, value));
    else {
      yield* shell.printError(`alias: ${operand}: not found`);
      status = 1;
    }
  }
  return status;
}

function* unalias(shell: Shell, args: readonly string[]): Run {
  const usage = 'unalias [-a] name [name ...]';
  const parsed = yield* parseOptions(shell, 'unalias', usage, 'a', args);
  if (!parsed.ok) return parsed.status;
  if (parsed.flags.has('a')) shell.aliases.clear();
  let status = 0;
  for (const name of parsed.operands) {
    if (shell.aliases.delete(name)) continue;
    yield* shell.printError(`unalias: ${name}: not found`);
    status = 1;
  }
  return status;
}

/** Builtins that ask which builtins there are. */
export const commandBuiltins = (builtinNames: Names): Builtins => ({
  command: { usage: COMMAND_USAGE, run: makeCommand(builtinNames) },
  type: { usage: TYPE_USAGE, run: makeType(builtinNames) },
  builtin: { usage: 'builtin [shell-builtin [arg ...]]', run: makeBuiltin(builtinNames) },
  hash: { usage: HASH_USAGE, run: hash },
  alias: { usage: ALIAS_USAGE, run: alias, declares: true },
  unalias: { usage: 'unalias [-a] name [name ...]', run: unalias },
});
