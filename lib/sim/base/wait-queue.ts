/**
 * A place where something waits for a condition to change, as the kernel's wait queues are: whoever changes the state
 * calls `wake`, whoever waits looks at the state again. A wake says "look again", never what happened.
 */
export class WaitQueue {
  #waiting = new Set<() => void>();

  /** Calls `listener` once at the next wake; the returned function takes it off the queue. */
  once(listener: () => void): () => void {
    this.#waiting.add(listener);
    return () => this.#waiting.delete(listener);
  }

  /** Whether anybody waits now. */
  get isAwaited(): boolean {
    return this.#waiting.size > 0;
  }

  wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) listener();
  }
}
