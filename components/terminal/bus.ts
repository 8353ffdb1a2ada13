import type { TerminalSpec } from './controller';

/**
 * The terminals of a page, whether they have loaded or not. A Run button or a card in the text speaks to this; whoever
 * shows terminals (the dock of a lesson, a frame of its own) listens.
 */
export type PageTerminal = TerminalSpec & {
  /** Of the lesson whose progress keeps the log; without one the log lives as long as the page. */
  readonly lessonId?: string;
};

export type BusState = {
  readonly terminals: readonly PageTerminal[];
  /** The one in front, where only one is shown. */
  readonly active: string | undefined;
  /** Those that shall be loaded: the reader has come near them. */
  readonly wanted: ReadonlySet<string>;
  /** Counts the times that a terminal was asked to show itself. */
  readonly shown: number;
  /** The one that shall have the keyboard as soon as it can. */
  readonly focus: string | undefined;
};

const EMPTY: BusState = { terminals: [], active: undefined, wanted: new Set(), shown: 0, focus: undefined };

let state: BusState = EMPTY;
const listeners = new Set<() => void>();
const runners = new Map<string, (command: string) => void>();
const waiting = new Map<string, string[]>();

function set(change: Partial<BusState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export const busState = (): BusState => state;
export const emptyBus = (): BusState => EMPTY;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function registerTerminal(terminal: PageTerminal): () => void {
  set({
    terminals: [...state.terminals.filter(({ id }) => id !== terminal.id), terminal],
    active: state.active ?? terminal.id,
  });
  return () => {
    const terminals = state.terminals.filter((other) => other !== terminal);
    const wanted = new Set([...state.wanted].filter((id) => id !== terminal.id));
    set({ terminals, wanted, active: state.active === terminal.id ? terminals[0]?.id : state.active });
    waiting.delete(terminal.id);
  };
}

/** The terminal may load. */
export function wantTerminal(id: string): void {
  if (!state.wanted.has(id)) set({ wanted: new Set(state.wanted).add(id) });
}

/** The terminal comes to the front and in sight, and loads if it has not. */
export function showTerminal(id: string): void {
  set({ active: id, wanted: new Set(state.wanted).add(id), shown: state.shown + 1 });
}

/** As `showTerminal`, and the keyboard goes there. */
export function goToTerminal(id: string): void {
  showTerminal(id);
  set({ focus: id });
}

export function focused(): void {
  if (state.focus !== undefined) set({ focus: undefined });
}

/** The terminal comes to the front of its dock. */
export function activateTerminal(id: string): void {
  set({ active: id, wanted: new Set(state.wanted).add(id) });
}

/** A terminal that can run commands says so, and gets those that came before it. */
export function onRun(id: string, run: (command: string) => void): () => void {
  runners.set(id, run);
  for (const command of waiting.get(id) ?? []) run(command);
  waiting.delete(id);
  return () => {
    if (runners.get(id) === run) runners.delete(id);
  };
}

/** Commands that a terminal did not come to run: the next one of this id gets them. */
export function keepForLater(id: string, commands: readonly string[]): void {
  if (commands.length > 0 && state.terminals.some((terminal) => terminal.id === id)) waiting.set(id, [...commands]);
}

/** Runs `command` in the terminal called `id`, or the first of the page; gives its title, or undefined when there is none. */
export function runInTerminal(id: string | undefined, command: string): string | undefined {
  const target = id === undefined ? state.terminals[0] : state.terminals.find((terminal) => terminal.id === id);
  if (target === undefined) return undefined;
  showTerminal(target.id);
  const run = runners.get(target.id);
  if (run !== undefined) run(command);
  else waiting.set(target.id, [...(waiting.get(target.id) ?? []), command]);
  return target.title;
}
