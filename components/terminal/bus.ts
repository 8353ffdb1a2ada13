/**
 * From a Run button somewhere on the page to the terminal that runs it. Terminals say that they are there; a button does
 * not know whether its terminal has loaded yet, and need not.
 */
export type RunTarget = {
  readonly id: string;
  readonly title: string;
  /** Types the command in, wherever the terminal is, and shows it to the reader. Loads what is not loaded yet. */
  run(command: string): void;
};

const targets = new Map<string, RunTarget>();
const listeners = new Set<() => void>();

export function registerTerminal(target: RunTarget): () => void {
  targets.set(target.id, target);
  for (const listener of listeners) listener();
  return () => {
    if (targets.get(target.id) === target) targets.delete(target.id);
    for (const listener of listeners) listener();
  };
}

/** The terminal called `id`, or the first of the page. */
export function findTerminal(id?: string): RunTarget | undefined {
  return id === undefined ? targets.values().next().value : targets.get(id);
}

/** Hears of terminals that come and go. */
export function onTerminals(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Runs `command` in a terminal of this page; gives its title, or undefined when there is none. */
export function runInTerminal(id: string | undefined, command: string): string | undefined {
  const target = findTerminal(id);
  target?.run(command);
  return target?.title;
}
