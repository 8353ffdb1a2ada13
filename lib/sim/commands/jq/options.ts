import { strerror } from '../../base/index.ts';
import { decodeText, type Process } from '../../os/index.ts';
import type { Json } from './values/json.ts';
import { wellFormed } from './values/json.ts';
import { JsonError, JsonParser, parseJson } from './values/parse.ts';

export type Settings = {
  /** undefined: none was given. */
  program: string | undefined;
  fromFile: boolean;
  files: string[];
  positional: Json[];
  named: Map<string, Json>;
  raw: boolean;
  slurp: boolean;
  nullInput: boolean;
  rawOutput: boolean;
  noNewline: boolean;
  ascii: boolean;
  sorted: boolean;
  exitStatus: boolean;
  sequence: boolean;
  unbuffered: boolean;
  colour: boolean | undefined;
  indent: string | undefined;
};

/** What ends the program before it runs: text for standard error, or output, with the exit status. */
export class Ending {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly output = '',
  ) {}
}

/** An option that the real one has and this one lacks. */
export class Missing {
  constructor(readonly option: string) {}
}

const HELP = `Use jq --help for help with command-line options,
or see the jq manpage, or online docs  at https://stedolan.github.io/jq
`;

const refuse = (message: string): never => {
  throw new Ending(2, `${message}\n${HELP}`);
};

const FLAGS: Readonly<Record<string, (settings: Settings) => void>> = {
  s: (settings) => (settings.slurp = true),
  r: (settings) => (settings.rawOutput = true),
  c: (settings) => (settings.indent = undefined),
  C: (settings) => (settings.colour = true),
  M: (settings) => (settings.colour = false),
  a: (settings) => (settings.ascii = true),
  S: (settings) => (settings.sorted = true),
  R: (settings) => (settings.raw = true),
  n: (settings) => (settings.nullInput = true),
  f: (settings) => (settings.fromFile = true),
  j: (settings) => {
    settings.rawOutput = true;
    settings.noNewline = true;
  },
  e: (settings) => (settings.exitStatus = true),
  h: () => {
    throw new Ending(0, '', 'help');
  },
  V: () => {
    throw new Ending(0, '', 'jq-1.6\n');
  },
};

const LONG: Readonly<Record<string, string>> = {
  slurp: 's',
  'raw-output': 'r',
  'compact-output': 'c',
  'color-output': 'C',
  'monochrome-output': 'M',
  'ascii-output': 'a',
  'sort-keys': 'S',
  'raw-input': 'R',
  'null-input': 'n',
  'from-file': 'f',
  'join-output': 'j',
  'exit-status': 'e',
  help: 'h',
  version: 'V',
};

/** Not simulated: streams of incomplete values, modules, and what helps to debug jq itself. */
const MISSING = [
  '--stream',
  '--stream-errors',
  '--debug-dump-disasm',
  '--debug-trace',
  '--debug-trace=all',
  '--run-tests',
];

/**
 * jq's own reading of its command line: options may stand anywhere, letters may be joined, and the first word that is no
 * option is the program.
 *
 * @throws Ending, Missing
 */
export function readOptions(process: Process): Settings {
  const settings: Settings = {
    program: undefined,
    fromFile: false,
    files: [],
    positional: [],
    named: new Map(),
    raw: false,
    slurp: false,
    nullInput: false,
    rawOutput: false,
    noNewline: false,
    ascii: false,
    sorted: false,
    exitStatus: false,
    sequence: false,
    unbuffered: false,
    colour: undefined,
    indent: '  ',
  };
  new OptionReader(process, settings).all();
  return settings;
}

class OptionReader {
  readonly #args: readonly string[];
  #at = 0;
  #rest: 'files' | 'args' | 'jsonargs' = 'files';

  constructor(
    private readonly process: Process,
    private readonly settings: Settings,
  ) {
    this.#args = process.argv.slice(1);
  }

  all(): void {
    let options = true;
    for (; this.#at < this.#args.length; this.#at++) {
      const arg = this.#args[this.#at] as string;
      if (options && arg === '--') {
        if (this.settings.program === undefined) throw new Ending(2, 'usage');
        options = false;
      } else if (options && /^-(-|[A-Za-z])/.test(arg)) this.#option(arg);
      else this.#operand(arg, options);
    }
  }

  #operand(arg: string, mayBeProgram: boolean): void {
    const { settings } = this;
    if (settings.program === undefined && mayBeProgram) settings.program = arg;
    else if (this.#rest === 'files') settings.files.push(arg);
    else if (this.#rest === 'args') settings.positional.push(wellFormed(arg));
    else settings.positional.push(jsonOf(arg) ?? refuse('jq: invalid JSON text passed to --jsonargs'));
  }

  #option(arg: string): void {
    if (MISSING.includes(arg) || arg.startsWith('-L'))
      throw new Missing(arg.slice(0, arg.startsWith('-L') ? 2 : undefined));
    if (!arg.startsWith('--')) {
      const letters = [...arg.slice(1)];
      for (const letter of letters) FLAGS[letter]?.(this.settings);
      if (letters.some((letter) => FLAGS[letter] === undefined)) refuse(`jq: Unknown option ${arg}`);
      return;
    }
    const name = arg.slice(2);
    const letter = LONG[name];
    if (letter !== undefined) FLAGS[letter]?.(this.settings);
    else if (!this.#special(name)) refuse(`jq: Unknown option ${arg}`);
  }

  #special(name: string): boolean {
    switch (name) {
      case 'args':
      case 'jsonargs':
        this.#rest = name;
        return true;
      case 'unbuffered':
        this.settings.unbuffered = true;
        return true;
      case 'seq':
        this.settings.sequence = true;
        return true;
      case 'tab':
        this.settings.indent = '\t';
        return true;
      case 'indent':
        this.#indent();
        return true;
      case 'arg':
      case 'argjson':
        this.#variable(name);
        return true;
      case 'argfile':
      case 'slurpfile':
      case 'rawfile':
        this.#fileVariable(name);
        return true;
      default:
        return false;
    }
  }

  #indent(): void {
    const value = this.#args[++this.#at];
    if (value === undefined) return refuse('jq: --indent takes one parameter');
    const width = Number.parseInt(value, 10) || 0;
    if (width < -1 || width > 7) refuse('jq: --indent takes a number between -1 and 7');
    this.settings.indent = width === 0 ? undefined : ' '.repeat(width < 0 ? 7 : width);
  }

  /** The two words behind the option; the first of two values for one name counts. */
  #pair(name: string, what: string): [string, string] {
    const [variable, value] = this.#args.slice(this.#at + 1, this.#at + 3);
    if (variable === undefined || value === undefined) {
      return refuse(`jq: --${name} takes two parameters (e.g. --${name} varname ${what})`);
    }
    this.#at += 2;
    return [variable, value];
  }

  #set(variable: string, value: Json): void {
    if (!this.settings.named.has(variable)) this.settings.named.set(variable, value);
  }

  #variable(name: 'arg' | 'argjson'): void {
    const [variable, text] = this.#pair(name, name === 'arg' ? 'value' : 'text');
    if (name === 'arg') return this.#set(variable, wellFormed(text));
    const value = jsonOf(text);
    if (value === undefined) refuse('jq: invalid JSON text passed to --argjson');
    else this.#set(variable, value);
  }

  #fileVariable(name: 'argfile' | 'slurpfile' | 'rawfile'): void {
    const [variable, path] = this.#pair(name, 'filename');
    const bad = (why: string) => new Ending(2, `jq: Bad JSON in --${name} ${variable} ${path}: ${why}\n`);
    const file = this.process.machine.fs.readFile(this.process.path(path), this.process);
    if (!file.ok) throw bad(`Could not open ${path}: ${strerror(file.error.errno)}`);
    if (name === 'rawfile') return this.#set(variable, wellFormed(decodeText(file.value)));
    try {
      const values = allValues(file.value);
      this.#set(variable, name === 'argfile' && values.length === 1 ? (values[0] as Json) : values);
    } catch (error) {
      throw error instanceof JsonError ? bad(error.message) : error;
    }
  }
}

function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text, new TextEncoder().encode(text));
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function allValues(bytes: Uint8Array): Json[] {
  const parser = new JsonParser();
  parser.feed(bytes, false);
  const values: Json[] = [];
  for (let value = parser.next(); value !== undefined; value = parser.next()) values.push(value);
  return values;
}
