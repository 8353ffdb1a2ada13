import { SECOND } from '../../../base/index.ts';
import { isIcmpError, isIcmpv6Error, parseIpv6 } from '../../../wire/index.ts';
import type { CtRef, Direction } from '../../ct-ref.ts';
import { parseQuote } from '../../ip/icmp.ts';
import type { NetNs } from '../../netns.ts';
import type { Skb } from '../../skb.ts';
import { type IpPacket, transportOf } from '../packet.ts';
import type { Entry } from './entry.ts';
import { conntrackOf } from './table.ts';
import { firstState, tcpPacket } from './tcp.ts';
import { ICMP_PROTOCOL, ICMPV6_PROTOCOL, invert, type Tuple, tupleOf } from './tuple.ts';
import { NO_ZONE, type Zone } from './zone.ts';

/** Neighbour discovery and multicast listener messages are never tracked (nf_conntrack_proto_icmpv6.c). */
const UNTRACKED_ICMPV6 = new Set([130, 131, 132, 133, 134, 135, 136, 137, 143]);

const UNTRACKED: CtRef = { entry: undefined };

/** nf_conntrack_in(): finds or makes the connection that a packet is of, and notes it on the packet. */
export function track(ns: NetNs, skb: Skb): 'accept' | 'drop' {
  // What a rule of table raw said: which zone, or that it is to pass unseen.
  const template = skb.ct?.entry === undefined ? skb.ct?.template : undefined;
  if (skb.ct !== undefined && template === undefined) return 'accept';
  skb.ct = undefined;
  const zone = template ?? NO_ZONE;
  const packet = skb.packet as IpPacket;
  const { payload } = packet;
  if (payload.kind === 'icmp6' && UNTRACKED_ICMPV6.has(payload.type)) {
    skb.ct = UNTRACKED;
    return 'accept';
  }
  if (isErrorMessage(packet)) {
    relate(ns, skb, packet, zone);
    return 'accept';
  }
  const tuple = tupleOf(packet);
  if (tuple === undefined) {
    conntrackOf(ns).stats.invalid++;
    return 'accept';
  }
  return trackTuple(ns, skb, packet, tuple, zone);
}

const isErrorMessage = ({ payload }: IpPacket): boolean =>
  (payload.kind === 'icmp' && isIcmpError(payload)) || (payload.kind === 'icmp6' && isIcmpv6Error(payload));

function trackTuple(ns: NetNs, skb: Skb, packet: IpPacket, tuple: Tuple, zone: Zone): 'accept' | 'drop' {
  const conntrack = conntrackOf(ns);
  const known = conntrack.find(tuple, zone);
  if (known === undefined) {
    if (!mayBegin(packet)) {
      conntrack.stats.invalid++;
      return 'accept';
    }
    const made = conntrack.create(tuple, zone);
    if (made === 'full') return 'drop';
    if (made === undefined) return 'accept';
    if (packet.protocol === 6) made.tcp = firstState(transportOf(packet).tcpFlags);
    skb.ct = { entry: made, state: 'NEW', direction: 'original' };
    account(ns, made, 'original', skb);
    conntrack.refresh(made);
    return 'accept';
  }
  const { entry, direction } = known;
  const before = { tcp: entry.tcp, assured: entry.assured };
  const outcome = packet.protocol === 6 ? tcpPacket(entry, direction, transportOf(packet).tcpFlags) : 'ok';
  if (outcome === 'invalid') {
    conntrack.stats.invalid++;
    return 'accept';
  }
  if (outcome === 'reopen') {
    conntrack.delete(entry);
    return trackTuple(ns, skb, packet, tuple, zone);
  }
  skb.ct = { entry, state: direction === 'reply' || entry.seenReply ? 'ESTABLISHED' : 'NEW', direction };
  account(ns, entry, direction, skb);
  if (outcome === 'refused') conntrack.delete(entry);
  else advance(ns, entry, direction, before);
  return 'accept';
}

/** Which first packets are a beginning at all. */
function mayBegin(packet: IpPacket): boolean {
  const { icmpType, tcpFlags, present } = transportOf(packet);
  if (packet.protocol === ICMP_PROTOCOL) return [8, 13, 15, 17].includes(icmpType);
  if (packet.protocol === ICMPV6_PROTOCOL) return icmpType === 128 || icmpType === 139;
  return packet.protocol !== 6 || (present && firstState(tcpFlags) !== undefined);
}

/** `before`: what the entry was when the packet came. */
function advance(ns: NetNs, entry: Entry, direction: Direction, before: Pick<Entry, 'tcp' | 'assured'>): void {
  const answered = direction === 'reply' && !entry.seenReply;
  if (direction === 'reply') entry.seenReply = true;
  // A datagram both ways and two seconds between them make a stream (nf_conntrack_proto_udp.c).
  if (entry.original.protocol === 17 && entry.seenReply && !answered) {
    if (ns.kernel.events.now - entry.createdAt > 2 * SECOND) entry.assured = true;
  }
  conntrackOf(ns).refresh(entry);
  if (entry.confirmed && (answered || before.assured !== entry.assured || before.tcp !== entry.tcp))
    conntrackOf(ns).publish('UPDATE', entry);
}

function account(ns: NetNs, entry: Entry, direction: Direction, skb: Skb): void {
  if (ns.netfilter.nf_conntrack_acct === 0) return;
  entry.counters[direction].packets++;
  entry.counters[direction].bytes += skb.length;
}

/** nf_conntrack_inet_error(): an error is related to the connection of the packet that it quotes. */
function relate(ns: NetNs, skb: Skb, packet: IpPacket, zone: Zone): void {
  const { payload } = packet;
  const quoted = 'quote' in payload ? quotedPacket(packet, payload.quote) : undefined;
  const tuple = quoted === undefined ? undefined : tupleOf(quoted);
  // The quoted packet went the other way: its answers' tuple is the one to look for.
  const answers = tuple === undefined ? undefined : invert(tuple);
  const found = answers === undefined ? undefined : conntrackOf(ns).find(answers, zone);
  if (found === undefined) {
    conntrackOf(ns).stats.invalid++;
    return;
  }
  skb.ct = { entry: found.entry, state: 'RELATED', direction: found.direction };
}

/** The packet that an error quotes, as far as it was quoted. */
export function quotedPacket(packet: IpPacket, quote: Uint8Array): IpPacket | undefined {
  if (packet.kind === 'ipv4') return parseQuote(quote);
  if (quote.length < 48) return undefined;
  const copy = quote.slice();
  copy[4] = (copy.length - 40) >> 8;
  copy[5] = (copy.length - 40) & 255;
  return parseIpv6(copy);
}
