import { Ip } from '../../base/index.ts';
import { get16, type Ipv4Packet, type Ipv6Packet } from '../../wire/index.ts';
import type { HookName, HookState } from '../hooks.ts';
import type { Link } from '../link/link.ts';
import type { NetNs } from '../netns.ts';
import type { Skb } from '../skb.ts';

export type IpPacket = Ipv4Packet | Ipv6Packet;

/** What matches ask about the header behind IP's; ports are 0 where there are none. */
export type Transport = {
  readonly srcPort: number;
  readonly dstPort: number;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  readonly tcpFlags: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  /** Identifier of echo messages. */
  readonly icmpId: number;
  /** The header is there and whole; not so in later fragments. */
  readonly present: boolean;
};

const ABSENT: Transport = {
  srcPort: 0,
  dstPort: 0,
  tcpFlags: 0,
  icmpType: 0,
  icmpCode: 0,
  icmpId: 0,
  present: false,
};

const TCP = 6;
const UDP = 17;
/** UDP-Lite, SCTP and DCCP have their ports where TCP and UDP have theirs. */
const WITH_PORTS = [TCP, UDP, 33, 132, 136];

const ports = (srcPort: number, dstPort: number, tcpFlags: number): Transport => ({
  srcPort,
  dstPort,
  tcpFlags,
  icmpType: 0,
  icmpCode: 0,
  icmpId: 0,
  present: true,
});

/** Reads the header of the payload, whether it was taken apart before or is still bytes. */
export function transportOf(packet: IpPacket): Transport {
  const { payload } = packet;
  if (payload.kind === 'bytes') return isLaterFragment(packet) ? ABSENT : ofBytes(packet.protocol, payload.bytes);
  if (payload.kind === 'icmp' || payload.kind === 'icmp6') {
    const icmpId = 'id' in payload ? payload.id : 0;
    return {
      srcPort: 0,
      dstPort: 0,
      tcpFlags: 0,
      icmpType: payload.type,
      icmpCode: payload.code,
      icmpId,
      present: true,
    };
  }
  return ports(payload.srcPort, payload.dstPort, 0);
}

function ofBytes(protocol: number, b: Uint8Array): Transport {
  if (protocol === TCP && b.length >= 20) return ports(get16(b, 0), get16(b, 2), (b[13] as number) & 0x3f);
  return WITH_PORTS.includes(protocol) && b.length >= 8 ? ports(get16(b, 0), get16(b, 2), 0) : ABSENT;
}

export const isLaterFragment = (packet: IpPacket): boolean =>
  packet.kind === 'ipv4' ? packet.offset !== 0 : packet.fragment !== undefined && packet.fragment.offset !== 0;

export const fragmentOffset = (packet: IpPacket): number =>
  packet.kind === 'ipv4' ? packet.offset : (packet.fragment?.offset ?? 0);

/** One packet at one hook, as rules see it (struct nft_pktinfo). Targets may put another packet into `skb`. */
export class Context {
  readonly skb: Skb;
  readonly ns: NetNs;
  readonly hook: HookName;
  readonly in: Link | undefined;
  readonly out: Link | undefined;
  #transport: Transport | undefined;

  constructor(skb: Skb, state: HookState) {
    this.skb = skb;
    this.ns = (state.in ?? state.out ?? skb.dev).ns;
    this.hook = state.hook;
    this.in = state.in;
    this.out = state.out;
  }

  get packet(): IpPacket {
    return this.skb.packet as IpPacket;
  }

  get transport(): Transport {
    this.#transport ??= transportOf(this.packet);
    return this.#transport;
  }
}

/** `mask` is an address too: iptables takes any bits (255.0.255.0). */
export type MaskedAddress = { readonly address: Ip; readonly mask: Ip };

export function inMasked({ address, mask }: MaskedAddress, ip: Ip): boolean {
  if (ip.family === 4) return ((ip.v4 ^ address.v4) & mask.v4) === 0;
  const { bytes } = ip;
  for (let i = 0; i < 16; i++) {
    if ((((bytes[i] as number) ^ (address.bytes[i] as number)) & (mask.bytes[i] as number)) !== 0) return false;
  }
  return true;
}

/** The bits of an address that the mask keeps. */
export function masked(ip: Ip, mask: Ip): Ip {
  if (ip.family === 4) return Ip.fromV4((ip.v4 & mask.v4) >>> 0);
  return Ip.fromBytes(ip.bytes.map((byte, i) => byte & (mask.bytes[i] as number)));
}

/** The network of an address: its first bits. */
export function prefixOf(ip: Ip, bits: number): Ip {
  if (bits >= ip.bits) return ip;
  if (ip.family === 4) return Ip.fromV4(bits === 0 ? 0 : (ip.v4 & (0xffff_ffff << (32 - bits))) >>> 0);
  return Ip.fromBytes(
    ip.bytes.map((byte, i) => byte & (bits >= 8 * (i + 1) ? 255 : bits <= 8 * i ? 0 : 0xff << (8 * (i + 1) - bits))),
  );
}
