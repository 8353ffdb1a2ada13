import { done, fail, Ip, type Result } from '../../base/index.ts';
import type { Family, NeighMessage, NewFlags } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { DelNeigh, NewNeigh } from '../requests.ts';
import { createNeigh, removeNeigh } from './manage.ts';
import { neighMessage, proxyMessage } from './message.ts';
import type { NeighTable } from './table.ts';

const tableOf = (ns: NetNs, family: Family): NeighTable => (family === 4 ? ns.neigh4 : ns.neigh6);

/** RTM_NEWNEIGH (neigh_add) */
export function newNeigh(ns: NetNs, request: NewNeigh, flags: NewFlags): Result<void> {
  const table = tableOf(ns, request.dst.family);
  const link = request.ifindex === 0 ? undefined : ns.linkByIndex(request.ifindex);
  if (request.ifindex !== 0 && link === undefined) return fail('ENODEV');
  if (request.proxy === true) {
    if (!table.proxies.some((p) => p.address === request.dst && p.link === link))
      table.proxies.push({ address: request.dst, link });
    return done;
  }
  if (link === undefined) return fail('EINVAL', 'Device not specified');
  // All of IPv4 behind lo is one neighbour (arp_hash, arp_key_eq).
  const dst = link.isLoopback && table.family === 4 ? Ip.any4 : request.dst;
  let neigh = table.lookup(link, dst);
  const known = neigh !== undefined;
  if (neigh === undefined) {
    if (flags.create !== true) return fail('ENOENT');
    const state = request.state ?? 'PERMANENT';
    const needsAddress = state !== 'NONE' && state !== 'INCOMPLETE' && state !== 'FAILED';
    if (request.lladdr === undefined && needsAddress) return fail('EINVAL', 'No link layer address given');
    neigh = createNeigh(table, link, dst);
    if (neigh === undefined) return fail('ENOBUFS');
  } else if (flags.excl === true) {
    return fail('EEXIST');
  }
  if (request.protocol !== undefined) neigh.protocol = request.protocol;
  if (request.externLearn !== undefined) neigh.externLearn = request.externLearn;
  const update = {
    admin: true,
    override: !known || flags.replace === true || request.lladdr === undefined,
    weakOverride: true,
    ...(request.router === undefined ? {} : { router: request.router }),
  };
  const outcome = neigh.update(request.lladdr, request.state ?? 'PERMANENT', update);
  return outcome === 'no-address' ? fail('EINVAL', 'No link layer address given') : done;
}

/** RTM_DELNEIGH (neigh_delete) */
export function delNeigh(ns: NetNs, request: DelNeigh): Result<void> {
  const table = tableOf(ns, request.dst.family);
  const link = request.ifindex === 0 ? undefined : ns.linkByIndex(request.ifindex);
  if (request.ifindex !== 0 && link === undefined) return fail('ENODEV');
  if (request.proxy === true) {
    const at = table.proxies.findIndex((p) => p.address === request.dst && p.link === link);
    if (at === -1) return fail('ENOENT');
    table.proxies.splice(at, 1);
    return done;
  }
  if (link === undefined) return fail('EINVAL');
  const neigh = table.lookup(link, request.dst);
  if (neigh === undefined) return fail('ENOENT');
  neigh.update(undefined, 'FAILED', { admin: true, override: true });
  removeNeigh(neigh);
  return done;
}

/** Entries of one family or both, then the proxied addresses. */
export function dumpNeighs(ns: NetNs, family?: Family): NeighMessage[] {
  const tables = [ns.neigh4, ns.neigh6].filter((table) => family === undefined || table.family === family);
  return tables.flatMap((table) => [
    ...table.all().map(neighMessage),
    ...table.proxies.map((p) => proxyMessage(table, p)),
  ]);
}
