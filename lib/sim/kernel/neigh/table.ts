import type { Ip } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import type { Family } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { NEIGH_KEYS, NEIGH_TABLE_KEYS } from '../sysctl/neigh-keys.ts';
import { defaults, type Values } from '../sysctl/spec.ts';
import type { Neigh, NeighOps } from './neigh.ts';

/** Tunables of neighbours on one device (struct neigh_parms). */
export type NeighParms = Values<typeof NEIGH_KEYS>;

/** Who answers for an address that is not his (struct pneigh_entry). */
export type ProxyNeigh = { readonly address: Ip; readonly link: Link | undefined };

/** All neighbours of one family (struct neigh_table): ARP's or neighbour discovery's. Entries hang at their devices. */
export class NeighTable {
  readonly ns: NetNs;
  readonly family: Family;
  readonly defaults = { ...defaults(NEIGH_KEYS), ...defaults(NEIGH_TABLE_KEYS) };
  readonly proxies: ProxyNeigh[] = [];
  /** Set when the namespace is made: how this family asks and reports. */
  ops!: NeighOps;
  size = 0;

  constructor(ns: NetNs, family: Family) {
    this.ns = ns;
    this.family = family;
    if (family === 6) this.defaults.locktime = 0;
  }

  /** What a new device starts with. */
  newParms(): NeighParms {
    const { gc_interval: _i, gc_thresh1: _1, gc_thresh2: _2, gc_thresh3: _3, ...parms } = this.defaults;
    return parms;
  }

  /** The entries of one device, oldest first. */
  on(link: Link): Map<Ip, Neigh> {
    return (this.family === 4 ? link.inet.neighs : link.inet6?.neighs) ?? new Map();
  }

  parms(link: Link): NeighParms {
    return (this.family === 4 ? link.inet.neigh : link.inet6?.neigh) ?? this.defaults;
  }

  lookup(link: Link, address: Ip): Neigh | undefined {
    return this.on(link).get(address);
  }

  all(): Neigh[] {
    return this.ns.links().flatMap((link) => [...this.on(link).values()]);
  }
}
