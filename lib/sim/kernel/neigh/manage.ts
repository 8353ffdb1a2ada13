import type { Ip, Mac } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import { notifyNeigh } from './message.ts';
import { Neigh } from './neigh.ts';
import type { NeighTable } from './table.ts';

/** __neigh_create(); undefined when the table is full of entries that must stay ("neighbour: arp_cache: neighbor table overflow!"). */
export function createNeigh(table: NeighTable, link: Link, address: Ip): Neigh | undefined {
  if (table.size >= table.defaults.gc_thresh3 && collect(table) === 0) return undefined;
  const neigh = new Neigh(table, link, address);
  table.on(link).set(address, neigh);
  table.size++;
  return neigh;
}

export const findOrCreate = (table: NeighTable, link: Link, address: Ip): Neigh | undefined =>
  table.lookup(link, address) ?? createNeigh(table, link, address);

/** neigh_event_ns(): somebody asked for us, and said who he is. */
export function heardFrom(table: NeighTable, link: Link, address: Ip, lladdr: Mac): void {
  findOrCreate(table, link, address)?.update(lladdr, 'STALE', { override: true });
}

export function removeNeigh(neigh: Neigh): void {
  neigh.kill();
  if (neigh.table.on(neigh.link).delete(neigh.address)) neigh.table.size--;
  notifyNeigh(neigh, 'delneigh');
}

/** neigh_ifdown() and neigh_changeaddr(); `keepPermanent` when only the carrier is gone. */
export function flushLink(table: NeighTable, link: Link, keepPermanent: boolean): void {
  for (const neigh of [...table.on(link).values()]) {
    if (!keepPermanent || neigh.state !== 'PERMANENT') removeNeigh(neigh);
  }
}

/** neigh_forced_gc(): unused entries go; how many went. */
function collect(table: NeighTable): number {
  const now = table.ns.kernel.events.now;
  const dispensable = table
    .all()
    .filter((n) => n.state === 'FAILED' || n.state === 'NOARP' || (n.state === 'STALE' && now - n.updated > 5_000_000));
  for (const neigh of dispensable) removeNeigh(neigh);
  return dispensable.length;
}
