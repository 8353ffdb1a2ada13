import { baseName, type Completion } from '../os/index.ts';
import { builtins } from './builtins/table.ts';
import type { Shell } from './shell.ts';
import { RESERVED } from './syntax/tokens.ts';

/** What is being completed at the cursor. */
export type CompletionContext = {
  readonly kind: 'command' | 'argument' | 'variable' | 'file';
  /** The words of the simple command so far, the last one (perhaps empty) being completed; quotes removed. */
  readonly words: readonly string[];
  /** Where the last word begins in the line. */
  readonly from: number;
  readonly quote: '' | '"' | "'";
};

/** Candidates for an argument of a command: all that may stand there. undefined: file names. */
export type ArgumentCompleter = (words: readonly string[], shell: Shell) => readonly string[] | undefined;

const completers = new WeakMap<object, ArgumentCompleter>();

/** Gives the machine a source of candidates for the arguments of its commands (their verbs, options, devices). */
export function setArgumentCompleter(machine: object, completer: ArgumentCompleter): void {
  completers.set(machine, completer);
}

const SEPARATORS = /[;&|()\n`]/;
const PREFIX_WORDS = new Set([
  'sudo',
  'time',
  'exec',
  'command',
  'then',
  'do',
  'else',
  'if',
  'while',
  'until',
  'elif',
  '!',
  '{',
  'xargs',
  'watch',
  'nohup',
]);

/** Finds the word at the end of `line` and what stands before it. */
export function completionContext(line: string): CompletionContext {
  let words: { text: string; from: number }[] = [];
  let current: { text: string; from: number } | undefined;
  let quote: '' | '"' | "'" = '';
  let redirected = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (quote === '' && (c === ' ' || c === '\t')) {
      if (current !== undefined) words.push(current);
      if (current !== undefined) redirected = false;
      current = undefined;
    } else if (quote === '' && SEPARATORS.test(c)) {
      words = [];
      current = undefined;
      redirected = false;
    } else if (quote === '' && (c === '<' || c === '>')) {
      current = undefined;
      redirected = true;
    } else {
      current ??= { text: '', from: i };
      if (c === quote) quote = '';
      else if (quote === '' && (c === '"' || c === "'")) quote = c;
      else if (c === '\\' && quote !== "'" && i + 1 < line.length) current.text += line[++i];
      else current.text += c;
    }
  }
  const last = current ?? { text: '', from: line.length };
  const before = words.map((word) => word.text);
  while (before.length > 0 && (/^\w+=/.test(before[0] as string) || PREFIX_WORDS.has(before[0] as string)))
    before.shift();
  const kind =
    /\$\{?\w*$/.test(last.text) && quote !== "'"
      ? 'variable'
      : redirected
        ? 'file'
        : before.length === 0
          ? 'command'
          : 'argument';
  return { kind, words: [...before, last.text], from: last.from, quote };
}

/** Candidates for the word before the cursor, as readline offers them. */
export function complete(shell: Shell, line: string, cursor: number): Completion {
  const context = completionContext(line.slice(0, cursor));
  const word = context.words.at(-1) ?? '';
  if (context.kind === 'variable') return completeVariable(shell, word, context.from, cursor);
  if (context.kind === 'command' && !word.includes('/')) return finish(commandNames(shell), word, context, cursor);
  const arguments_ =
    context.kind === 'argument' ? completers.get(shell.process.machine)?.(context.words, shell) : undefined;
  const matching = arguments_?.filter((candidate) => candidate.startsWith(word)) ?? [];
  if (matching.length > 0) return finish(matching, word, context, cursor);
  return completeFile(shell, word, context, cursor);
}

function finish(candidates: readonly string[], word: string, context: CompletionContext, cursor: number): Completion {
  const matching = [...new Set(candidates)].filter((candidate) => candidate.startsWith(word)).sort();
  return {
    from: context.from,
    to: cursor,
    candidates: matching.map((candidate) => quoteCandidate(candidate, context.quote)),
    suffix: ' ',
  };
}

function commandNames(shell: Shell): string[] {
  const { process } = shell;
  const directories = (shell.variables.get('PATH') ?? '').split(':');
  const files = directories.flatMap((directory) => {
    const names = process.machine.fs.readdir(process.path(directory === '' ? '.' : directory), process);
    return names.ok ? names.value : [];
  });
  return [...builtins.keys(), ...RESERVED, ...shell.functions.keys(), ...shell.aliases.keys(), ...files];
}

function completeVariable(shell: Shell, word: string, from: number, cursor: number): Completion {
  const match = /^([^]*\$\{?)(\w*)$/.exec(word);
  const [, head = '', prefix = ''] = match ?? [];
  const close = head.endsWith('{') ? '}' : '';
  const names = shell.variables
    .all()
    .map(([name]) => name)
    .filter((name) => name.startsWith(prefix));
  return {
    from: Math.max(from, cursor - prefix.length),
    to: cursor,
    candidates: names.map((name) => name + close),
    suffix: '',
  };
}

function completeFile(shell: Shell, word: string, context: CompletionContext, cursor: number): Completion {
  const { process } = shell;
  const { fs } = process.machine;
  const slash = word.lastIndexOf('/') + 1;
  const directory = word.slice(0, slash);
  const home = shell.variables.get('HOME') ?? '/root';
  const real = directory.startsWith('~/') ? home + directory.slice(1) : directory === '' ? '.' : directory;
  const listed = fs.readdir(process.path(real), process);
  const prefix = word.slice(slash);
  const names = (listed.ok ? listed.value : []).filter(
    (name) => name.startsWith(prefix) && (prefix.startsWith('.') || !name.startsWith('.')),
  );
  const candidates = names.map((name) => {
    const stat = fs.stat(process.path(`${real}/${name}`), process);
    return `${directory}${name}${stat.ok && stat.value.kind === 'directory' ? '/' : ''}`;
  });
  const onlyDirectories =
    ['cd', 'rmdir', 'pushd'].includes(baseName(context.words[0] ?? '')) && context.words.length > 1;
  const shown = onlyDirectories ? candidates.filter((candidate) => candidate.endsWith('/')) : candidates;
  const suffix = shown.length === 1 && shown[0]?.endsWith('/') ? '' : ' ';
  return {
    from: context.from,
    to: cursor,
    candidates: shown.map((candidate) => quoteCandidate(candidate, context.quote)),
    suffix,
  };
}

/** A candidate as it must stand in the line: an open quote stays open, else special characters are escaped. */
function quoteCandidate(candidate: string, quote: '' | '"' | "'"): string {
  if (quote !== '') return quote + candidate;
  return candidate.replace(/[\s'"\\$`&|;()<>*?[\]!{}]/g, '\\$&');
}
