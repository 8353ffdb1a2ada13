import { type Micros, WaitQueue } from '../base/index.ts';
import type { Kernel } from './kernel.ts';
import { slot } from './slot.ts';

/** `level` as syslog(3) numbers them: 4 is a warning. */
export type LogRecord = { readonly at: Micros; readonly level: number; readonly text: string };

const MOST_RECORDS = 2000;

/** The kernel's log (printk, /dev/kmsg): what dmesg shows. Old records give way to new ones. */
export class KernelLog {
  #records: LogRecord[] = [];
  /** How many there were before the first that is kept. */
  #dropped = 0;
  readonly written = new WaitQueue();

  write(record: LogRecord): void {
    this.#records.push(record);
    if (this.#records.length > MOST_RECORDS) {
      this.#records.shift();
      this.#dropped++;
    }
    this.written.wake();
  }

  /** Those from number `from` on (from 0 in this kernel's life), and the number of the next one. */
  since(from: number): { readonly records: readonly LogRecord[]; readonly next: number } {
    const records = this.#records.slice(Math.max(0, from - this.#dropped));
    return { records, next: this.#dropped + this.#records.length };
  }
}

/** The log of a machine; empty until something of the kernel that is loaded writes to it. */
export const kernelLog = slot((_: Kernel) => new KernelLog());
