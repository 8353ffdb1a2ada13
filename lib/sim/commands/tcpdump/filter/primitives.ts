import type { Ip } from '../../../base/index.ts';
import { FilterError, FilterNotSimulated } from './errors.ts';
import { all, any, type LinkType, type PacketReader, type Predicate } from './packet.ts';

/** Protocol, direction and type of an identifier: `tcp`, `src`, `port`. Identifiers after and/or inherit them. */
export type Qualifiers = {
  readonly protocol: string | undefined;
  readonly direction: Direction | undefined;
  readonly type: 'host' | 'net' | 'port' | 'portrange' | 'proto' | 'protochain' | 'gateway' | undefined;
};
export type Direction = 'src' | 'dst' | 'src or dst' | 'src and dst';

export const ETHERTYPE = { ip: 0x0800, arp: 0x0806, rarp: 0x8035, ip6: 0x86dd } as const;
export const IP_PROTOCOL: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  igrp: 9,
  udp: 17,
  esp: 50,
  ah: 51,
  icmp6: 58,
  pim: 103,
  vrrp: 112,
  carp: 112,
  sctp: 132,
};
const ETHERTYPE_OF: Readonly<Record<string, number>> = {
  ...ETHERTYPE,
  atalk: 0x809b,
  aarp: 0x80f3,
  decnet: 0x6003,
  lat: 0x6004,
  sca: 0x6007,
  moprc: 0x6002,
  mopdl: 0x6001,
};
const VLAN_TPIDS = [0x8100, 0x88a8, 0x9100];
const FRAGMENT_HEADER = 44;
/** The packet type of sll_pkttype (packet(7)). */
const SLL_OUTGOING = 4;

const PAYLOAD: Readonly<Record<LinkType, number>> = { EN10MB: 14, LINUX_SLL2: 20, RAW: 0 };
const LINK_NAME: Readonly<Record<LinkType, string>> = {
  EN10MB: 'Ethernet',
  LINUX_SLL2: 'Linux cooked v2',
  RAW: 'Raw IP',
};

/** Where things lie in a packet of one link type; `vlan` moves type and payload for all that follows it. */
export class Layout {
  #typeOffset: number;
  #payload: number;

  constructor(
    readonly linkType: LinkType,
    /** Whether the packets come from a device: the kernel knows more of those than a file does. */
    readonly live: boolean,
  ) {
    this.#typeOffset = linkType === 'EN10MB' ? 12 : 0;
    this.#payload = PAYLOAD[linkType];
  }

  get payload(): number {
    return this.#payload;
  }

  etherType(value: number): Predicate {
    if (this.linkType === 'RAW') {
      const version = value === ETHERTYPE.ip ? 4 : value === ETHERTYPE.ip6 ? 6 : -1;
      return (packet) => packet.load(0, 1) >>> 4 === version;
    }
    const offset = this.#typeOffset;
    return (packet) => packet.load(offset, 2) === value;
  }

  /** An 802.2 frame with this service access point, as spanning tree has it. */
  llc(sap: number): Predicate {
    if (this.linkType === 'RAW') return () => false;
    const [typeOffset, payload] = [this.#typeOffset, this.#payload];
    return (packet) => packet.load(typeOffset, 2) <= 1500 && packet.load(payload, 2) === sap * 0x101;
  }

  vlan(id: number | undefined): Predicate {
    const [typeOffset, payload] = [this.#typeOffset, this.#payload];
    if (this.linkType !== 'EN10MB') throw new FilterError(`no VLAN support for ${LINK_NAME[this.linkType]}`);
    if (id !== undefined && id > 0x0fff) throw new FilterError(`VLAN tag ${id} greater than maximum 4095`);
    this.#typeOffset += 4;
    this.#payload += 4;
    return (packet) =>
      VLAN_TPIDS.includes(packet.load(typeOffset, 2)) &&
      (id === undefined || (packet.load(payload, 2) & 0x0fff) === id);
  }

  outbound(): Predicate {
    if (this.linkType === 'LINUX_SLL2') return (packet) => packet.load(10, 1) === SLL_OUTGOING;
    if (!this.live)
      throw new FilterError(`inbound/outbound not supported on ${LINK_NAME[this.linkType]} when reading savefiles`);
    return (packet) => packet.outgoing;
  }

  /** `size` bytes at `offset` of the network layer's header. */
  network(offset: number, size: number): (packet: PacketReader) => number {
    const at = this.#payload + offset;
    return (packet) => packet.load(at, size);
  }

  /** Where the IPv4 payload begins. */
  ipv4Payload(packet: PacketReader, payload = this.#payload): number {
    return payload + (packet.load(payload, 1) & 0x0f) * 4;
  }
}

/** The first fragment, or not a fragment: only there does the transport header stand. */
export function firstFragment(layout: Layout): Predicate {
  const offset = layout.network(6, 2);
  return (packet) => (offset(packet) & 0x1fff) === 0;
}

export function byDirection(direction: Direction | undefined, src: Predicate, dst: Predicate): Predicate {
  if (direction === 'src') return src;
  if (direction === 'dst') return dst;
  return direction === 'src and dst' ? all(src, dst) : any(src, dst);
}

/** `tcp`, `arp`, `ip6` … standing alone. */
export function protocolAbbreviation(layout: Layout, name: string): Predicate {
  if (name === 'ether') throw new FilterError('link layer applied in wrong context');
  if (name === 'stp') return layout.llc(0x42);
  const etherType = ETHERTYPE_OF[name];
  if (etherType !== undefined) return layout.etherType(etherType);
  const number = IP_PROTOCOL[name];
  if (number === undefined) throw new FilterNotSimulated(`filter primitive '${name}'`);
  if (name === 'icmp6') return ipProtocol(layout, number, 'ip6');
  const both = ['tcp', 'udp', 'sctp', 'pim', 'ah', 'esp'].includes(name);
  return ipProtocol(layout, number, both ? undefined : 'ip');
}

/** `proto N` of IPv4, of IPv6 (also behind one fragment header), or of both. */
export function ipProtocol(layout: Layout, number: number, version: 'ip' | 'ip6' | undefined): Predicate {
  const [protocol, next, afterFragment] = [layout.network(9, 1), layout.network(6, 1), layout.network(40, 1)];
  const v4 = all(layout.etherType(ETHERTYPE.ip), (packet) => protocol(packet) === number);
  const v6 = all(layout.etherType(ETHERTYPE.ip6), (packet) => {
    const header = next(packet);
    return header === number || (header === FRAGMENT_HEADER && afterFragment(packet) === number);
  });
  if (version === 'ip') return v4;
  return version === 'ip6' ? v6 : any(v4, v6);
}

export function ipv4Host(layout: Layout, address: number, mask: number, q: Qualifiers): Predicate {
  const wanted = (address & mask) >>> 0;
  const at = (name: 'ip' | 'arp' | 'rarp', src: number, dst: number): Predicate => {
    const [source, target] = [layout.network(src, 4), layout.network(dst, 4)];
    const matches =
      (load: (packet: PacketReader) => number): Predicate =>
      (packet) =>
        (load(packet) & mask) >>> 0 === wanted;
    return all(layout.etherType(ETHERTYPE[name]), byDirection(q.direction, matches(source), matches(target)));
  };
  if (q.protocol === undefined) return any(at('ip', 12, 16), at('arp', 14, 24), at('rarp', 14, 24));
  if (q.protocol === 'ip') return at('ip', 12, 16);
  if (q.protocol === 'arp' || q.protocol === 'rarp') return at(q.protocol, 14, 24);
  const type = q.type === 'net' ? 'net' : 'host';
  if (q.protocol === 'ether') throw new FilterError(`link-layer modifier applied to ${type}`);
  if (q.protocol === 'ip6') throw new FilterError("'ip6' modifier applied to ip host");
  throw new FilterError(`'${q.protocol}' modifier applied to ${type}`);
}

export function ipv6Host(layout: Layout, address: Ip, prefix: number, q: Qualifiers): Predicate {
  const type = q.type === 'net' ? 'net' : 'host';
  if (q.protocol === 'ether') throw new FilterError(`link-layer modifier applied to ip6 ${type}`);
  if (q.protocol !== undefined && q.protocol !== 'ip6') {
    throw new FilterError(`'${q.protocol}' modifier applied to ip6 ${type}`);
  }
  const matches = (offset: number): Predicate => {
    const bytes = address.bytes;
    const loads = [...bytes].map((_, i) => layout.network(offset + i, 1));
    return (packet) =>
      bytes.every((byte, i) => {
        const mask = 0xff & (0xff00 >> Math.min(8, Math.max(0, prefix - i * 8)));
        return mask === 0 || ((loads[i]?.(packet) ?? 0) & mask) === (byte & mask);
      });
  };
  return all(layout.etherType(ETHERTYPE.ip6), byDirection(q.direction, matches(8), matches(24)));
}

export function etherHost(layout: Layout, mac: number, direction: Direction | undefined): Predicate {
  if (layout.linkType !== 'EN10MB') {
    throw new FilterError(
      'ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel',
    );
  }
  const at =
    (offset: number): Predicate =>
    (packet) =>
      packet.load(offset, 2) * 2 ** 32 + packet.load(offset + 2, 4) === mac;
  return byDirection(direction, at(6), at(0));
}

/** Ports of TCP, UDP and SCTP over IPv4 (not in later fragments) and IPv6. */
export function ports(
  layout: Layout,
  low: number,
  high: number,
  protocols: readonly number[],
  direction: Direction | undefined,
): Predicate {
  const payload = layout.payload;
  const within = (port: number): boolean => port >= low && port <= high;
  const first = firstFragment(layout);
  const [protocol, next] = [layout.network(9, 1), layout.network(6, 1)];
  const v4 =
    (offset: number): Predicate =>
    (packet) =>
      within(packet.load(layout.ipv4Payload(packet, payload) + offset, 2));
  const v6 =
    (offset: number): Predicate =>
    (packet) =>
      within(packet.load(payload + 40 + offset, 2));
  return any(
    all(
      layout.etherType(ETHERTYPE.ip),
      (packet) => protocols.includes(protocol(packet)),
      first,
      byDirection(direction, v4(0), v4(2)),
    ),
    all(
      layout.etherType(ETHERTYPE.ip6),
      (packet) => protocols.includes(next(packet)),
      byDirection(direction, v6(0), v6(2)),
    ),
  );
}

export function broadcast(layout: Layout, protocol: string | undefined): Predicate {
  if (protocol === undefined || protocol === 'ether') {
    if (layout.linkType !== 'EN10MB') throw new FilterError('not a broadcast link');
    return etherHost(layout, 0xffff_ffff_ffff, 'dst');
  }
  if (protocol === 'ip') throw new FilterNotSimulated("filter primitive 'ip broadcast'");
  throw new FilterError('only link-layer/IP broadcast filters supported');
}

export function multicast(layout: Layout, protocol: string | undefined): Predicate {
  const [v4, v6] = [layout.network(16, 1), layout.network(24, 1)];
  if (protocol === 'ip') return all(layout.etherType(ETHERTYPE.ip), (packet) => v4(packet) >= 224);
  if (protocol === 'ip6') return all(layout.etherType(ETHERTYPE.ip6), (packet) => v6(packet) === 255);
  if ((protocol === undefined || protocol === 'ether') && layout.linkType === 'EN10MB') {
    return (packet) => (packet.load(0, 1) & 1) === 1;
  }
  throw new FilterError(
    'link-layer multicast filters supported only on ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel',
  );
}
