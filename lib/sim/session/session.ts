import type { Micros } from '../base/index.ts';
import { installCatalog } from '../commands/index.ts';
import { bash } from '../shell/index.ts';
import { openWorld, type World } from '../world/index.ts';
import { BUDGETS, type Budgets } from './budgets.ts';
import { SHELL_ENVIRONMENT } from './environment.ts';
import { filesBelow } from './files.ts';
import { type LogEntry, type LogKind, MOST_TTYS } from './log.ts';
import { Replay } from './replay.ts';
import { Setup } from './setup.ts';
import { TerminalLine } from './terminal-line.ts';
import type { TranscriptBlock } from './transcript.ts';

export type SessionOptions = {
  /** `host`, or `cluster` with its options. */
  readonly world: string;
  readonly seed: number;
  /** A bash script that runs before the first prompt, unseen. */
  readonly setup?: string;
  /** What was done before: it is done again before anything else. */
  readonly log?: readonly LogEntry[];
  readonly columns?: number;
  readonly rows?: number;
  /** Other bounds than the usual. */
  readonly budgets?: Partial<Budgets>;
  readonly output: (tty: number, text: string) => void;
  readonly tell: (event: SessionEvent) => void;
};

export type SessionEvent =
  /** Append it to the log: a replay needs it. */
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  /** A shell was opened in this tab, by a person or by the replay. */
  | { readonly kind: 'opened'; readonly tty: number }
  /** The tab's shell has ended (exit, Ctrl-D); `openTty` gives it a new one. */
  | { readonly kind: 'ended'; readonly tty: number }
  | { readonly kind: 'closed'; readonly tty: number }
  | { readonly kind: 'setup-failed'; readonly status: number | 'unfinished'; readonly output: string }
  /** The replay did not meet the same world again: this simulator behaves otherwise than the one that wrote the log. */
  | { readonly kind: 'diverged'; readonly at: Micros }
  /** Setup and replay are done: keys are taken from now on. */
  | { readonly kind: 'ready'; readonly replayed: number };

export type Progress = {
  readonly now: Micros;
  readonly phase: 'setup' | 'replay' | 'live';
  /** The budget ended before the time did: call again at once. */
  readonly busy: boolean;
  /** Time stands still until the code of a program is there: call again in a little while. */
  readonly loading: boolean;
  /** When the next event is due, if any is. */
  readonly nextAt: Micros | undefined;
  /** Entries of the log that are done again. */
  readonly replayed: number;
};

type Tab = { line: TerminalLine; ended: boolean };

/**
 * One world with the terminals on it: what a person does goes in, what the screens show comes out, and the log of it
 * makes the same again. It reads no clock: whoever holds it moves virtual time with `advance`, in slices of a budget,
 * so that nothing that is typed can hold up the caller.
 */
export class Session {
  readonly world: World;
  readonly #options: SessionOptions;
  readonly #budgets: Budgets;
  readonly #tabs = new Map<number, Tab>();
  #replay: Replay;
  #setup: Setup | undefined;
  #phase: Progress['phase'] = 'live';
  #columns: number;
  #rows: number;
  #last: LogEntry | undefined;
  /** Events since a person last did something. */
  #events = 0;
  #interrupted = false;
  /** What was done while time stood still for a program to load: it comes after what was due then. */
  readonly #deferred: (() => void)[] = [];
  /** Characters that `advance` has put out so far. */
  #emitted = 0;

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.#budgets = { ...BUDGETS, ...options.budgets };
    this.#columns = options.columns ?? 80;
    this.#rows = options.rows ?? 24;
    this.world = openWorld(options.world, { seed: options.seed });
    this.world.events.mayHold = true;
    for (const node of this.world.nodes) installCatalog(node);
    this.#replay = this.#replayOf(options.log ?? []);
    this.#last = options.log?.at(-1);
    if (options.setup === undefined || options.setup.trim() === '') this.#begin();
    else {
      this.#phase = 'setup';
      this.#setup = new Setup(this.world, options.setup);
    }
  }

  /** Nothing has run yet when it returns: setup and replay are done by `advance`. */
  static open(options: SessionOptions): Session {
    return new Session(options);
  }

  get now(): Micros {
    return this.world.events.now;
  }

  get traceHash(): string {
    return this.world.trace.hash();
  }

  get progress(): Progress {
    return this.#progress(false);
  }

  /**
   * Runs what is due until virtual time `until`, at most about `budget` events of it. While setup or replay last, they
   * are done instead, in their own time: start pacing from the `now` that comes back with phase `live`.
   */
  advance(until: Micros, budget: number): Progress {
    let left = budget;
    this.#emitted = 0;
    if (this.world.events.isHeld) return this.#progress(true);
    for (const act of this.#deferred.splice(0)) act();
    if (this.#phase === 'setup') left = this.#advanceSetup(left);
    if (this.#phase === 'replay') left = this.#advanceReplay(left);
    if (this.#phase !== 'live' || left <= 0) return this.#progress(true);
    const ran = this.#run(until, left);
    this.#events += ran;
    this.#settle();
    this.#restrain();
    return this.#progress(ran >= left);
  }

  /** Does again what a log says, on from here. Precondition: the log of this session so far comes before it. */
  redo(log: readonly LogEntry[]): void {
    this.#replay = this.#replayOf(log);
    this.#last = log.at(-1) ?? this.#last;
    this.#phase = 'replay';
  }

  /** Keys, as a terminal sends them. */
  type(tty: number, keys: string): void {
    this.#act(tty, (line) => line.type(keys));
  }

  /** A whole command in place of what is being typed. */
  run(tty: number, command: string): void {
    this.#act(tty, (line) => line.run(command));
  }

  clear(tty: number): void {
    this.#act(tty, (line) => line.clear());
  }

  resize(tty: number, columns: number, rows: number): void {
    if (!(columns >= 2 && rows >= 1 && columns <= 1000 && rows <= 1000)) return;
    this.#columns = columns;
    this.#rows = rows;
    this.#act(tty, (line) => line.resize(columns, rows));
  }

  /** A shell in the tab `tty`, which is new or whose shell has ended. False when there are too many. */
  openTty(tty: number): boolean {
    if (this.world.events.isHeld) {
      this.#deferred.push(() => this.openTty(tty));
      return true;
    }
    if (this.#phase !== 'live' || tty < 0 || tty >= MOST_TTYS || this.#tabs.get(tty)?.ended === false) return false;
    this.#drain();
    this.#record(tty, 'open', `${this.#columns}x${this.#rows}`);
    this.#openLine(tty);
    this.#settle();
    return true;
  }

  closeTty(tty: number): void {
    if (this.world.events.isHeld) return void this.#deferred.push(() => this.closeTty(tty));
    if (this.#phase !== 'live' || !this.#tabs.has(tty)) return;
    this.#drain();
    this.#record(tty, 'close', '');
    this.#closeLine(tty);
    this.#settle();
  }

  /** Notes how far the world has come, so that a replay comes as far. For the moments before a page goes away. */
  tick(): void {
    if (this.#phase !== 'live' || this.world.events.isHeld) return;
    this.#drain();
    this.#settle();
    if (this.#last === undefined || (this.#last.kind === 'tick' && this.#last.at === this.now)) return;
    this.#record(0, 'tick', this.traceHash);
  }

  /** The bytes of a file of the machine whose shell this is, such as a capture: undefined when it cannot be read. */
  readFile(path: string): Uint8Array | undefined {
    const file = this.world.home.machine.fs.readFile(path);
    return file.ok ? file.value : undefined;
  }

  /** The last commands of a tab with what they printed. */
  transcript(tty: number): TranscriptBlock[] {
    return this.#tabs.get(tty)?.line.transcript.blocks ?? [];
  }

  /** Files that a person may want to keep: what lies in root's home and in /tmp. */
  files(): { path: string; size: number }[] {
    return filesBelow(this.world.home.machine.fs, ['/root', '/tmp']);
  }

  #progress(busy: boolean): Progress {
    return {
      now: this.now,
      phase: this.#phase,
      busy,
      loading: this.world.events.isHeld,
      nextAt: this.world.events.nextAt(),
      replayed: this.#replay.done,
    };
  }

  #replayOf(log: readonly LogEntry[]): Replay {
    return new Replay(log, this.#budgets.patience, () => this.#options.tell({ kind: 'diverged', at: this.now }));
  }

  #begin(): void {
    this.#setup = undefined;
    this.#phase = 'replay';
    this.#openLine(0);
  }

  #advanceSetup(budget: number): number {
    const setup = this.#setup as Setup;
    let left = budget;
    while (setup.status === undefined && left > 0) {
      if (this.world.events.isHeld) return 0;
      if (this.#events >= this.#budgets.setupEvents || !this.world.events.runNext(this.#budgets.setupTime)) {
        this.#options.tell({ kind: 'setup-failed', status: 'unfinished', output: setup.output });
        setup.kill();
        break;
      }
      this.#events++;
      left--;
    }
    if (left <= 0) return 0;
    if (setup.status !== undefined && setup.status !== 0) {
      this.#options.tell({ kind: 'setup-failed', status: setup.status, output: setup.output });
    }
    this.#events = 0;
    this.#begin();
    return left;
  }

  #advanceReplay(budget: number): number {
    const replay = this.#replay;
    let left = budget;
    while (replay.next !== undefined && left > 0) {
      left -= this.#run(replay.dueAt(this.now), left) + 1;
      if (left <= 0) break;
      this.#settle();
      if (this.world.events.isHeld) return 0;
      this.#redo(replay.next);
    }
    if (left <= 0 && replay.next !== undefined) return 0;
    this.#phase = 'live';
    this.#events = 0;
    this.#settle();
    this.#options.tell({ kind: 'ready', replayed: replay.done });
    return left;
  }

  #redo(entry: LogEntry): void {
    const replay = this.#replay;
    if (entry.kind === 'tick') return replay.took(entry.data === '' || entry.data === this.traceHash);
    if (entry.kind === 'open') {
      this.#setSize(entry.data);
      this.#openLine(entry.tty);
      return replay.took(true);
    }
    const line = this.#tabs.get(entry.tty)?.line;
    if (line === undefined) return replay.took(false);
    if (entry.kind === 'close') {
      this.#closeLine(entry.tty);
      return replay.took(true);
    }
    if (line.replay(entry)) return replay.took(true);
    if (!replay.wait(this.now)) replay.took(false);
  }

  #setSize(size: string): void {
    const [columns = 80, rows = 24] = size.split('x').map(Number);
    if (columns >= 2 && columns <= 1000) this.#columns = columns;
    if (rows >= 1 && rows <= 1000) this.#rows = rows;
  }

  #openLine(tty: number): void {
    const { machine, kernel } = this.world.home;
    const terminal = machine.openTty({
      columns: this.#columns,
      rows: this.#rows,
      output: (data) => this.#tabs.get(tty)?.line.print(data),
    });
    const shell = machine.start(bash, {
      argv: ['bash'],
      cwd: '/root',
      env: new Map(SHELL_ENVIRONMENT),
      netns: kernel.init.inode,
      tty: terminal,
      fds: new Map([0, 1, 2].map((fd) => [fd, terminal])),
    });
    const line = new TerminalLine({
      tty: terminal,
      shell,
      emit: (text) => {
        this.#emitted += text.length;
        this.#options.output(tty, text);
      },
      record: (kind, data) => this.#record(tty, kind, data),
    });
    this.#tabs.set(tty, { line, ended: false });
    this.#options.tell({ kind: 'opened', tty });
  }

  #closeLine(tty: number): void {
    this.#tabs.get(tty)?.line.tty.hangUp();
    this.#tabs.delete(tty);
    this.#options.tell({ kind: 'closed', tty });
  }

  #act(tty: number, act: (line: TerminalLine) => void): void {
    if (this.world.events.isHeld) return void this.#deferred.push(() => this.#act(tty, act));
    const tab = this.#tabs.get(tty);
    if (this.#phase !== 'live' || tab === undefined || tab.ended) return;
    this.#drain();
    if (this.world.events.isHeld) return void this.#deferred.push(() => this.#act(tty, act));
    this.#events = 0;
    this.#interrupted = false;
    act(tab.line);
    this.#settle();
  }

  #record(tty: number, kind: LogKind, data: string): void {
    this.#last = { at: this.now, tty, kind, data };
    this.#options.tell({ kind: 'entry', entry: this.#last });
  }

  /** Runs events up to `until`, where time then stands; gives how many, and all of `budget` if there is more to run. */
  #run(until: Micros, budget: number): number {
    const { events } = this.world;
    let ran = 0;
    while (ran < budget && this.#emitted < this.#budgets.charactersPerAdvance) {
      if (!events.runNext(until)) {
        if (events.isHeld) return budget;
        events.advanceTo(until);
        return ran;
      }
      ran++;
    }
    return budget;
  }

  /**
   * Runs what is due at this very moment: what a person does comes after it, live and in the replay alike.
   * Events of one moment are finite, as every step of a process and of a packet takes time.
   */
  #drain(): void {
    for (let i = 0; i < 100_000 && this.world.events.runNext(this.now); i++);
  }

  #settle(): void {
    this.#drain();
    if (this.world.events.isHeld) return;
    for (const [tty, tab] of this.#tabs) {
      tab.line.settle();
      if (!tab.ended && tab.line.ended) {
        tab.ended = true;
        this.#options.tell({ kind: 'ended', tty });
      }
    }
    this.#noteRest();
  }

  /** All commands are done: what they did to the world is noted with its hash, and a replay comes exactly here. */
  #noteRest(): void {
    if (this.#phase !== 'live' || this.#last === undefined || this.#last.kind === 'tick') return;
    const resting = [...this.#tabs.values()].every((tab) => tab.ended || tab.line.atPrompt);
    if (resting && this.now > this.#last.at && CHANGES_WORLD.has(this.#last.kind))
      this.#record(0, 'tick', this.traceHash);
  }

  /** Ends what costs too much, as if a person had pressed Ctrl-C, and says so. */
  #restrain(): void {
    const limit = this.#interrupted ? this.#budgets.eventsAfterInterrupt : this.#budgets.eventsWithoutInput;
    const tooMany = this.#events > limit;
    for (const tab of this.#tabs.values()) {
      const tooMuch = tab.line.printed > this.#budgets.charactersWithoutInput;
      if (tab.ended || tab.line.atPrompt || !(tooMany || tooMuch)) continue;
      const why = tooMuch
        ? `it printed more than ${this.#budgets.charactersWithoutInput / 1_000_000} MB`
        : 'it ran for very long without waiting';
      this.#drain();
      tab.line.stop(this.#interrupted ? 'KILL' : 'INT', `hopwise: stopped, because ${why}`);
    }
    if (!tooMany) return;
    this.#interrupted = true;
    this.#events = 0;
  }
}

const CHANGES_WORLD: ReadonlySet<LogKind> = new Set(['line', 'input', 'eof', 'signal', 'open', 'close']);
