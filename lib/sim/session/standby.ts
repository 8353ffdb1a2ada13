import type { LogEntry } from './log.ts';
import { Session, type SessionEvent, type SessionOptions } from './session.ts';

export type StandbyOptions = Omit<SessionOptions, 'log' | 'output' | 'tell'>;

/** Where the session that is taken over writes from then on. */
export type Sinks = Pick<SessionOptions, 'output' | 'tell'>;

/** What the screens of a session show, for whoever takes it over: all that each was sent, bounded. */
export type Screens = ReadonlyMap<number, string>;

const MOST_SCREEN = 400_000;

/**
 * The same session a command earlier, kept ready: an undo takes it over at once instead of running the whole log again.
 *
 *   session:  setup ── ip link … ── ping … ──▶ now
 *   standby:  setup ── ip link … ─┤ waits here
 *
 * A world cannot be copied: its processes are running generators. It is its seed and its log, so the standby is a second
 * world that does what the first did, one command behind. Feed it the log's entries with `follow`, give it idle time with
 * `advance`.
 */
export class Standby {
  readonly #options: StandbyOptions;
  #log: LogEntry[];
  #twin: Twin;
  /** How many entries of the log the twin was given. */
  #given: number;

  constructor(options: StandbyOptions, log: readonly LogEntry[] = []) {
    this.#options = options;
    this.#log = [...log];
    this.#given = lastCommand(this.#log) ?? 0;
    this.#twin = new Twin(options, this.#log.slice(0, this.#given));
  }

  /** The session went on by an entry. */
  follow(entry: LogEntry): void {
    this.#log.push(entry);
  }

  /** Comes closer to the place before the last command, by about `budget` events; whether it stands there. */
  advance(budget: number): boolean {
    if (!this.#twin.advance(budget)) return false;
    const wanted = lastCommand(this.#log) ?? 0;
    if (wanted <= this.#given) return true;
    this.#twin.session.redo(this.#log.slice(this.#given, wanted));
    this.#given = wanted;
    return this.#twin.advance(budget);
  }

  /**
   * The session as it was before the last command, what its screens show, and its log. undefined: it is not ready, or
   * there is no command. This standby begins anew, for the command before.
   */
  undo(sinks: Sinks): { session: Session; screens: Screens; log: readonly LogEntry[] } | undefined {
    const at = lastCommand(this.#log);
    if (at === undefined || at !== this.#given || !this.#twin.advance(0)) return undefined;
    const log = this.#log.slice(0, at);
    const { session, screens } = this.#twin.handOver(sinks);
    this.#log = [...log];
    this.#given = lastCommand(log) ?? 0;
    this.#twin = new Twin(this.#options, log.slice(0, this.#given));
    return { session, screens, log };
  }
}

/** The place of the last command line in a log. */
function lastCommand(log: readonly LogEntry[]): number | undefined {
  const at = log.findLastIndex(({ kind }) => kind === 'line');
  return at < 0 ? undefined : at;
}

/** A session that nobody looks at yet. */
class Twin {
  readonly session: Session;
  readonly #screens = new Map<number, string>();
  #sinks: Sinks | undefined;

  constructor(options: StandbyOptions, log: readonly LogEntry[]) {
    this.session = Session.open({
      ...options,
      log,
      output: (tty, text) => this.#output(tty, text),
      tell: (event) => this.#tell(event),
    });
  }

  /** Whether all that it was given is done. */
  advance(budget: number): boolean {
    return this.session.advance(this.session.now, budget).phase === 'live';
  }

  handOver(sinks: Sinks): { session: Session; screens: Screens } {
    this.#sinks = sinks;
    return { session: this.session, screens: new Map(this.#screens) };
  }

  #output(tty: number, text: string): void {
    if (this.#sinks !== undefined) this.#sinks.output(tty, text);
    else this.#screens.set(tty, ((this.#screens.get(tty) ?? '') + text).slice(-MOST_SCREEN));
  }

  #tell(event: SessionEvent): void {
    if (this.#sinks !== undefined) this.#sinks.tell(event);
    else if (event.kind === 'closed') this.#screens.delete(event.tty);
  }
}
