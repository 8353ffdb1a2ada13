import { formatMac, type Ip } from '../../base/index.ts';
import {
  emitEthernet,
  emitIpv4Payload,
  emitIpv6Payload,
  get16,
  get32,
  ICMP,
  ICMP6,
  type IcmpError,
  type Icmpv6Error,
  UNREACH,
} from '../../wire/index.ts';
import { quotedPacket } from './conntrack/track.ts';
import { type Context, fragmentOffset, type IpPacket } from './packet.ts';

type Wanted = { readonly prefix: string; readonly flags: number };

const FLAG = { tcpSequence: 1, tcpOptions: 2, ipOptions: 4, macDecode: 32 } as const;

/** What -j LOG writes of a packet (nf_log_syslog.c): `IN=eth0 OUT= MAC=… SRC=… DST=… LEN=84 …`. */
export function logLine({ prefix, flags }: Wanted, context: Context): string {
  const { skb, packet } = context;
  const words = [`IN=${context.in?.name ?? ''}`, `OUT=${context.out?.name ?? ''}`];
  if (skb.bridged !== undefined) {
    words.push(`PHYSIN=${skb.bridged.from.name}`);
    if (skb.bridged.to !== undefined) words.push(`PHYSOUT=${skb.bridged.to.name}`);
  }
  if (context.in !== undefined && context.hook !== 'postrouting') words.push(...macWords(context, flags));
  words.push(...packetWords(packet, flags, skb.length));
  if (skb.mark !== 0) words.push(`MARK=0x${skb.mark.toString(16)}`);
  return `${prefix}${words.join(' ')} `;
}

const packetWords = (packet: IpPacket, flags: number, length: number): string[] => [
  ...(packet.kind === 'ipv4' ? ipv4Words(packet, flags, length) : ipv6Words(packet, length)),
  ...(fragmentOffset(packet) === 0 ? transportWords(packet, flags) : []),
];

/** The first bytes of the frame, or what they say. Packets of lo have none but zeros. */
function macWords({ skb, in: dev }: Context, flags: number): string[] {
  const { src, dst, packet } = skb;
  const header = emitEthernet({ src, dst, payload: packet }).subarray(0, 14);
  const all = [...header].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  if ((flags & FLAG.macDecode) === 0 || dev?.isLoopback === true) return [`MAC=${all}`];
  const proto = get16(header, 12).toString(16).padStart(4, '0');
  return [`MACSRC=${formatMac(src)} MACDST=${formatMac(dst)} MACPROTO=${proto}`];
}

const hex2 = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;

function ipv4Words(packet: Extract<IpPacket, { kind: 'ipv4' }>, flags: number, length: number): string[] {
  const { tos, df, mf, offset, options } = packet;
  return [
    ...[`SRC=${packet.src}`, `DST=${packet.dst}`, `LEN=${length}`, `TOS=${hex2(tos & 0x1e)}`],
    ...[`PREC=${hex2(tos & 0xe0)}`, `TTL=${packet.ttl}`, `ID=${packet.id}`],
    ...(df ? ['DF'] : []),
    ...(mf ? ['MF'] : []),
    ...(offset === 0 ? [] : [`FRAG:${offset / 8}`]),
    ...(options === undefined || options.length === 0 || (flags & FLAG.ipOptions) === 0
      ? []
      : [`OPT (${hexOf(options)})`]),
    `PROTO=${PROTOCOLS[packet.protocol] ?? packet.protocol}`,
  ];
}

/** in6_addr in full, as %pI6 prints it. */
const fullAddress = (ip: Ip): string =>
  Array.from({ length: 8 }, (_, i) =>
    get16(ip.bytes, 2 * i)
      .toString(16)
      .padStart(4, '0'),
  ).join(':');

function ipv6Words(packet: Extract<IpPacket, { kind: 'ipv6' }>, length: number): string[] {
  const { trafficClass, hopLimit, flowLabel, fragment } = packet;
  return [
    ...[`SRC=${fullAddress(packet.src)}`, `DST=${fullAddress(packet.dst)}`, `LEN=${length}`],
    ...[`TC=${trafficClass}`, `HOPLIMIT=${hopLimit}`, `FLOWLBL=${flowLabel}`],
    ...(fragment === undefined
      ? []
      : [
          `FRAG:${fragment.offset}${fragment.more ? ' INCOMPLETE' : ''} ID:${fragment.id.toString(16).padStart(8, '0')}`,
        ]),
    `PROTO=${PROTOCOLS[packet.protocol] ?? packet.protocol}`,
  ];
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 136: 'UDPLITE' };

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');

function transportWords(packet: IpPacket, flags: number): string[] {
  const bytes = packet.kind === 'ipv4' ? emitIpv4Payload(packet) : emitIpv6Payload(packet);
  switch (packet.protocol) {
    case 6:
      return bytes.length < 20 ? [`INCOMPLETE [${bytes.length} bytes]`] : tcpWords(bytes, flags);
    case 17:
      return bytes.length < 8
        ? [`INCOMPLETE [${bytes.length} bytes]`]
        : [`SPT=${get16(bytes, 0)}`, `DPT=${get16(bytes, 2)}`, `LEN=${get16(bytes, 4)}`];
    case 1:
    case 58:
      return icmpWords(bytes, packet);
    default:
      return [];
  }
}

/** In the order in which the kernel prints them. */
const TCP_FLAGS = [
  ['CWR', 128],
  ['ECE', 64],
  ['URG', 32],
  ['ACK', 16],
  ['PSH', 8],
  ['RST', 4],
  ['SYN', 2],
  ['FIN', 1],
] as const;

function tcpWords(bytes: Uint8Array, flags: number): string[] {
  const bits = bytes[13] as number;
  const header = ((bytes[12] as number) >> 4) * 4;
  const options = bytes.subarray(20, header);
  return [
    ...[`SPT=${get16(bytes, 0)}`, `DPT=${get16(bytes, 2)}`],
    ...((flags & FLAG.tcpSequence) === 0 ? [] : [`SEQ=${get32(bytes, 4)}`, `ACK=${get32(bytes, 8)}`]),
    ...[`WINDOW=${get16(bytes, 14)}`, `RES=0x${(((bytes[12] as number) & 15) << 2).toString(16).padStart(2, '0')}`],
    ...TCP_FLAGS.filter(([, bit]) => bits & bit).map(([name]) => name),
    `URGP=${get16(bytes, 18)}`,
    ...((flags & FLAG.tcpOptions) === 0 || options.length === 0 ? [] : [`OPT (${hexOf(options)})`]),
  ];
}

/** Of the whole packet that was quoted, by its own header. */
const lengthOf = (quote: Uint8Array): number =>
  (quote[0] as number) >> 4 === 4 ? get16(quote, 2) : 40 + get16(quote, 4);

const tellsMtu = ({ kind, type, code }: IcmpError | Icmpv6Error): boolean =>
  kind === 'icmp' ? type === ICMP.unreachable && code === UNREACH.fragNeeded : type === ICMP6.packetTooBig;

const ECHO_TYPES = [0, 8, 128, 129];

function icmpWords(bytes: Uint8Array, packet: IpPacket): string[] {
  const [type = 0, code = 0] = bytes;
  const words = [`TYPE=${type}`, `CODE=${code}`];
  if (ECHO_TYPES.includes(type)) return [...words, `ID=${get16(bytes, 4)}`, `SEQ=${get16(bytes, 6)}`];
  const { payload } = packet;
  if (!('quote' in payload)) return words;
  if (payload.kind === 'icmp' && payload.gateway !== undefined) words.push(`GATEWAY=${payload.gateway}`);
  const quoted = quotedPacket(packet, payload.quote);
  if (quoted !== undefined) words.push(`[${packetWords(quoted, 0, lengthOf(payload.quote)).join(' ')} ]`);
  if (tellsMtu(payload)) words.push(`MTU=${payload.info}`);
  return words;
}
