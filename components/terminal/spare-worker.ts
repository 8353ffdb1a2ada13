/**
 * The simulator's worker takes as long to come as the rest of a terminal does, and needs nothing of it: it is fetched and
 * started as soon as a terminal is wanted, and waits here for the terminal that takes it.
 */
const spares = new Set<Worker>();

/** Starts a spare, unless one waits already. */
export function warmWorker(): void {
  if (spares.size > 0) return;
  const worker = startWorker();
  // One that could not be loaded is no spare; the terminal's own attempt will say what is wrong.
  worker.onerror = (event) => {
    event.preventDefault();
    spares.delete(worker);
  };
  spares.add(worker);
}

export function takeWorker(): Worker {
  const [spare] = spares;
  if (spare === undefined) return startWorker();
  spares.delete(spare);
  return spare;
}

const startWorker = (): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'hopwise-simulator' });
