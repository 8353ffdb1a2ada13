/**
 * Fifty learners at once, as a class does it: each is a guest of their own who does something every half second or so
 * (types commands, answers a question, scrolls), and waits for the answer before going on.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { api } from '../../shared/paths.ts';

export type ProgressFigures = { p50: number; p99: number; writes: number; lost: number };

const LEARNERS = 50;
const SECONDS = 12;
/** Before that, as many learners warm the server up: what its first requests after a start cost is nobody's every day. */
const WARM_UP_SECONDS = 3;
/** Mean pause between two requests of a learner, in milliseconds. */
const PAUSE = 500;

type Event = { id: string; type: string } & Record<string, unknown>;

/** @param url of a running production site with the fixture course */
export async function benchProgress(url: string): Promise<ProgressFigures> {
  const learners = Array.from({ length: LEARNERS }, () => new Learner(url));
  // The first request of each makes a guest; that is measured by nobody who is already learning.
  for (const learner of learners) await learner.begin();
  for (const seconds of [WARM_UP_SECONDS, SECONDS]) {
    const end = performance.now() + seconds * 1000;
    for (const learner of learners) learner.times.length = 0;
    await Promise.all(learners.map((learner) => learner.learn(end)));
  }
  const times = learners.flatMap(({ times }) => times).sort((a, b) => a - b);
  const lost = await Promise.all(learners.map((learner) => learner.countLost()));
  return {
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    writes: times.length,
    lost: lost.reduce((sum, count) => sum + count, 0),
  };
}

function quantile(sorted: number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.POSITIVE_INFINITY;
}

const LESSON = 'one-pod-one-ip';

class Learner {
  readonly times: number[] = [];
  readonly #url: string;
  readonly #branch = randomUUID();
  readonly #acknowledged: Event[] = [];
  #cookie = '';
  #length = 0;

  constructor(url: string) {
    this.#url = url;
  }

  async begin(): Promise<void> {
    await this.#send([event('lesson.viewed')]);
  }

  async learn(end: number): Promise<void> {
    await sleep(Math.random() * PAUSE);
    for (let step = 0; performance.now() < end; step++) {
      await this.#send(this.#nextEvents(step));
      await sleep(PAUSE * (0.5 + Math.random()));
    }
  }

  #nextEvents(step: number): Event[] {
    if (step % 5 === 4) return [event('lesson.position', { ratio: Math.random() })];
    if (step === 7) return [event('lesson.completed', { confidence: 4 })];
    const entries = [{ at: step, tty: 0, kind: 'line', data: `ping -c 1 10.244.1.${step}` }];
    const from = this.#length;
    this.#length += 1;
    return [
      event('terminal.appended', { terminalId: 'pods', branch: this.#branch, from, entries, simVersion: 1, seed: 1 }),
    ];
  }

  async #send(events: Event[]): Promise<void> {
    const started = performance.now();
    const response = await fetch(new URL(api.events, this.#url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', Cookie: this.#cookie },
      body: JSON.stringify({ learner: null, events }),
    });
    const text = await response.text();
    this.times.push(performance.now() - started);
    if (!response.ok) throw new Error(`a write was answered ${response.status}: ${text.slice(0, 300)}`);
    this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.#cookie;
    const { results } = JSON.parse(text) as { results: { id: string; status: string; message?: string }[] };
    const refused = results.find(({ status }) => status !== 'accepted');
    if (refused) throw new Error(`an event was refused: ${refused.message}`);
    this.#acknowledged.push(...events);
  }

  /** Acknowledged writes that the learner's own export does not show. */
  async countLost(): Promise<number> {
    const response = await fetch(new URL(api.export, this.#url), { headers: { Cookie: this.#cookie } });
    const data = (await response.json()) as {
      lessons: { lessonId: string; completedAt: string | null; position: unknown }[];
      terminals: { branch: string; entries: { data: string }[] }[];
    };
    const lesson = data.lessons.find(({ lessonId }) => lessonId === LESSON);
    const log = data.terminals.find(({ branch }) => branch === this.#branch);
    const stored: Record<string, (event: Event) => boolean> = {
      'lesson.viewed': () => lesson !== undefined,
      'lesson.completed': () => lesson?.completedAt !== null,
      'lesson.position': () => lesson?.position !== null,
      'terminal.appended': ({ from, entries }) =>
        log?.entries[from as number]?.data === (entries as { data: string }[])[0]?.data,
    };
    return this.#acknowledged.filter((event) => !stored[event.type]?.(event)).length;
  }
}

function event(type: string, rest: Record<string, unknown> = {}): Event {
  return { id: randomUUID(), type, lessonId: LESSON, at: Date.now(), ...rest };
}
