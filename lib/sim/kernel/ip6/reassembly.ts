import { SECOND, type Timer } from '../../base/index.ts';
import { type Ipv6Packet, parseIpv6Payload } from '../../wire/index.ts';
import type { NetNs } from '../netns.ts';
import { drop, type Skb, setPacket } from '../skb.ts';

type Queue = {
  readonly pieces: { readonly offset: number; readonly bytes: Uint8Array }[];
  total: number | undefined;
  received: number;
  readonly timer: Timer;
};

const QUEUES = 256;

/** Puts IPv6 fragments together again (net/ipv6/reassembly.c). Overlaps kill the packet (RFC 5722). */
export class Reassembly6 {
  readonly #ns: NetNs;
  readonly #queues = new Map<string, Queue>();

  constructor(ns: NetNs) {
    this.#ns = ns;
  }

  /** The whole packet in the skb that completed it, or undefined. Precondition: it is a fragment. */
  add(skb: Skb, packet: Ipv6Packet): Skb | undefined {
    const { offset, more, id } = packet.fragment as NonNullable<Ipv6Packet['fragment']>;
    const key = `${packet.src} ${packet.dst} ${id}`;
    const bytes = packet.payload.kind === 'bytes' ? packet.payload.bytes : new Uint8Array();
    const queue = this.#queues.get(key) ?? this.#open(key, skb);
    if (queue === undefined) {
      drop(this.#ns, skb, 'FRAG_TOO_FAR');
      return undefined;
    }
    const end = offset + bytes.length;
    if (end > 65535 || queue.pieces.some((p) => offset < p.offset + p.bytes.length && p.offset < end)) {
      this.#close(key, queue);
      drop(this.#ns, skb, 'DUP_FRAG');
      return undefined;
    }
    queue.pieces.push({ offset, bytes });
    queue.received += bytes.length;
    if (!more) queue.total = end;
    if (queue.total !== queue.received) return undefined;
    this.#close(key, queue);
    const body = new Uint8Array(queue.total);
    for (const piece of queue.pieces) body.set(piece.bytes, piece.offset);
    setPacket(skb, {
      ...packet,
      fragment: undefined,
      payload: parseIpv6Payload(packet.protocol, body, packet.src, packet.dst),
    });
    return skb;
  }

  #open(key: string, skb: Skb): Queue | undefined {
    if (this.#queues.size >= QUEUES) return undefined;
    const timer = this.#ns.kernel.events.after(this.#ns.ipv6.ip6frag_time * SECOND, () => {
      if (this.#queues.delete(key)) drop(this.#ns, skb, 'FRAG_REASM_TIMEOUT');
    });
    const queue: Queue = { pieces: [], total: undefined, received: 0, timer };
    this.#queues.set(key, queue);
    return queue;
  }

  #close(key: string, queue: Queue): void {
    queue.timer.cancel();
    this.#queues.delete(key);
  }
}
