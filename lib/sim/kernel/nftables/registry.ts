import type { NetNs } from '../netns.ts';
import { slot } from '../slot.ts';
import type { NftFamily, NftTable } from './rule.ts';
import type { TraceEvent } from './trace.ts';
import type { NftEvent } from './transaction.ts';

/** The tables of one namespace (struct nftables_pernet). */
export class Nftables {
  readonly ns: NetNs;
  readonly tables = new Map<string, NftTable>();
  /** Counts transactions. */
  generation = 1;
  lastTableHandle = 0;
  readonly #watchers = new Set<(event: NftEvent) => void>();
  readonly #tracers = new Set<(event: TraceEvent) => void>();

  constructor(ns: NetNs) {
    this.ns = ns;
  }

  get(family: NftFamily, name: string): NftTable | undefined {
    return this.tables.get(`${family} ${name}`);
  }

  /** In the order in which they came. */
  all(): NftTable[] {
    return [...this.tables.values()];
  }

  /** Tells what transactions change (`nft monitor`); the returned function ends it. */
  watch(listener: (event: NftEvent) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  publish(event: NftEvent): void {
    for (const listener of this.#watchers) listener(event);
  }

  /** Tells the way of traced packets (`nft monitor trace`). */
  watchTraces(listener: (event: TraceEvent) => void): () => void {
    this.#tracers.add(listener);
    return () => this.#tracers.delete(listener);
  }

  publishTrace(event: TraceEvent): void {
    for (const listener of this.#tracers) listener(event);
  }
}

export const nftablesOf = slot((ns: NetNs) => new Nftables(ns));
