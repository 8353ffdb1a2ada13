import { SECOND } from '../../base/index.ts';
import type { NeighMessage } from '../messages.ts';
import type { Neigh } from './neigh.ts';
import type { NeighTable, ProxyNeigh } from './table.ts';

export function neighMessage(neigh: Neigh): NeighMessage {
  const { now } = neigh.table.ns.kernel.events;
  const age = (since: number): number => Math.max(0, Math.floor((now - since) / SECOND));
  return {
    family: neigh.table.family,
    ifindex: neigh.link.ifindex,
    dst: neigh.address,
    lladdr: neigh.valid ? neigh.lladdr : undefined,
    state: neigh.state,
    proxy: false,
    router: neigh.router,
    externLearn: neigh.externLearn,
    protocol: neigh.protocol,
    probes: neigh.probes,
    used: age(neigh.used),
    confirmed: age(neigh.confirmed),
    updated: age(neigh.updated),
  };
}

export function proxyMessage(table: NeighTable, proxy: ProxyNeigh): NeighMessage {
  return {
    family: table.family,
    ifindex: proxy.link?.ifindex ?? 0,
    dst: proxy.address,
    lladdr: undefined,
    state: 'NONE',
    proxy: true,
    router: false,
    externLearn: false,
    protocol: 0,
    probes: 0,
    used: 0,
    confirmed: 0,
    updated: 0,
  };
}

export function notifyNeigh(neigh: Neigh, type: 'newneigh' | 'delneigh'): void {
  const { ns } = neigh.table;
  if (ns.watched) ns.notify({ type, neigh: neighMessage(neigh) });
}
