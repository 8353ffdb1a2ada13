import { parameterError, sessionError, type Verb } from './refusal.ts';

/** Options that stand anywhere on the line. */
export type Environment = {
  readonly output: 'plain' | 'save' | 'xml';
  readonly sorted: boolean;
  readonly quiet: boolean;
  readonly resolve: boolean;
  readonly exist: boolean;
  readonly names: boolean;
  readonly terse: boolean;
  readonly file: string | undefined;
};

export type CommandLine = {
  readonly env: Environment;
  readonly verb: Verb;
  readonly first: string | undefined;
  readonly second: string | undefined;
  readonly rest: readonly string[];
};

type Arguments = 'none' | 'optional' | 'one' | 'two';

/** In the order in which abbreviations are tried: `d` is del, `l` is list. */
const VERBS: readonly (readonly [verb: Verb, names: readonly string[], takes: Arguments])[] = [
  ['create', ['create', 'new', '-N'], 'two'],
  ['add', ['add', '-A'], 'two'],
  ['del', ['del', '-D'], 'two'],
  ['test', ['test', '-T'], 'two'],
  ['destroy', ['destroy', 'x', '-X'], 'optional'],
  ['list', ['list', '-L'], 'optional'],
  ['save', ['save', '-S'], 'optional'],
  ['restore', ['restore', '-R'], 'none'],
  ['flush', ['flush', '-F'], 'optional'],
  ['rename', ['rename', 'e', '-E'], 'two'],
  ['swap', ['swap', 'w', '-W'], 'two'],
  ['help', ['help', '-h', '-H'], 'optional'],
  ['version', ['version', '-v', '-V'], 'none'],
  ['quit', ['quit'], 'none'],
];

const isOption = (word: string, ...names: string[]): boolean =>
  names.includes(word.startsWith('--') ? word.slice(1) : word);

/** ipset_parse_argv(): options of the whole line first, then the command and its one or two words. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const { env, left } = takeEnvironment(words);
  const [word, ...after] = left;
  if (word === undefined) throw parameterError('No command specified.');
  const found = VERBS.find(([, names]) => isVerb(word, names));
  if (found === undefined) throw parameterError(`No command specified: unknown argument ${word}`);
  const [verb, , takes] = found;
  if (takes === 'none') return { env, verb, first: undefined, second: undefined, rest: after };
  const [first, ...more] = after;
  if (takes === 'optional') return { env, verb, first, second: undefined, rest: more };
  if (first === undefined) throw parameterError(`Missing mandatory argument to command ${verb}`);
  const [second, ...rest] = more;
  if (takes === 'two' && second === undefined)
    throw parameterError(`Missing second mandatory argument to command ${verb}`);
  return { env, verb, first, second, rest };
}

/** Any beginning of a command's name; two dashes before it are ignored. */
function isVerb(word: string, names: readonly string[]): boolean {
  const bare = word.startsWith('--') ? word.slice(2) : word;
  return bare !== '' && word !== '-' && names.some((name) => name.startsWith(bare));
}

function takeEnvironment(words: readonly string[]): { env: Environment; left: string[] } {
  const left = [...words];
  const flag = (...names: string[]): boolean => {
    const before = left.length;
    for (let i = left.length - 1; i >= 0; i--) if (isOption(left[i] as string, ...names)) left.splice(i, 1);
    return left.length < before;
  };
  const value = (...names: string[]): string | undefined => {
    const at = left.findIndex((word) => isOption(word, ...names));
    if (at < 0) return undefined;
    if (at + 1 >= left.length) throw parameterError(`Missing mandatory argument to option ${names[0]}`);
    return left.splice(at, 2)[1];
  };
  const output = value('-o', '-output') ?? 'plain';
  if (output !== 'plain' && output !== 'save' && output !== 'xml')
    throw sessionError(`Syntax error: unknown output mode '${output}'`);
  const env = {
    output,
    sorted: flag('-s', '-sorted'),
    quiet: flag('-q', '-quiet'),
    resolve: flag('-r', '-resolve'),
    exist: flag('-!', '-exist'),
    names: flag('-n', '-name'),
    terse: flag('-t', '-terse'),
    file: value('-f', '-file'),
  } as const;
  return { env, left };
}

/** A line of `ipset restore`: blanks separate, double quotes hold together. */
export function splitLine(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  for (const c of line) {
    if (c === '"') quoted = !quoted;
    else if (/\s/.test(c) && !quoted) {
      if (word !== '') words.push(word);
      word = '';
    } else word += c;
  }
  if (quoted) throw parameterError('Missing close quote!');
  if (word !== '') words.push(word);
  return words;
}
