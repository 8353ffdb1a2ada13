import type { EventQueue, Micros, WaitQueue } from '../base/index.ts';
import type { Wait } from './types.ts';

/** What a process costs and how long the machine takes, in virtual microseconds. */
export const COST = {
  /** From a wake-up until the process runs. */
  wakeUp: 2,
  /** One slice of processor time: what `yield {}` stands for. */
  slice: 10,
  /** fork(2) of a shell into a subshell. */
  fork: 250,
  /** fork(2) and execve(2) of a command, at least; up to as much again by chance. */
  exec: 700,
} as const;

/**
 * Resumes what waits. There is no ready queue beside the event queue: a process that may run is an event a few
 * microseconds ahead, so processor time is virtual time, endless loops cannot keep a timer from firing, and whoever
 * drives the event queue decides how many steps happen in one slice of wall time.
 */
export class Scheduler {
  /** Steps of processes so far: a measure of work for budgets. */
  steps = 0;

  constructor(readonly events: EventQueue) {}

  /** Calls `resume` once, when one of the wait's queues wakes or its time has come. The result takes the wait back. */
  park(wait: Wait, resume: () => void): () => void {
    const undo: (() => void)[] = [];
    const cancel = () => {
      for (const step of undo) step();
      undo.length = 0;
    };
    const wake = () => {
      cancel();
      const timer = this.after(COST.wakeUp, resume);
      undo.push(timer);
    };
    for (const queue of wait.queues ?? []) undo.push(onWake(queue, wake));
    if (wait.until !== undefined) undo.push(this.after(wait.until - this.events.now, () => (cancel(), resume())));
    if (wait.queues === undefined && wait.until === undefined) undo.push(this.after(COST.slice, resume));
    return cancel;
  }

  /** Runs something later; the result calls it off. */
  after(delay: Micros, run: () => void): () => void {
    const timer = this.events.after(delay, () => {
      this.steps++;
      run();
    });
    return () => timer.cancel();
  }
}

const onWake = (queue: WaitQueue, wake: () => void): (() => void) => {
  const off = queue.once(wake);
  return () => void off();
};
