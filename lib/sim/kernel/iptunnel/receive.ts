import {
  type EthernetPayload,
  get16,
  get32,
  ICMP,
  type Ipv4Packet,
  parseEthernetPayload,
  UNREACH,
} from '../../wire/index.ts';
import { sendIcmpError } from '../ip/icmp.ts';
import type { NetNs } from '../netns.ts';
import { drop, newSkb, type Skb } from '../skb.ts';
import { findTunnel, type TunnelKindName } from './tunnel.ts';

type Inside = { readonly packet: EthernetPayload; readonly key: number | undefined };

const HAS_CHECKSUM = 0x8000;
const HAS_KEY = 0x2000;
const HAS_SEQUENCE = 0x1000;

/** ip_tunnel_rcv(): a packet for this host that carries another. Without a tunnel between the two its sender is told. */
export function receiveTunnel(kind: TunnelKindName, ns: NetNs, skb: Skb): void {
  if (skb.packet.kind !== 'ipv4') {
    drop(ns, skb, 'UNHANDLED_PROTO');
    return;
  }
  const outer: Ipv4Packet = skb.packet;
  const body = outer.payload.kind === 'bytes' ? outer.payload.bytes : new Uint8Array();
  const inside = decapsulate(kind, body);
  const tunnel = inside === undefined ? undefined : findTunnel(ns, kind, outer.src, outer.dst, inside.key);
  if (inside === undefined || tunnel === undefined) {
    sendIcmpError(skb, { type: ICMP.unreachable, code: kind === 'gre' ? UNREACH.protocol : UNREACH.port });
    drop(ns, skb, 'NO_SOCKET');
    return;
  }
  const { link } = tunnel;
  const inner = newSkb(skb.id, link, inside.packet);
  inner.src = outer.src.v4 as typeof inner.src;
  inner.dst = link.mac;
  inner.type = 'host';
  if (link.ns === ns) inner.mark = skb.mark;
  link.stats.rxPackets++;
  link.stats.rxBytes += inner.length;
  link.ns.kernel.backlog.enqueue(inner);
}

function decapsulate(kind: TunnelKindName, body: Uint8Array): Inside | undefined {
  if (kind !== 'gre') {
    const packet = parseEthernetPayload(kind === 'ipip' ? 0x0800 : 0x86dd, body);
    return packet.kind === 'unknown' ? undefined : { packet, key: undefined };
  }
  const flags = get16(body, 0);
  if (body.length < 4 || (flags & 7) !== 0) return undefined;
  let at = 4 + ((flags & HAS_CHECKSUM) === 0 ? 0 : 4);
  const key = (flags & HAS_KEY) === 0 ? undefined : get32(body, at);
  at += (key === undefined ? 0 : 4) + ((flags & HAS_SEQUENCE) === 0 ? 0 : 4);
  const packet = parseEthernetPayload(get16(body, 2), body.slice(at));
  return packet.kind === 'ipv4' || packet.kind === 'ipv6' ? { packet, key } : undefined;
}
