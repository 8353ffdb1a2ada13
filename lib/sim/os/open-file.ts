import { type Result, WaitQueue } from '../base/index.ts';
import type { Signal } from './signals.ts';
import type { OpenFile, Process } from './types.ts';

/** What every open file description has: a count of the descriptors that lead to it, and queues for those who wait. */
export abstract class Description implements OpenFile {
  abstract readonly kind: OpenFile['kind'];
  abstract readonly path: string;
  #references = 0;

  constructor(
    readonly readable: WaitQueue = new WaitQueue(),
    readonly writable: WaitQueue = new WaitQueue(),
  ) {}

  abstract read(size: number, delimiter?: number): Result<Uint8Array | 'eof' | 'again'>;
  abstract write(data: Uint8Array): Result<number>;

  retain(): OpenFile {
    this.#references++;
    return this;
  }

  release(): void {
    this.#references--;
    if (this.#references === 0) this.closed();
  }

  refusal(_process: Process, _access: 'read' | 'write'): Signal | undefined {
    return undefined;
  }

  /** The last descriptor is gone. */
  protected closed(): void {}
}

/** How many of the first `size` bytes to take so that none after the first `delimiter` is taken. */
export function takeUntil(bytes: Uint8Array, size: number, delimiter: number | undefined): number {
  const most = Math.min(size, bytes.length);
  if (delimiter === undefined) return most;
  const at = bytes.indexOf(delimiter);
  return at === -1 ? most : Math.min(most, at + 1);
}
