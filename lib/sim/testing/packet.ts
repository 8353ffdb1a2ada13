import {
  ARP_REPLY,
  ARP_REQUEST,
  describeEthernet,
  type EthernetFrame,
  type EthernetPayload,
  type IcmpMessage,
  type Icmpv6Message,
  type Ipv4Packet,
  type Ipv4Payload,
  type Ipv6Packet,
  type Ipv6Payload,
} from '../wire/index.ts';
import { ip, mac } from './lab.ts';

/**
 * Assertions about packets that compose: `ipv4({ src: '10.0.0.1', ttl: 63 }, icmp({ type: 8 }))` says what it is no
 * matter what else is in it. Each returns what is wrong, in words, or undefined.
 */
export type Check<T> = (value: T) => string | undefined;

function fields<T extends object>(actual: T, wanted: Partial<Record<keyof T, unknown>>): string | undefined {
  for (const [key, value] of Object.entries(wanted)) {
    const found = actual[key as keyof T];
    if (value !== undefined && found !== value) return `${key} is ${String(found)}, not ${String(value)}`;
  }
  return undefined;
}

export function ethernet(
  wanted: { readonly src?: string; readonly dst?: string },
  payload?: Check<EthernetPayload>,
): Check<EthernetFrame> {
  return (frame) =>
    fields(frame, {
      src: wanted.src === undefined ? undefined : mac(wanted.src),
      dst: wanted.dst === undefined ? undefined : mac(wanted.dst),
    }) ?? payload?.(frame.payload);
}

export function arp(wanted: {
  readonly op: 'request' | 'reply';
  readonly sender?: string;
  readonly target?: string;
}): Check<EthernetPayload> {
  return (payload) => {
    if (payload.kind !== 'arp') return `${payload.kind} is not ARP`;
    return fields(payload, {
      op: wanted.op === 'request' ? ARP_REQUEST : ARP_REPLY,
      senderIp: wanted.sender === undefined ? undefined : ip(wanted.sender),
      targetIp: wanted.target === undefined ? undefined : ip(wanted.target),
    });
  };
}

type Addresses = { readonly src?: string; readonly dst?: string };

export function ipv4(
  wanted: Addresses & Partial<Pick<Ipv4Packet, 'ttl' | 'tos' | 'df' | 'mf' | 'offset' | 'protocol'>>,
  payload?: Check<Ipv4Payload>,
): Check<EthernetPayload> {
  return (packet) => {
    if (packet.kind !== 'ipv4') return `${packet.kind} is not IPv4`;
    if (packet.badChecksum !== undefined) return 'the header checksum is wrong';
    const { src, dst, ...rest } = wanted;
    return (
      fields(packet, {
        ...rest,
        src: src === undefined ? undefined : ip(src),
        dst: dst === undefined ? undefined : ip(dst),
      }) ?? payload?.(packet.payload)
    );
  };
}

export function ipv6(
  wanted: Addresses & Partial<Pick<Ipv6Packet, 'hopLimit' | 'protocol'>>,
  payload?: Check<Ipv6Payload>,
): Check<EthernetPayload> {
  return (packet) => {
    if (packet.kind !== 'ipv6') return `${packet.kind} is not IPv6`;
    const { src, dst, ...rest } = wanted;
    return (
      fields(packet, {
        ...rest,
        src: src === undefined ? undefined : ip(src),
        dst: dst === undefined ? undefined : ip(dst),
      }) ?? payload?.(packet.payload)
    );
  };
}

export function icmp(wanted: Partial<Record<'type' | 'code' | 'id' | 'seq' | 'info', number>>): Check<Ipv4Payload> {
  return (payload) => {
    if (payload.kind !== 'icmp') return `${payload.kind} is not ICMP`;
    return payload.badChecksum === undefined
      ? fields(payload as IcmpMessage & typeof wanted, wanted)
      : 'the ICMP checksum is wrong';
  };
}

export function icmp6(wanted: {
  readonly type?: number;
  readonly code?: number;
  readonly target?: string;
}): Check<Ipv6Payload> {
  return (payload) => {
    if (payload.kind !== 'icmp6') return `${payload.kind} is not ICMPv6`;
    if (payload.badChecksum !== undefined) return 'the ICMPv6 checksum is wrong';
    const { target, ...rest } = wanted;
    return fields(payload as Icmpv6Message & { target?: unknown }, {
      ...rest,
      target: target === undefined ? undefined : ip(target),
    });
  };
}

/** Throws unless the frames are these, in this order, and no others. */
export function expectFrames(
  frames: readonly { readonly frame: EthernetFrame }[],
  checks: readonly Check<EthernetFrame>[],
): void {
  const wrong = checks.map((check, i) => {
    const frame = frames[i]?.frame;
    return frame === undefined
      ? `frame ${i + 1} is missing`
      : check(frame) && `frame ${i + 1} (${describeEthernet(frame)}): ${check(frame)}`;
  });
  for (const extra of frames.slice(checks.length)) wrong.push(`one too many: ${describeEthernet(extra.frame)}`);
  const found = wrong.filter((text) => text !== undefined && text !== '');
  if (found.length > 0) throw new Error(found.join('\n'));
}
