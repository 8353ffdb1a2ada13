import { done, fail, isMulticastMac, type Mac, type Result } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import type { FdbMessage, NewFlags } from '../messages.ts';
import type { DelFdb, NewFdb } from '../requests.ts';
import { DEFAULT, messagesOf, type Remote } from './fdb.ts';
import { type Vxlan, vxlanOf } from './vxlan.ts';

const isForMany = (mac: Mac): boolean => mac === DEFAULT || isMulticastMac(mac);

/** vxlan_fdb_parse() */
function remoteOf({ config, family, underlay }: Vxlan, tunnel: NewFdb['tunnel']): Result<Remote> {
  const { dst, port, vni, via } = tunnel ?? {};
  if (dst !== undefined && dst.family !== family) return fail('EAFNOSUPPORT');
  if (via !== undefined && underlay.linkByIndex(via) === undefined) return fail('EADDRNOTAVAIL');
  return { ok: true, value: { dst, port: port ?? 0, vni: vni ?? config.id, via: via ?? 0 } };
}

const same = (a: Remote, b: Remote): boolean =>
  a.dst === b.dst && a.port === b.port && a.vni === b.vni && a.via === b.via;

/** vxlan_fdb_add() */
export function addFdb(link: Link, request: NewFdb, flags: NewFlags): Result<void> {
  const vxlan = vxlanOf(link);
  const { fdb, config } = vxlan;
  const { mac, state } = request;
  const remote = remoteOf(vxlan, request.tunnel);
  if (!remote.ok) return remote;
  if (remote.value.dst === undefined || remote.value.dst.isUnspecified) return fail('EINVAL');
  const known = fdb.find(mac);
  if (known === undefined) {
    if (flags.create !== true) return fail('ENOENT');
    if (flags.replace === true && isForMany(mac)) return fail('EOPNOTSUPP', 'Cannot replace non-unicast fdb entries');
    if (config.limit !== 0 && fdb.size >= config.limit) return fail('ENOSPC');
    fdb.set(mac, state, remote.value);
    return done;
  }
  if (flags.excl === true) return fail('EEXIST');
  known.state = state;
  known.updated = link.ns.kernel.events.now;
  if (flags.replace === true) {
    if (isForMany(mac)) return fail('EOPNOTSUPP', 'Cannot replace non-unicast fdb entries');
    known.remotes.splice(0, known.remotes.length, remote.value);
  } else if (flags.append === true && isForMany(mac) && !known.remotes.some((one) => same(one, remote.value))) {
    known.remotes.push(remote.value);
  }
  fdb.changed(mac);
  return done;
}

/** vxlan_fdb_delete(): one far end when it is named and others are left, else the entry. */
export function delFdb(link: Link, request: DelFdb): Result<void> {
  const vxlan = vxlanOf(link);
  const remote = remoteOf(vxlan, request.tunnel);
  if (!remote.ok) return remote;
  const entry = vxlan.fdb.find(request.mac);
  if (entry === undefined) return fail('ENOENT');
  const at = entry.remotes.findIndex((one) => same(one, remote.value));
  // A far end that it has not is not missed.
  if (remote.value.dst !== undefined && at === -1) return done;
  if (remote.value.dst !== undefined && entry.remotes.length > 1) entry.remotes.splice(at, 1);
  else vxlan.fdb.delete(request.mac);
  return done;
}

/** vxlan_fdb_dump() */
export const dumpFdb = (link: Link): FdbMessage[] => {
  const vxlan = vxlanOf(link);
  return vxlan.fdb.list().flatMap((entry) => messagesOf(vxlan, entry));
};
