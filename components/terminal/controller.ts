import type { LogEntry, SessionEvent, TranscriptBlock } from '@/lib/sim/session';
import { LogKeeper } from './log-keeper';
import type { LogStore, StoredLog } from './log-store';
import { arePacketsWatched, tellPackets } from './packets';
import type { FromWorker, SimulatedFile } from './protocol';
import { type Crash, WorkerClient } from './worker-client';

export type TerminalSpec = {
  /** Unique on the page and, with the lesson, for good: the log is stored under it. */
  readonly id: string;
  readonly title: string;
  readonly world: string;
  readonly setup?: string;
  readonly seed?: number;
};

export type Tab = { readonly tty: number; readonly title: string; readonly ended: boolean };

export type Notice = { readonly tone: 'info' | 'warn' | 'danger'; readonly text: string; readonly details?: string };

export type TerminalState = {
  readonly phase: 'loading' | 'restoring' | 'live' | 'crashed';
  /** 0 … 1, while restoring. */
  readonly restored: number;
  readonly tabs: readonly Tab[];
  readonly active: number;
  /** Counts the times that the reader asked for a screen to type in. */
  readonly focusAsked: number;
  readonly paused: boolean;
  readonly notice: Notice | undefined;
  readonly crash: (Crash & { readonly again: boolean }) | undefined;
};

/** The screen of a tab, as the controller needs it. */
export type ScreenPort = { write(text: string, shown: () => void): void; dispose(): void };

export const DEFAULT_SEED = 1;
/** A second crash within this time of a restart is taken for the last command's doing. */
const SAME_CRASH_MS = 60_000;
const MOST_TABS = 8;

const INITIAL: TerminalState = {
  phase: 'loading',
  restored: 0,
  tabs: [],
  active: 0,
  focusAsked: 0,
  paused: false,
  notice: undefined,
  crash: undefined,
};

/** One terminal of the page: its worker, its tabs' screens, its log. The views read `state` and call the verbs. */
export class TerminalController<S extends ScreenPort = ScreenPort> {
  readonly spec: TerminalSpec;
  readonly #store: LogStore;
  /** Of the simulator that runs, once it has said hello. */
  #simVersion: number | undefined;
  #storedVersion: number | undefined;
  readonly #makeScreen: (tty: number) => S;
  readonly #listeners = new Set<() => void>();
  readonly #screens = new Map<number, S>();
  #state: TerminalState = INITIAL;
  #client: WorkerClient | undefined;
  #keeper: LogKeeper | undefined;
  #size = { columns: 80, rows: 24 };
  #waiting: string[] = [];
  #crashedAt = Number.NEGATIVE_INFINITY;
  #ended = false;
  #focusOpened = false;

  constructor(options: { spec: TerminalSpec; store: LogStore; makeScreen: (tty: number) => S }) {
    this.spec = options.spec;
    this.#store = options.store;
    this.#makeScreen = options.makeScreen;
  }

  get state(): TerminalState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins, from the stored log if there is one. */
  async start(): Promise<void> {
    this.#client = this.#newClient();
    const stored = await this.#store.load();
    if (this.#ended || this.#keeper !== undefined) return;
    this.#keeper = this.#newKeeper(stored);
    this.#storedVersion = stored?.simVersion;
    this.#compareVersions();
    this.#open();
  }

  /** @returns commands that still waited for a prompt: whoever opens the terminal again may run them */
  end(): string[] {
    this.#ended = true;
    this.#keeper?.end();
    this.#client?.end();
    this.#disposeScreens();
    return this.#waiting.splice(0);
  }

  screen(tty: number): S | undefined {
    return this.#screens.get(tty);
  }

  type(tty: number, keys: string): void {
    if (this.#tab(tty)?.ended && /[\r\n]/.test(keys)) this.#client?.send({ kind: 'open-tty', tty });
    else this.#client?.send({ kind: 'type', tty, keys });
    this.dismissNotice('info');
  }

  /** Runs a whole command in the active tab, now or as soon as there is a prompt. */
  run(command: string): void {
    if (this.#state.phase !== 'live') this.#waiting.push(command);
    else this.#client?.send({ kind: 'run', tty: this.#state.active, command });
  }

  clear(): void {
    this.#client?.send({ kind: 'clear', tty: this.#state.active });
  }

  resize(tty: number, columns: number, rows: number): void {
    this.#size = { columns, rows };
    if (this.#state.phase === 'live') this.#client?.send({ kind: 'resize', tty, columns, rows });
  }

  activate(tty: number): void {
    this.#set({ active: tty });
  }

  addTab(): void {
    const free = Array.from({ length: MOST_TABS }, (_, tty) => tty).find((tty) => this.#tab(tty) === undefined);
    if (free === undefined || this.#state.phase !== 'live') return;
    this.#client?.send({ kind: 'open-tty', tty: free });
    this.#focusOpened = true;
  }

  get canAddTab(): boolean {
    return this.#state.tabs.length < MOST_TABS;
  }

  closeTab(tty: number): void {
    if (this.#state.tabs.length > 1) this.#client?.send({ kind: 'close-tty', tty });
  }

  /** A fresh machine. The result brings the old one back as it was. */
  reset(): () => void {
    const back = this.#keeper?.replace([]);
    this.#reopen();
    return () => {
      back?.();
      this.#reopen();
    };
  }

  /** After a crash: the log again, all of it or without the last thing that was done. */
  restart({ withoutLast }: { withoutLast: boolean }): void {
    if (withoutLast && this.#keeper !== undefined) this.#keeper.replace(withoutLastCommand(this.#keeper.entries));
    this.#reopen();
  }

  /** The page may go away: everything that was done is handed over to be stored. */
  save(): void {
    this.#client?.send({ kind: 'tick' });
    this.#keeper?.flush();
  }

  async files(): Promise<readonly SimulatedFile[]> {
    return (await this.#client?.files()) ?? [];
  }

  async transcript(): Promise<readonly TranscriptBlock[]> {
    return (await this.#client?.transcript(this.#state.active)) ?? [];
  }

  readFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#client?.readFile(path) ?? Promise.resolve(undefined);
  }

  dismissNotice(tone?: Notice['tone']): void {
    if (this.#state.notice !== undefined && (tone ?? this.#state.notice.tone) === this.#state.notice.tone)
      this.#set({ notice: undefined });
  }

  #set(change: Partial<TerminalState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #tab(tty: number): Tab | undefined {
    return this.#state.tabs.find((tab) => tab.tty === tty);
  }

  #newClient(): WorkerClient {
    const client = new WorkerClient({
      onMessage: (message) => {
        if (client === this.#client) this.#receive(message);
      },
      onCrash: (crash) => {
        if (client === this.#client) this.#crashed(crash);
      },
    });
    return client;
  }

  #newKeeper(stored: StoredLog | undefined): LogKeeper {
    const seed = stored?.seed ?? this.spec.seed ?? DEFAULT_SEED;
    return new LogKeeper(this.#store, {
      simVersion: () => this.#simVersion ?? 0,
      seed,
      ...(stored && { branch: stored.branch, entries: stored.entries }),
    });
  }

  #compareVersions(): void {
    if (this.#simVersion === undefined || this.#storedVersion === undefined) return;
    if (this.#simVersion !== this.#storedVersion) this.#set({ notice: CHANGED });
    this.#storedVersion = undefined;
  }

  #open(): void {
    const { world, setup } = this.spec;
    const log = this.#keeper?.entries ?? [];
    const seed = this.#keeper?.seed ?? DEFAULT_SEED;
    this.#set({ phase: log.length > 1 ? 'restoring' : 'loading', restored: 0 });
    this.#client?.open({ world, seed, setup, log, ...this.#size });
  }

  #reopen(): void {
    this.#client?.end();
    this.#disposeScreens();
    this.#set({ ...INITIAL, focusAsked: this.#state.focusAsked + 1 });
    this.#client = this.#newClient();
    this.#open();
  }

  #disposeScreens(): void {
    for (const screen of this.#screens.values()) screen.dispose();
    this.#screens.clear();
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'hello':
        this.#simVersion = message.simVersion;
        this.#compareVersions();
        return;
      case 'output':
        this.#screens.get(message.tty)?.write(message.text, () => {
          this.#client?.send({ kind: 'shown', characters: message.text.length });
        });
        return;
      case 'restoring':
        this.#set({ restored: message.of === 0 ? 1 : message.done / message.of });
        return;
      case 'paused':
        this.#set({ paused: message.paused });
        return;
      case 'event':
        this.#hear(message.event);
        return;
      case 'packets':
        tellPackets(this.spec.id, message.packets);
        return;
    }
  }

  #hear(event: SessionEvent): void {
    switch (event.kind) {
      case 'entry':
        this.#keeper?.append(event.entry);
        return;
      case 'opened':
        this.#opened(event.tty);
        return;
      case 'ended':
        this.#set({ tabs: this.#state.tabs.map((tab) => (tab.tty === event.tty ? { ...tab, ended: true } : tab)) });
        this.#screens
          .get(event.tty)
          ?.write('\r\n\u001b[2mThe shell has ended. Press Enter for a new one.\u001b[0m\r\n', () => {});
        return;
      case 'closed':
        this.#closed(event.tty);
        return;
      case 'setup-failed':
        this.#set({ notice: setupFailed(event.status, event.output) });
        return;
      case 'diverged':
        this.#set({ notice: CHANGED });
        return;
      case 'ready':
        this.#ready(event.replayed);
        return;
    }
  }

  #opened(tty: number): void {
    if (!this.#screens.has(tty)) this.#screens.set(tty, this.#makeScreen(tty));
    const others = this.#state.tabs.filter((tab) => tab.tty !== tty);
    const tabs = [...others, { tty, title: `Shell ${tty + 1}`, ended: false }].sort((a, b) => a.tty - b.tty);
    const focusAsked = this.#state.focusAsked + (this.#focusOpened ? 1 : 0);
    this.#focusOpened = false;
    this.#set({ tabs, active: tty, focusAsked });
  }

  #closed(tty: number): void {
    this.#screens.get(tty)?.dispose();
    this.#screens.delete(tty);
    const tabs = this.#state.tabs.filter((tab) => tab.tty !== tty);
    const next = tabs.findLast((tab) => tab.tty < tty) ?? tabs[0];
    this.#set({ tabs, ...(this.#state.active === tty && next && { active: next.tty }) });
  }

  #ready(replayed: number): void {
    const resumed = replayed > 1 && this.#state.notice === undefined;
    this.#set({ phase: 'live', ...(resumed && { notice: RESUMED }) });
    if (arePacketsWatched(this.spec.id)) this.#client?.send({ kind: 'watch-packets' });
    for (const { tty } of this.#state.tabs) this.#client?.send({ kind: 'resize', tty, ...this.#size });
    for (const command of this.#waiting.splice(0)) this.run(command);
  }

  #crashed(crash: Crash): void {
    const now = performance.now();
    const again = now - this.#crashedAt < SAME_CRASH_MS;
    this.#crashedAt = now;
    this.#keeper?.flush();
    this.#set({ phase: 'crashed', crash: { ...crash, again } });
  }
}

const RESUMED: Notice = { tone: 'info', text: 'Resumed where you left off.' };
const CHANGED: Notice = {
  tone: 'warn',
  text: 'The simulator has changed since you were here. Your commands ran again; some results may differ.',
};

function setupFailed(status: number | 'unfinished', output: string): Notice {
  const how = status === 'unfinished' ? 'did not finish' : `ended with exit status ${status}`;
  return {
    tone: 'danger',
    text: `The script that prepares this terminal ${how}, so something may be missing.`,
    details: output,
  };
}

const COMMANDS = new Set<LogEntry['kind']>(['line', 'input', 'eof', 'signal', 'open', 'close']);

/** The log up to, and without, the last thing that could change the world. */
export function withoutLastCommand(entries: readonly LogEntry[]): readonly LogEntry[] {
  return entries.slice(
    0,
    Math.max(
      0,
      entries.findLastIndex((entry) => COMMANDS.has(entry.kind)),
    ),
  );
}
