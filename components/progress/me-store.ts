import { useEffect, useSyncExternalStore } from 'react';
import type { EventOf, EventResult, Me, ProgressEvent } from '@/lib/progress';
import { meOf } from '@/lib/shared/paths';

/**
 * The personal part of a static page, from one small request. What happens on the page is seen at once; what the server
 * says about it, when it arrives.
 */
export type Personal = {
  /** `unknown`: the server could not be asked; it is tried again when the network is back. */
  state: 'loading' | 'known' | 'unknown';
  me?: Me;
  /** Answers that wait to be graded, by question. */
  waiting: Readonly<Record<string, string[]>>;
  /** Why the server did not take an answer, by question. */
  refused: Readonly<Record<string, string>>;
};

/** The page's lesson, or '' for a page without one. */
type Key = string;

const nobody: Personal = { state: 'loading', waiting: {}, refused: {} };
const pages = new Map<Key, Personal>();
/** The last request for each page, and when it was made. */
const requests = new Map<Key, { at: number; me: Promise<Me | undefined> }>();
/** When a terminal of a lesson was last appended to, here or in another tab. */
const typed = new Map<Key, number>();
const listeners = new Set<() => void>();
let learner: Me['learner'] | undefined;

const RETRY_MS = 5_000;
/** After that long somebody may have gone on elsewhere. */
const FRESH_MS = 20_000;
/** Time for a lesson on the same page to ask, which answers for the header too. */
const PATIENCE_MS = 60;

function set(key: Key, change: Partial<Personal>): void {
  pages.set(key, { ...(pages.get(key) ?? nobody), ...change });
  for (const listener of listeners) listener();
}

export function learnerId(): string | null {
  return learner?.id ?? null;
}

export function knowLearner(known: Me['learner']): void {
  learner = known;
  for (const [key, page] of pages) if (page.me) pages.set(key, { ...page, me: { ...page.me, learner: known } });
  for (const listener of listeners) listener();
}

/** @returns undefined when the server cannot be asked now */
export function loadMe(lessonId: Key): Promise<Me | undefined> {
  const last = requests.get(lessonId);
  if (last && Date.now() - last.at < FRESH_MS && (typed.get(lessonId) ?? 0) < last.at) return last.me;
  const me = request(lessonId);
  requests.set(lessonId, { at: Date.now(), me });
  return me;
}

async function request(lessonId: Key): Promise<Me | undefined> {
  try {
    // As the page preloads it (not with other options): the answer itself says that nobody may store it.
    const response = await fetch(meOf(lessonId));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const me = (await response.json()) as Me;
    set(lessonId, { state: 'known', me });
    knowLearner(me.learner);
    return me;
  } catch {
    requests.delete(lessonId);
    if (pages.get(lessonId)?.state !== 'known') set(lessonId, { state: 'unknown' });
    setTimeout(() => void loadMe(lessonId), RETRY_MS);
    return undefined;
  }
}

/** Asks again for all that is shown. */
export function refreshMe(): void {
  const shown = [...requests.keys()];
  requests.clear();
  for (const key of shown) void loadMe(key);
}

export function noteWaitingAnswer({ lessonId, questionId, answer }: EventOf<'quiz.answered'>): void {
  const { waiting, refused } = pages.get(lessonId) ?? nobody;
  const { [questionId]: _old, ...others } = refused;
  set(lessonId, { waiting: { ...waiting, [questionId]: answer }, refused: others });
}

export function noteCompleted({ lessonId, at, confidence }: EventOf<'lesson.completed'>): void {
  const me = pages.get(lessonId)?.me;
  const date = new Date(at).toISOString();
  if (me)
    set(lessonId, {
      me: { ...me, lesson: { startedAt: date, completedAt: date, ...me.lesson, ...(confidence && { confidence }) } },
    });
}

export function applyAnswer(results: EventResult[], events: ProgressEvent[]): void {
  events.forEach((event, index) => {
    const result = results[index];
    if (event.type === 'quiz.answered' && result) applyGrade(event, result);
    if (event.type === 'terminal.appended' || event.type === 'terminal.resumed') typed.set(event.lessonId, Date.now());
  });
}

function applyGrade({ lessonId, questionId }: EventOf<'quiz.answered'>, result: EventResult): void {
  const page = pages.get(lessonId) ?? nobody;
  const { [questionId]: _answered, ...waiting } = page.waiting;
  if (result.status === 'rejected') {
    set(lessonId, { waiting, refused: { ...page.refused, [questionId]: result.message } });
    return;
  }
  const me = page.me ?? { learner: learner ?? null, quiz: {}, terminals: {} };
  set(lessonId, { waiting, ...(result.quiz && { me: { ...me, quiz: { ...me.quiz, [questionId]: result.quiz } } }) });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param lessonId of a lesson's page; without it only `me.learner` is asked for */
export function useMe(lessonId: Key = ''): Personal {
  const personal = useSyncExternalStore(
    subscribe,
    () => pages.get(lessonId) ?? nobody,
    () => nobody,
  );
  useEffect(() => {
    if (lessonId) {
      void loadMe(lessonId);
      return;
    }
    const timer = setTimeout(() => {
      if (requests.size === 0) void loadMe('');
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lessonId]);
  return personal;
}

/** Who this is, as soon as any request has told; undefined before. */
export function useLearner(): Me['learner'] | undefined {
  useMe();
  return useSyncExternalStore(
    subscribe,
    () => learner,
    () => undefined,
  );
}
