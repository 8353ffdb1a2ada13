import type { EventOf, EventResult, EventsAnswer, ProgressEvent } from '@/lib/progress';
import { api } from '@/lib/shared/paths';
import { uuid } from '@/lib/shared/uuid';
import { channel } from './channel';
import { settleConflict } from './conflicts';
import { isFull, noteFull } from './full-branches';
import { openOutbox } from './indexed-outbox';
import { applyAnswer, knowLearner, learnerId, noteCompleted, noteWaitingAnswer, refreshMe } from './me-store';
import type { NewEvent } from './new-event';
import type { Outbox } from './outbox';
import { ownEvents } from './own-events';
import { Sender } from './sender';
import { setSync } from './sync-store';

/**
 * The browser's half of progress. Pages are static; me-store.ts brings the personal part in one request. `record` puts what happened into the outbox and returns at once; the sender delivers
 * it whenever it can. Exists once in a page and begins with the first use.
 */
type Client = { outbox: Outbox; sender: Sender };

let started: Promise<Client> | undefined;

/** Set when the learner leaves: what is recorded after that would be nobody's or the wrong one's. */
let leaving = false;

/** @returns the event's id */
export function record(event: NewEvent): string {
  const complete = { ...event, id: uuid(), at: Date.now() } as ProgressEvent;
  ownEvents.add(complete.id);
  if (complete.type === 'quiz.answered') noteWaitingAnswer(complete);
  if (complete.type === 'lesson.completed') noteCompleted(complete);
  void keep(complete);
  return complete.id;
}

async function keep(event: ProgressEvent): Promise<void> {
  if (leaving) return;
  const { outbox, sender } = await client();
  await outbox.add(learnerId(), event);
  sender.wake();
}

/** What waits of earlier visits and other tabs too. `adopt`: this page answers for conflicts about these from now on. */
export async function waiting(adopt?: (event: ProgressEvent) => boolean): Promise<ProgressEvent[]> {
  const { outbox } = await client();
  const events = (await outbox.all()).map(({ event }) => event);
  for (const event of events) if (adopt?.(event)) ownEvents.add(event.id);
  return events;
}

export function client(): Promise<Client> {
  started ??= start();
  return started;
}

/** Tries at once, whatever the pause. */
export function sendNow(): void {
  void client().then(({ sender }) => sender.wake());
}

async function start(): Promise<Client> {
  const outbox = await openOutbox();
  setSync({ durable: outbox.durable });
  const sender: Sender = new Sender(outbox, {
    post: async (body) =>
      await fetch(api.events, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json' },
        cache: 'no-store',
      }),
    exclusively: async (work) =>
      void (await (navigator.locks ? navigator.locks.request('hopwise-outbox', work) : work())),
    answered: async (answer, events) => {
      if (noteFull(answer.results, events)) setSync({ full: true });
      for (const event of conflicts(answer, events)) await settleConflict(event, record);
      take(answer, events);
      channel().post({ type: 'answered', answer, events });
    },
    report: setSync,
  });
  listen(sender);
  for (const { event } of await outbox.all()) if (event.type === 'quiz.answered') noteWaitingAnswer(event);
  sender.wake();
  return { outbox, sender };
}

function take(answer: EventsAnswer, events: ProgressEvent[]): void {
  if (noteFull(answer.results, events)) setSync({ full: true });
  knowLearner(answer.learner);
  applyAnswer(answer.results, events);
}

function conflicts({ results }: EventsAnswer, events: ProgressEvent[]): EventOf<'terminal.appended'>[] {
  const refused = (result: EventResult | undefined) => result?.status === 'rejected' && result.reason === 'conflict';
  return events.flatMap((event, index) => {
    const conflict = event.type === 'terminal.appended' && refused(results[index]) && !isFull(event.branch);
    return conflict ? [event] : [];
  });
}

function listen(sender: Sender): void {
  channel().on((message) => {
    if (message.type === 'answered') take(message.answer, message.events);
    if (message.type === 'learner') {
      refreshMe();
      sender.learnerChanged();
    }
  });
  addEventListener('online', () => sender.wake());
  addEventListener('pageshow', () => sender.wake());
  document.addEventListener('visibilitychange', () => sender.wake());
}

/** To be called after signing in or out: asks anew who this is, in every tab. */
export function learnerChanged(): void {
  channel().post({ type: 'learner' });
  refreshMe();
  void client().then(({ sender }) => sender.learnerChanged());
}

const DELIVERY_MS = 3_000;

/** Before the learner leaves: delivers what waits, as far as that is possible in a few seconds. What remains stays theirs. @returns takes it back */
export async function deliverAndLeave(): Promise<() => void> {
  leaving = true;
  const { outbox, sender } = await client();
  sender.wake();
  const end = Date.now() + DELIVERY_MS;
  while (Date.now() < end && (await outbox.all()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  return () => {
    leaving = false;
  };
}

/** Drops what was not sent yet, when its learner has asked to be forgotten. */
export async function forgetWaiting(): Promise<void> {
  const { outbox } = await client();
  await outbox.remove((await outbox.all()).map(({ seq }) => seq));
}
