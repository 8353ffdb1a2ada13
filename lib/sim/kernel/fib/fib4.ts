import { RT_TABLE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { Exceptions } from './exceptions.ts';
import type { Route4 } from './route.ts';
import { Table4 } from './table4.ts';

/** The IPv4 routing tables of a namespace, and what it learnt about single destinations. */
export class Fib4 {
  readonly ns: NetNs;
  readonly exceptions: Exceptions;
  readonly local = new Table4(RT_TABLE.local);
  readonly main = new Table4(RT_TABLE.main);
  readonly #tables = new Map<number, Table4>();

  constructor(ns: NetNs) {
    this.ns = ns;
    this.exceptions = new Exceptions(ns);
    for (const table of [this.local, this.main]) this.#tables.set(table.id, table);
  }

  table(id: number): Table4 | undefined {
    return this.#tables.get(id);
  }

  tableForInsert(id: number): Table4 {
    const known = this.#tables.get(id);
    if (known !== undefined) return known;
    const table = new Table4(id);
    this.#tables.set(id, table);
    return table;
  }

  /** In the order of the kernel's hash of 256 buckets. */
  tables(): Table4[] {
    return [...this.#tables.values()].sort((a, b) => (a.id & 255) - (b.id & 255) || a.id - b.id);
  }

  /** fib_flush(): drops the routes that `dead` says so of; those dropped. */
  flush(dead: (route: Route4) => boolean): Route4[] {
    const gone: Route4[] = [];
    for (const table of this.tables()) {
      for (const route of table.list()) {
        if (!dead(route)) continue;
        table.remove(route);
        gone.push(route);
      }
    }
    return gone;
  }
}
