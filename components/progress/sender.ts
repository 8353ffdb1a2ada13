import type { EventsAnswer, ProgressEvent } from '@/lib/progress';
import type { ErrorBody } from '@/lib/shared/errors';
import type { Outbox, Waiting } from './outbox';

/** Less than the server takes, since the envelope and UTF-8 come on top. */
const BATCH_CHARACTERS = 300_000;
const BATCH_EVENTS = 100;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export type Phase =
  /** Nothing waits. */
  | 'idle'
  | 'sending'
  /** The network or the server cannot be reached. */
  | 'offline'
  /** The server is there, but says that it cannot store anything now. */
  | 'waiting';

export type Report = {
  phase: Phase;
  /** Events on their way. */
  waiting: number;
  /** Events of an account that is not signed in here; they wait for it. */
  foreign: number;
};

type Hooks = {
  post: (body: string) => Promise<Response>;
  /** Runs `work` while no other tab runs its own. */
  exclusively: (work: () => Promise<void>) => Promise<void>;
  /** Called before the events leave the outbox; if it fails, they are sent again. */
  answered: (answer: EventsAnswer, events: ProgressEvent[]) => Promise<void>;
  report: (report: Report) => void;
};

/** What became of one request. */
type Outcome = 'sent' | 'foreign' | 'too-large' | { phase: 'offline' | 'waiting'; pauseMs?: number };

/**
 * Sends what is in the outbox, oldest first, one request at a time and one tab at a time, until nothing waits; pauses and
 * tries again when that fails. An event leaves the outbox only when the server has answered for it.
 */
export class Sender {
  readonly #outbox: Outbox;
  readonly #hooks: Hooks;
  /** Accounts that the server says are not the one signed in here. */
  readonly #foreign = new Set<string>();
  #running = false;
  #again = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outbox: Outbox, hooks: Hooks) {
    this.#outbox = outbox;
    this.#hooks = hooks;
  }

  /** Something is there to be sent, or may succeed now. */
  wake(): void {
    clearTimeout(this.#timer);
    if (this.#running) this.#again = true;
    else void this.#run();
  }

  /** Somebody signed in or out: what waited for that account is tried again. */
  learnerChanged(): void {
    this.#foreign.clear();
    this.wake();
  }

  async #run(): Promise<void> {
    this.#running = true;
    do {
      this.#again = false;
      await this.#hooks.exclusively(() => this.#drain());
    } while (this.#again);
    this.#running = false;
  }

  async #drain(): Promise<void> {
    let size = BATCH_EVENTS;
    for (;;) {
      const all = await this.#outbox.all();
      const batch = nextBatch(all, this.#foreign, size);
      if (batch.length === 0) return this.#report('idle', all);
      this.#report(this.#failures > 0 ? undefined : 'sending', all);
      const outcome = await this.#send(batch);
      if (outcome === 'too-large' && batch.length > 1) size = Math.ceil(batch.length / 2);
      else if (outcome === 'too-large') await this.#outbox.remove(batch.map(({ seq }) => seq));
      else if (outcome === 'foreign') this.#foreign.add(batch[0]?.learner ?? '');
      else if (outcome === 'sent') {
        this.#failures = 0;
        size = BATCH_EVENTS;
      } else return this.#pause(outcome, await this.#outbox.all());
    }
  }

  async #send(batch: Waiting[]): Promise<Outcome> {
    const events = batch.map(({ event }) => event);
    let response: Response;
    try {
      response = await this.#hooks.post(JSON.stringify({ learner: batch[0]?.learner ?? null, events }));
    } catch {
      return { phase: 'offline' };
    }
    if (response.ok) return await this.#accept(response, batch);
    const code = await errorCode(response);
    if (code === 'other-learner') return 'foreign';
    // A request that the server cannot read at all is cut down until the event is found that is to blame.
    if (response.status === 413 || code === 'invalid-input') return 'too-large';
    const after = Number(response.headers.get('Retry-After'));
    return { phase: 'waiting', ...(after > 0 && { pauseMs: after * 1000 }) };
  }

  async #accept(response: Response, batch: Waiting[]): Promise<Outcome> {
    try {
      const answer = (await response.json()) as EventsAnswer;
      await this.#hooks.answered(
        answer,
        batch.map(({ event }) => event),
      );
    } catch {
      return { phase: 'offline' };
    }
    await this.#outbox.remove(batch.map(({ seq }) => seq));
    return 'sent';
  }

  #pause({ phase, pauseMs }: { phase: 'offline' | 'waiting'; pauseMs?: number }, all: Waiting[]): void {
    const grown = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
    // Up to a fifth by chance: when a server is back, not everybody comes in the same moment.
    this.#timer = setTimeout(() => this.wake(), Math.max(grown, pauseMs ?? 0) * (1 + Math.random() / 5));
    this.#report(phase, all);
  }

  #report(phase: Phase | undefined, all: Waiting[]): void {
    if (!phase) return;
    const foreign = all.filter(({ learner }) => learner !== null && this.#foreign.has(learner)).length;
    this.#hooks.report({ phase, waiting: all.length - foreign, foreign });
  }
}

async function errorCode(response: Response): Promise<string | undefined> {
  try {
    return ((await response.json()) as ErrorBody).error.code;
  } catch {
    return undefined;
  }
}

/** The oldest events of one learner that fit into a request. */
function nextBatch(all: Waiting[], foreign: ReadonlySet<string>, size: number): Waiting[] {
  const own = all.filter(({ learner }) => learner === null || !foreign.has(learner));
  const batch: Waiting[] = [];
  let characters = 0;
  for (const waiting of own) {
    characters += JSON.stringify(waiting.event).length;
    const fits =
      batch.length === 0 ||
      (batch.length < size && characters <= BATCH_CHARACTERS && waiting.learner === batch[0]?.learner);
    if (!fits) break;
    batch.push(waiting);
  }
  return batch;
}
