import { done, fail, isMulticastMac, type Mac, type Result, SECOND } from '../../base/index.ts';
import { joinGroup } from '../link/groups.ts';
import type { Link } from '../link/link.ts';
import type { FdbMessage, NewFlags } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { DelFdb, NewFdb } from '../requests.ts';
import type { Bridge } from './bridge.ts';
import type { FdbEntry } from './fdb.ts';
import type { BridgePort } from './port.ts';

/** RTM_NEWNEIGH of AF_BRIDGE (rtnl_fdb_add). */
export function newFdb(ns: NetNs, request: NewFdb, flags: NewFlags): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV');
  if (request.on === 'master')
    return link.port === undefined ? fail('EOPNOTSUPP') : addEntry(link.port.bridge, link.port, request, flags);
  if (link.bridge !== undefined) return addEntry(link.bridge, undefined, request, flags);
  if (link.kind.fdb !== undefined) return link.kind.fdb.add(link, request, flags);
  return addOwn(link, request, flags);
}

/** fdb_add_entry() */
function addEntry(bridge: Bridge, port: BridgePort | undefined, request: NewFdb, flags: NewFlags): Result<void> {
  if (request.vlan !== undefined) return fail('EINVAL');
  if (request.state === 'reachable' && port !== undefined && port.state !== 'learning' && port.state !== 'forwarding')
    return fail('EPERM');
  const known = bridge.fdb.find(request.mac);
  if (known === undefined && flags.create !== true) return fail('ENOENT');
  if (known !== undefined && flags.excl === true) return fail('EEXIST');
  const now = bridge.link.ns.kernel.events.now;
  const entry: FdbEntry = {
    mac: request.mac,
    port,
    local: request.state === 'permanent',
    fixed: request.state !== 'reachable',
    sticky: request.sticky === true,
    externLearn: false,
    updated: now,
    used: now,
  };
  if (known !== undefined) Object.assign(known, entry);
  else bridge.fdb.set(entry);
  bridge.link.ns.notify({ type: 'newfdb', fdb: entryMessage(bridge, entry, now) });
  return done;
}

/** ndo_dflt_fdb_add(): an address that the device itself listens to. */
function addOwn(link: Link, request: NewFdb, flags: NewFlags): Result<void> {
  if (request.state !== 'permanent') return fail('EINVAL');
  if (request.vlan !== undefined) return fail('EINVAL');
  if (isMulticastMac(request.mac)) {
    if (link.groups.has(request.mac)) return flags.excl === true ? fail('EEXIST') : done;
    joinGroup(link, request.mac);
    return done;
  }
  if (link.unicast.has(request.mac)) return flags.excl === true ? fail('EEXIST') : done;
  link.unicast.add(request.mac);
  return done;
}

/** RTM_DELNEIGH of AF_BRIDGE. */
export function delFdb(ns: NetNs, request: DelFdb): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV');
  if (request.on === 'master' && link.port === undefined) return fail('EOPNOTSUPP');
  if (request.on === 'self' && link.kind.fdb !== undefined) return link.kind.fdb.del(link, request);
  const bridge = request.on === 'master' ? link.port?.bridge : link.bridge;
  if (bridge === undefined)
    return link.groups.delete(request.mac) || link.unicast.delete(request.mac) ? done : fail('ENOENT');
  const entry = bridge.fdb.find(request.mac);
  if (entry === undefined || entry.port !== (request.on === 'master' ? link.port : undefined)) return fail('ENOENT');
  bridge.fdb.delete(request.mac);
  ns.notify({ type: 'delfdb', fdb: entryMessage(bridge, entry, ns.kernel.events.now) });
  return done;
}

/** In the kernel's order: device by device, a port's entries in its bridge, then the device's own groups. */
export function dumpFdb(ns: NetNs): FdbMessage[] {
  const now = ns.kernel.events.now;
  return ns.links().flatMap((link) => {
    const { port, bridge } = link;
    const learnt =
      port === undefined
        ? []
        : port.bridge.fdb
            .list()
            .filter((e) => e.port === port)
            .map((e) => entryMessage(port.bridge, e, now));
    const own =
      link.kind.fdb?.dump(link) ?? [...link.unicast, ...link.groups.keys()].map((mac) => ownMessage(link, mac));
    const bridges =
      bridge === undefined
        ? []
        : bridge.fdb
            .list()
            .filter((e) => e.port === undefined)
            .map((e) => entryMessage(bridge, e, now));
    return [...learnt, ...own, ...bridges];
  });
}

function entryMessage(bridge: Bridge, entry: FdbEntry, now: number): FdbMessage {
  return {
    ifindex: (entry.port?.link ?? bridge.link).ifindex,
    mac: entry.mac,
    master: bridge.link.ifindex,
    self: false,
    state: entry.local
      ? 'permanent'
      : entry.fixed
        ? 'static'
        : now - entry.updated > bridge.ageingTime * 10_000
          ? 'stale'
          : '',
    vlan: undefined,
    sticky: entry.sticky,
    externLearn: entry.externLearn,
    used: Math.floor((now - entry.used) / SECOND),
    updated: Math.floor((now - entry.updated) / SECOND),
  };
}

const ownMessage = (link: Link, mac: Mac): FdbMessage => ({
  ifindex: link.ifindex,
  mac,
  master: undefined,
  self: true,
  state: 'permanent',
  vlan: undefined,
  sticky: false,
  externLearn: false,
  used: 0,
  updated: 0,
});
