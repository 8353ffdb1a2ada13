import type { HookName } from '../hooks.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { slot } from '../slot.ts';
import { BASE_CHAINS } from './layout.ts';
import { type Chain, newBaseChain, type Table, type TableName } from './rule.ts';

/** The tables of one address family in one namespace. A table comes to be when something is put in it. */
export class Tables {
  readonly family: Family;
  /** Told of a new table, to put its base chains on the hooks. */
  onCreate: ((name: TableName) => void) | undefined;
  readonly #tables = new Map<TableName, Table>();

  constructor(family: Family) {
    this.family = family;
  }

  get(name: TableName): Table | undefined {
    return this.#tables.get(name);
  }

  /** Makes the table with its base chains if it is not there yet. */
  ensure(name: TableName): Table {
    let table = this.#tables.get(name);
    if (table === undefined) {
      const chains = new Map<string, Chain>();
      for (const { name: chain, hook } of BASE_CHAINS[name]) chains.set(chain, newBaseChain(chain, hook));
      table = { name, chains, lastHandle: 0 };
      this.#tables.set(name, table);
      this.onCreate?.(name);
    }
    return table;
  }

  /** In the order in which they came. */
  all(): Table[] {
    return [...this.#tables.values()];
  }

  /** The table that a chain is in. */
  tableOf(chain: Chain): Table | undefined {
    for (const table of this.#tables.values()) if (table.chains.get(chain.name) === chain) return table;
    return undefined;
  }

  baseChain(table: TableName, hook: HookName): Chain | undefined {
    const chains = this.#tables.get(table)?.chains;
    if (chains === undefined) return undefined;
    for (const chain of chains.values()) if (chain.base?.hook === hook) return chain;
    return undefined;
  }
}

const tables4 = slot((_: NetNs) => new Tables(4));
const tables6 = slot((_: NetNs) => new Tables(6));

/** The tables of a namespace that iptables (4) or ip6tables (6) works on. */
export const tablesOf = (ns: NetNs, family: Family): Tables => (family === 4 ? tables4(ns) : tables6(ns));
