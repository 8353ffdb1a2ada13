import type { Micros } from '../base/index.ts';
import { baseName, type Process, type Signal, type Wait } from '../os/index.ts';
import { JobTable, jobState } from './jobs.ts';
import { initialOptions, initialShopt, SET_OPTIONS, type SetOption, type ShoptOption } from './options.ts';
import type { AndOr, Command, Script, SimpleCommand } from './syntax/ast.ts';
import { type Variable, Variables } from './variables.ts';

/** Running commands, as expansion and builtins need it. It is handed in, so that what runs does not import what runs it. */
export type Executor = {
  runScript(shell: Shell, script: Script): Generator<Wait, number, void>;
  runAndOr(shell: Shell, list: AndOr): Generator<Wait, number, void>;
  runCommand(shell: Shell, command: Command): Generator<Wait, number, void>;
  /** A simple command that may take the process over, which is there for nothing else. */
  runLast(shell: Shell, command: SimpleCommand): Generator<Wait, number, void>;
  /** Parses and runs a text command by command. */
  runText(shell: Shell, text: string, options: RunTextOptions): Generator<Wait, number, void>;
  /** What commands print, for `$( … )`. */
  substitute(
    shell: Shell,
    body: Script | { readonly source: string; readonly line: number },
  ): Generator<Wait, string, void>;
  /** The /dev/fd path for `<( … )`. */
  processSubstitution(shell: Shell, direction: '<' | '>', body: Script): Generator<Wait, string, void>;
  /** Runs a command that is already expanded: `command`, `exec`, `builtin` and the like. */
  runWords(shell: Shell, words: readonly string[], how: { readonly functions: boolean }): Generator<Wait, number, void>;
};

export type RunTextOptions = {
  /** What messages call the text: `bash: -c`, a script's name. */
  readonly name: string;
  readonly firstLine?: number;
};

export type FunctionDefinition = { readonly body: Command; readonly source: string };

/** One call of a function or sourced file, for FUNCNAME, `caller` and `return`. */
export type Frame = {
  readonly name: string;
  readonly line: number;
  readonly source: string;
  readonly isFunction: boolean;
};

type ShellInit = {
  readonly process: Process;
  readonly executor: Executor;
  /** $0, and what error messages begin with. */
  readonly name: string;
  readonly interactive: boolean;
  /** Messages say `bash: line 3: …` as a shell without a person before it does. */
  readonly lineNumbers?: boolean;
};

/** The state of one shell: what a subshell copies, and what builtins look at and change. */
export class Shell {
  process: Process;
  readonly executor: Executor;
  name: string;
  readonly interactive: boolean;
  readonly lineNumbers: boolean;
  variables = new Variables();
  functions = new Map<string, FunctionDefinition>();
  aliases = new Map<string, string>();
  options: Set<SetOption>;
  shopt: Set<ShoptOption>;
  positional: string[] = [];
  /** $? */
  status = 0;
  pipeStatus: number[] = [0];
  /** $! */
  lastBackground: number | undefined;
  /** Status of the last command substitution of the command at work. */
  substitutionStatus: number | undefined;
  /** $_ */
  lastArgument = '';
  /** $LINENO */
  line = 1;
  traps = new Map<Signal | 'EXIT' | 'ERR' | 'RETURN' | 'DEBUG', string>();
  pendingTraps: Signal[] = [];
  /** Ctrl-C came while the interactive shell itself was at work. */
  interrupted = false;
  /** Descriptors of `<( … )` that close with the command that used them. */
  processSubstitutions: { fd: number; process: Process }[] = [];
  /** Children that no job lists, to be reaped when they are done. */
  strays: Process[] = [];
  jobs = new JobTable();
  /** Commands that a person has given, and the one at which leaving was warned of. */
  commandCount = 0;
  exitWarnedAt = -1;
  directoryStack: string[] = [];
  history: string[] = [];
  hashed = new Map<string, string>();
  frames: Frame[] = [];
  loopDepth = 0;
  /** How many `eval` are inside each other. */
  evalDepth = 0;
  /** Above 0: in a condition, where `set -e` does not act. */
  conditionDepth = 0;
  /** How many subshells deep. */
  subshellDepth = 0;
  readonly startedAt: Micros;
  /** $$, which stays the first shell's in its subshells. */
  mainPid: number;
  randomState: number;
  /** How far getopts is: the word, and the letter in it. */
  getopts = { index: 1, letter: 1 };

  constructor(init: ShellInit) {
    this.process = init.process;
    this.executor = init.executor;
    this.name = init.name;
    this.interactive = init.interactive;
    this.lineNumbers = init.lineNumbers ?? !init.interactive;
    this.options = initialOptions(init.interactive);
    this.shopt = initialShopt(init.interactive);
    this.mainPid = init.process.vpid;
    this.startedAt = init.process.machine.events.now;
    this.randomState = init.process.machine.random.uint32();
  }

  /** The shell of a subshell: a copy of all state that runs in another process. Traps and jobs stay behind. */
  fork(process: Process): Shell {
    const copy = new Shell({
      process,
      executor: this.executor,
      name: this.name,
      interactive: false,
      lineNumbers: this.lineNumbers,
    });
    copy.mainPid = this.mainPid;
    copy.variables = this.variables.clone();
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.options = new Set(this.options);
    copy.options.delete('monitor');
    copy.shopt = new Set(this.shopt);
    copy.positional = [...this.positional];
    copy.status = this.status;
    copy.pipeStatus = [...this.pipeStatus];
    copy.lastBackground = this.lastBackground;
    copy.line = this.line;
    copy.directoryStack = [...this.directoryStack];
    copy.history = this.history;
    copy.hashed = new Map(this.hashed);
    copy.frames = [...this.frames];
    copy.conditionDepth = this.conditionDepth;
    copy.subshellDepth = this.subshellDepth + 1;
    copy.loopDepth = this.loopDepth;
    for (const [signal, action] of this.traps) if (action === '') copy.traps.set(signal, action);
    return copy;
  }

  /** $- */
  get flags(): string {
    const letters = [...this.options].map((option) => SET_OPTIONS[option]).filter((letter) => letter !== '');
    const order = 'abefhkmnptuvxBCEHPT';
    const sorted = letters.sort((a, b) => order.indexOf(a) - order.indexOf(b)).join('');
    return this.interactive ? sorted.replace(/^([a-h]*)/, '$1i') : sorted;
  }

  get functionDepth(): number {
    return this.frames.reduce((depth, frame) => depth + (frame.isFunction ? 1 : 0), 0);
  }

  /** Blanks that separate words. */
  get ifs(): string {
    return this.variables.get('IFS') ?? ' \t\n';
  }

  /** `bash: `, or `./x.sh: line 3: ` where no person is before it. */
  get errorPrefix(): string {
    const name = this.frames.findLast((frame) => frame.source !== '')?.source ?? this.name;
    return this.lineNumbers ? `${name}: line ${this.line}: ` : `${this.interactive ? baseName(name) : name}: `;
  }

  *printError(message: string): Generator<Wait, void, void> {
    yield* this.process.printError(`${this.errorPrefix}${message}\n`);
  }

  /** Sets a variable of the shell and, through it, what it stands for. */
  export(name: string, value: string): void {
    this.variables.set(name, value);
    this.variables.declare(name, true).exported = true;
  }

  isExported(name: string): boolean {
    return this.variables.find(name)?.exported === true;
  }

  /** Leaving with stopped jobs needs saying twice; true when this was the first time. */
  *warnOfStoppedJobs(): Generator<Wait, boolean, void> {
    const stopped = this.jobs.list().some((job) => jobState(job) === 'Stopped');
    if (!this.interactive || !stopped || this.exitWarnedAt >= this.commandCount - 1) return false;
    this.exitWarnedAt = this.commandCount;
    yield* this.process.printError('There are stopped jobs.\n');
    return true;
  }

  variable(name: string): Variable | undefined {
    return this.variables.find(name);
  }
}
