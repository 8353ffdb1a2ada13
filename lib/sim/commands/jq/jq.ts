import { strerror } from '../../base/index.ts';
import { decodeText, Exit, isTty, type Process, type Wait } from '../../os/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import type { Host } from './builtins/natives.ts';
import { Input } from './input.ts';
import { Ending, Missing, readOptions, type Settings } from './options.ts';
import { Output } from './output.ts';
import { compileProgram } from './program.ts';
import { type Code, Machine } from './run/machine.ts';
import { HELP_OPTIONS, USAGE } from './usage.ts';
import { OutOfMemory, Raised } from './values/error.ts';
import type { Json } from './values/json.ts';
import { JsonError } from './values/parse.ts';
import { type Colours, DEFAULT_COLOURS, print, type Style, toJson } from './values/print.ts';

/** jq 1.6, as Debian 12 has it. */
export const jq: CommandSpec = {
  name: 'jq',
  path: '/usr/bin/jq',
  summary: 'Command-line JSON processor',
  options: [
    option('-s --slurp', 'read all inputs into an array and give that to the program'),
    option('-n --null-input', 'give null to the program and read no input'),
    option('-R --raw-input', 'read lines as strings instead of JSON texts'),
    option('-r --raw-output', 'print strings as they are, not as JSON texts'),
    option('-j --join-output', 'as -r, without a newline after each output'),
    option('-c --compact-output', 'print each output in one line'),
    option('-a --ascii-output', 'print only ASCII characters'),
    option('-S --sort-keys', 'print the keys of objects in order'),
    option('-C --color-output', 'print in colours even when the output is no terminal'),
    option('-M --monochrome-output', 'print without colours'),
    option('-e --exit-status', 'the exit status tells whether the last output was false or null'),
    option('-f --from-file', 'read the program from a file'),
    option('-h --help', 'print help'),
    option('-V --version', 'print the version'),
    option('--tab', 'indent with tabs'),
    option('--indent', 'indent with so many blanks', 'N'),
    option('--unbuffered', 'write each output at once'),
    option('--seq', 'print the ASCII character RS before each output'),
    option('--arg', 'set a variable to a string', 'NAME VALUE'),
    option('--argjson', 'set a variable to a JSON value', 'NAME JSON'),
    option('--slurpfile', 'set a variable to an array of the JSON texts of a file', 'NAME FILE'),
    option('--rawfile', 'set a variable to the text of a file', 'NAME FILE'),
    option('--argfile', 'set a variable to the JSON text of a file', 'NAME FILE'),
    option('--args', 'what follows are strings for $ARGS.positional'),
    option('--jsonargs', 'what follows are JSON texts for $ARGS.positional'),
    missing('--stream', 'give the program the parts of each input one by one'),
    missing('-L', 'look for modules in a folder', 'DIRECTORY'),
  ],
  run,
};

/** Why the program ended early: `halt`, `halt_error`. */
class Halt {
  constructor(
    readonly status: number,
    readonly message: Json | undefined,
  ) {}
}

function* run(process: Process): Generator<Wait, number, void> {
  try {
    return yield* new Jq(process, readOptions(process)).run();
  } catch (error) {
    if (error instanceof Missing) return yield* notSimulated(process, 'jq', error.option);
    if (!(error instanceof Ending)) throw error;
    yield* process.printError(
      error.error === 'usage' ? `${USAGE}For a listing of options, use jq --help.\n` : error.error,
    );
    yield* process.print(error.output === 'help' ? USAGE + HELP_OPTIONS : error.output);
    return error.status;
  }
}

const NO_OUTPUT = 14;
const FALSE_OUTPUT = 11;

class Jq {
  readonly #input: Input;
  readonly #output: Output;
  readonly #style: Style;

  constructor(
    private readonly process: Process,
    private readonly settings: Settings,
  ) {
    this.#input = new Input(process, settings.files, settings);
    this.#output = new Output(process, settings.unbuffered || isTerminal(process, 1));
    const { indent, sorted, ascii } = settings;
    const colours = (settings.colour ?? isTerminal(process, 1)) ? coloursOf(process) : undefined;
    this.#style = { sorted, ascii, ...(indent !== undefined && { indent }), ...(colours !== undefined && { colours }) };
  }

  *run(): Generator<Wait, number, void> {
    const compiled = compileProgram(this.#source(), this.#variables(), this.#host());
    if ('missing' in compiled) return yield* notSimulated(this.process, 'jq', compiled.missing);
    if ('errors' in compiled) {
      yield* this.process.printError(compiled.errors);
      return 3;
    }
    const status = yield* this.#guarded(compiled.code);
    return (yield* this.#output.end()) ? status : 2;
  }

  *#guarded(code: Code): Generator<Wait, number, void> {
    const { settings } = this;
    const status = settings.nullInput ? yield* this.#process(code, null) : yield* this.#all(code);
    if (this.#input.failures > 0) return 2;
    if (status < 10) return status;
    return settings.exitStatus ? status - 10 : 0;
  }

  /** What was given, or `.` where there is no terminal to type into. */
  #source(): string {
    const { program, fromFile } = this.settings;
    if (program === undefined) {
      const terminal = [0, 1].every((fd) => isTerminal(this.process, fd));
      if (terminal) throw new Ending(2, 'usage');
      return '.';
    }
    if (!fromFile) return program;
    const file = this.process.machine.fs.readFile(this.process.path(program), this.process);
    if (!file.ok) throw new Ending(2, `jq: Could not open ${program}: ${strerror(file.error.errno)}\n`);
    return decodeText(file.value);
  }

  #variables(): Map<string, Json> {
    const { named, positional } = this.settings;
    const variables = new Map<string, Json>(named);
    variables.set(
      'ARGS',
      new Map<string, Json>([
        ['positional', positional],
        ['named', named],
      ]),
    );
    variables.set('ENV', new Map(this.process.env));
    return variables;
  }

  #host(): Host {
    const { machine } = this.process;
    const input = this.#input;
    return {
      now: () => (machine.epoch + machine.events.now) / 1e6,
      inputName: () => input.name ?? null,
      inputLine: () => input.line,
      steps: {
        '_input/0': (engine) => {
          engine.request = () => this.#nextInput(engine);
        },
        'debug/0': (engine) => {
          engine.request = () => this.#debug(engine);
        },
        'stderr/0': (engine) => {
          const value = engine.stack?.value ?? null;
          engine.request = () => this.process.printError(print(value, {}));
        },
        'halt/0': () => {
          throw new Halt(0, undefined);
        },
        'halt_error/1': (engine) => {
          const message = engine.pop();
          const status = engine.pop();
          if (typeof status !== 'number') throw new Raised('halt_error/1: number required');
          throw new Halt(Math.trunc(status), message);
        },
      },
    };
  }

  *#nextInput(engine: Machine): Generator<Wait, void, void> {
    engine.pop();
    const value = yield* this.#take();
    if (value === undefined) throw new Raised('break');
    engine.push(value);
  }

  /** A text that is no JSON is an error that the program may catch. */
  *#take(): Generator<Wait, Json | undefined, void> {
    try {
      return yield* this.#input.next();
    } catch (error) {
      throw error instanceof JsonError ? new Raised(error.message) : error;
    }
  }

  *#debug(engine: Machine): Generator<Wait, void, void> {
    const { indent: _, ...style } = this.#style;
    yield* this.process.printError(`${print(['DEBUG:', engine.stack?.value ?? null], style)}\n`);
  }

  *#all(code: Code): Generator<Wait, number, void> {
    let status = 0;
    while (this.#input.failures === 0) {
      try {
        const value = yield* this.#input.next();
        if (value === undefined) break;
        status = yield* this.#process(code, value);
      } catch (error) {
        if (!(error instanceof JsonError)) throw error;
        yield* this.process.printError(`parse error: ${error.message}\n`);
        return 4;
      }
    }
    return status;
  }

  /** Runs the program once. */
  *#process(code: Code, input: Json): Generator<Wait, number, void> {
    const machine = new Machine({ code, frame: undefined }, input);
    let status = NO_OUTPUT;
    try {
      for (let output = yield* machine.next(); output !== undefined; output = yield* machine.next()) {
        yield* this.#output.write(this.#text(output));
        const raw = this.settings.rawOutput && typeof output === 'string';
        status = !raw && (output === null || output === false) ? FALSE_OUTPUT : 0;
      }
      return status;
    } catch (error) {
      return yield* this.#ended(error);
    }
  }

  #text(output: Json): string {
    const { settings } = this;
    const end = settings.noNewline ? '' : '\n';
    if (settings.rawOutput && typeof output === 'string') {
      return (settings.ascii ? print(output, { ascii: true }) : output) + end;
    }
    return `${settings.sequence ? '\x1e' : ''}${print(output, this.#style)}${end}`;
  }

  *#ended(error: unknown): Generator<Wait, number, void> {
    if (error instanceof Halt) {
      if (typeof error.message === 'string') yield* this.process.printError(error.message);
      else if (error.message !== undefined && error.message !== null) {
        yield* this.process.printError(`${toJson(error.message)}\n`);
      }
      yield* this.#output.end();
      throw new Exit(error.status);
    }
    if (error instanceof Raised) {
      const { position } = this.#input;
      const text =
        typeof error.value === 'string'
          ? `jq: error (at ${position}): ${error.value}\n`
          : `jq: error (at ${position}) (not a string): ${toJson(error.value)}\n`;
      yield* this.process.printError(text);
      return 5;
    }
    if (!(error instanceof OutOfMemory)) throw error;
    yield* this.process.printError('jq: error: cannot allocate memory\n');
    this.process.kill('ABRT');
    yield {};
    return 134;
  }
}

const isTerminal = (process: Process, fd: number): boolean => {
  const file = process.fds.get(fd);
  return file !== undefined && isTty(file);
};

/** JQ_COLORS changes some of the colours, from the first on. */
function coloursOf(process: Process): Colours {
  const wanted = process.env.get('JQ_COLORS');
  if (wanted === undefined || !/^[\d;:]*$/.test(wanted)) return DEFAULT_COLOURS;
  const codes = wanted.split(':');
  return DEFAULT_COLOURS.map((colour, i) => (codes[i] === undefined ? colour : `\x1b[${codes[i]}m`));
}
