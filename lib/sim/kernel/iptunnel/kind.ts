import { done, fail, Ip, type Mac, ok, type Result } from '../../base/index.ts';
import { routeOutput } from '../ip/route.ts';
import { newLink } from '../link/create.ts';
import type { TunnelData, TunnelRequest } from '../link/data.ts';
import type { LinkKind } from '../link/kind.ts';
import type { Link } from '../link/link.ts';
import { IFF } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { transmit } from './transmit.ts';
import { attach, headroom, type Tunnel, type TunnelKindName, tunnelOf, tunnelsOf } from './tunnel.ts';

const FALLBACK: Readonly<Record<TunnelKindName, string>> = { ipip: 'tunl0', gre: 'gre0', sit: 'sit0' };
const USUAL_MTU = 1500;

/** An address as the device's link-layer address: four bytes. */
const asMac = (address: Ip | undefined): Mac => (address?.v4 ?? 0) as Mac;

export function tunnelKind(name: TunnelKindName): LinkKind {
  return {
    name,
    type: name,
    header: 0,
    template: `${name}%d`,
    flags: IFF.NOARP,
    mtu: USUAL_MTU - headroom({ kind: name, key: undefined }),
    minMtu: 0,
    maxMtu: 0,
    queues: 1,
    create(link, request, source) {
      const data: TunnelRequest = request.data?.kind === name ? request.data : { kind: name };
      return create(link, name, data, source, request.mtu);
    },
    change(link, data) {
      return data.kind === name ? change(tunnelOf(link), data) : fail('EINVAL');
    },
    data: describe,
    linkNs: (link) => tunnelOf(link).underlay,
    iflink: (link) => tunnelOf(link).dev?.ifindex ?? 0,
    lladdr: (link, next) => asMac(tunnelOf(link).remote ?? next),
    linkLocal: (address) => linkLocal(name, Ip.fromV4(address)),
    checkMac: () => fail('EOPNOTSUPP'),
    transmit,
    destroy(link) {
      tunnelsOf(tunnelOf(link).underlay).delete(tunnelOf(link));
      return [];
    },
  };
}

function create(
  link: Link,
  kind: TunnelKindName,
  data: TunnelRequest,
  underlay: NetNs,
  mtu: number | undefined,
): Result<void> {
  const tunnel: Tunnel = {
    link,
    kind,
    underlay,
    fallback: link.name === FALLBACK[kind],
    local: known(data.local),
    remote: known(data.remote),
    dev: data.link === undefined ? undefined : underlay.linkByIndex(data.link),
    ttl: data.ttl ?? 0,
    tos: data.tos ?? 0,
    pmtudisc: data.pmtudisc ?? true,
    key: data.key,
  };
  const problem = refuse(tunnel, undefined);
  if (problem !== undefined) return problem;
  attach(tunnel);
  bind(tunnel, mtu);
  return ok(undefined);
}

/** addrconf_ifid_gre() and sit_add_v4_addrs(): fe80::5efe:10.0.0.1, with a bit for public addresses; fe80::10.0.0.1. */
function linkLocal(kind: TunnelKindName, { bytes }: Ip): Ip {
  const full = new Uint8Array(16);
  full.set([0xfe, 0x80]);
  if (kind !== 'sit') full.set([isPrivate(bytes) ? 0 : 2, 0, 0x5e, 0xfe], 8);
  full.set(bytes, 12);
  return Ip.fromBytes(full);
}

const isPrivate = ([a = 0, b = 0]: Uint8Array): boolean =>
  [0, 10, 127].includes(a) || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254);

const known = (address: Ip | undefined): Ip | undefined => (address === Ip.any4 ? undefined : address);

function refuse(tunnel: Tunnel, self: Tunnel | undefined): Result<never> | undefined {
  if (tunnel.ttl !== 0 && !tunnel.pmtudisc) return fail('EINVAL');
  for (const other of tunnelsOf(tunnel.underlay)) {
    const same = other.kind === tunnel.kind && other.local === tunnel.local && other.remote === tunnel.remote;
    if (other !== self && same && other.key === tunnel.key && other.dev === tunnel.dev) return fail('EEXIST');
  }
  return undefined;
}

/** ip_tunnel_bind_dev(): addresses of the ends, and the MTU of the way there without the headers. */
function bind(tunnel: Tunnel, mtu: number | undefined): void {
  const { link, remote, local, underlay } = tunnel;
  link.mac = asMac(local);
  link.broadcast = asMac(remote);
  link.flags = remote === undefined ? link.flags & ~IFF.POINTOPOINT : link.flags | IFF.POINTOPOINT;
  link.addrAssignType = 0;
  const way = remote === undefined ? undefined : routeOutput(underlay, { dst: remote });
  const under = tunnel.dev ?? (way?.ok === true ? way.dst.link : undefined);
  if (mtu === undefined) link.mtu = Math.max(68, (under?.mtu ?? USUAL_MTU) - headroom(tunnel));
}

function change(tunnel: Tunnel, data: TunnelRequest): Result<void> {
  if (tunnel.fallback) return fail('EINVAL');
  const wanted: Tunnel = {
    ...tunnel,
    local: data.local === undefined ? tunnel.local : known(data.local),
    remote: data.remote === undefined ? tunnel.remote : known(data.remote),
    dev: data.link === undefined ? tunnel.dev : tunnel.underlay.linkByIndex(data.link),
    ttl: data.ttl ?? tunnel.ttl,
    tos: data.tos ?? tunnel.tos,
    pmtudisc: data.pmtudisc ?? tunnel.pmtudisc,
  };
  const problem = refuse(wanted, tunnel);
  if (problem !== undefined) return problem;
  Object.assign(tunnel, wanted);
  bind(tunnel, tunnel.link.mtu);
  return done;
}

function describe(link: Link): TunnelData {
  const { kind, local, remote, dev, ttl, tos, pmtudisc, key } = tunnelOf(link);
  return { kind, local, remote, link: dev?.ifindex, ttl, tos, pmtudisc, key };
}

/** Every namespace has the fallback device of each kind, once the module is there. */
export function addFallback(kind: LinkKind, ns: NetNs): void {
  const name = FALLBACK[kind.name as TunnelKindName];
  if (ns.linkByName(name) === undefined) newLink(ns, { kind: kind.name, name });
}

/** A tunnel whose device underneath goes has none any more. */
export function forgetTunnels(link: Link): void {
  for (const tunnel of tunnelsOf(link.ns)) if (tunnel.dev === link) tunnel.dev = undefined;
}
