import { type Errno, Ip } from '../../base/index.ts';
import type { UdpDatagram } from '../../wire/index.ts';
import { type RawBytes, rawBytes } from '../../wire/index.ts';
import { sendIpv4 } from '../ip/output.ts';
import { type Dst4, pathMtu, routeOutput } from '../ip/route.ts';
import { LOOPBACK6 } from '../ip6/address.ts';
import { sendIpv6 } from '../ip6/output.ts';
import { type Dst6, pathMtu6, routeOutput6 } from '../ip6/route.ts';
import type { Link } from '../link/link.ts';
import type { NetNs } from '../netns.ts';

const LOOPBACK4 = Ip.fromV4(0x7f000001);

/** To nobody is to oneself: where connect(2) to 0.0.0.0 or :: leads. */
export const reachable = (address: Ip): Ip =>
  address === Ip.any4 ? LOOPBACK4 : address === Ip.any6 ? LOOPBACK6 : address;

/** The way to a destination, the same for both families. */
export type Path = {
  readonly to: Ip;
  readonly source: Ip;
  readonly link: Link;
  readonly type: Dst4['type'];
  /** What a packet may measure, its IP header included. */
  readonly mtu: number;
  readonly mtuLocked: boolean;
  readonly dst4: Dst4 | undefined;
  readonly dst6: Dst6 | undefined;
};

export type PathKey = {
  readonly to: Ip;
  readonly source?: Ip | undefined;
  /** SO_BINDTODEVICE, or the scope of a link-local address; 0: none. */
  readonly oif?: number;
  readonly tos?: number;
  readonly mark?: number;
};

export type PathResult = { readonly ok: true; readonly path: Path } | { readonly ok: false; readonly errno: Errno };

export function findPath(ns: NetNs, key: PathKey): PathResult {
  const { to, source, oif = 0, tos = 0, mark = 0 } = key;
  if (to.family === 4) {
    const way = routeOutput(ns, {
      dst: to,
      oif,
      tos: tos & 0x1c,
      mark,
      ...(source === undefined ? {} : { src: source }),
    });
    if (!way.ok) return way;
    const { dst } = way;
    const path = { to, source: dst.source, link: dst.link, type: dst.type, mtuLocked: dst.pmtuLocked };
    return { ok: true, path: { ...path, mtu: pathMtu(dst), dst4: dst, dst6: undefined } };
  }
  const way = routeOutput6(ns, { dst: to, src: source, oif, mark });
  if (!way.ok) return way;
  const { dst } = way;
  const path = { to, source: dst.source, link: dst.link, type: dst.type, mtuLocked: false };
  return { ok: true, path: { ...path, mtu: pathMtu6(dst), dst4: undefined, dst6: dst } };
}

export type Transmit = {
  readonly protocol: number;
  readonly payload: UdpDatagram | RawBytes;
  /** undefined: the namespace's default. */
  readonly ttl?: number | undefined;
  readonly tos?: number;
  readonly mark?: number;
  /** IPv4: "don't fragment". */
  readonly df: boolean;
  readonly id: number;
  readonly excess?: number;
};

/** Sends one packet along a path that `findPath` gave for it. */
export function transmitOn(ns: NetNs, path: Path, t: Transmit): void {
  const { protocol, payload, tos = 0, mark = 0, df, id, excess = 0 } = t;
  if (path.dst4 !== undefined) {
    const ttl = t.ttl ?? (path.to.isMulticast ? 1 : ns.ipv4.ip_default_ttl);
    sendIpv4(ns, path.dst4, path.to, protocol, payload, { ttl, tos, df, id, mark, excess });
  } else if (path.dst6 !== undefined) {
    sendIpv6(ns, path.dst6, { to: path.to, protocol, payload, hopLimit: t.ttl, trafficClass: tos, mark, excess });
  }
}

export const bytesPayload = (bytes: Uint8Array): RawBytes => rawBytes(bytes);
