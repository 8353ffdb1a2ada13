import { SECOND, type Timer } from '../../base/index.ts';
import { type Ipv4Packet, parseIpv4Payload } from '../../wire/index.ts';
import type { NetNs } from '../netns.ts';
import { drop, type Skb, setPacket } from '../skb.ts';

type Piece = { readonly offset: number; readonly bytes: Uint8Array };

type Queue = {
  readonly skb: Skb;
  first: Ipv4Packet | undefined;
  firstSkb: Skb | undefined;
  pieces: Piece[];
  total: number | undefined;
  received: number;
  readonly timer: Timer;
};

/** A packet is at most 65535 bytes long; more queues than this are an attack or a mistake. */
const QUEUES = 256;

/** Puts IPv4 fragments together again (net/ipv4/ip_fragment.c). */
export class Reassembly {
  readonly #ns: NetNs;
  readonly #queues = new Map<string, Queue>();
  /** Called when time runs out and the first fragment is there (RFC 792: code 1). */
  onTimeout: ((first: Skb) => void) | undefined;

  constructor(ns: NetNs) {
    this.#ns = ns;
  }

  /** The whole packet in the skb that completed it, or undefined: it waits, or it was dropped. */
  add(skb: Skb, packet: Ipv4Packet): Skb | undefined {
    const key = `${packet.src} ${packet.dst} ${packet.id} ${packet.protocol}`;
    const bytes = packet.payload.kind === 'bytes' ? packet.payload.bytes : new Uint8Array();
    const queue = this.#queues.get(key) ?? this.#open(key, skb);
    if (queue === undefined) {
      drop(this.#ns, skb, 'FRAG_TOO_FAR');
      return undefined;
    }
    const end = packet.offset + bytes.length;
    const overlaps = queue.pieces.some((p) => packet.offset < p.offset + p.bytes.length && p.offset < end);
    if (overlaps || end > 65535 || (packet.mf && bytes.length % 8 !== 0)) {
      drop(this.#ns, skb, 'DUP_FRAG');
      return undefined;
    }
    queue.pieces.push({ offset: packet.offset, bytes });
    queue.received += bytes.length;
    if (!packet.mf) queue.total = end;
    if (packet.offset === 0) {
      queue.first = packet;
      queue.firstSkb = skb;
    }
    if (queue.first === undefined || queue.total !== queue.received) return undefined;
    this.#close(key, queue);
    setPacket(skb, assemble(queue.first, queue.pieces, queue.total));
    this.#ns.mib.add('Ip.ReasmOKs');
    return skb;
  }

  #open(key: string, skb: Skb): Queue | undefined {
    if (this.#queues.size >= QUEUES) return undefined;
    const timer = this.#ns.kernel.events.after(this.#ns.ipv4.ipfrag_time * SECOND, () => this.#expire(key));
    const queue: Queue = {
      skb,
      first: undefined,
      firstSkb: undefined,
      pieces: [],
      total: undefined,
      received: 0,
      timer,
    };
    this.#queues.set(key, queue);
    return queue;
  }

  #close(key: string, queue: Queue): void {
    queue.timer.cancel();
    this.#queues.delete(key);
  }

  #expire(key: string): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    this.#queues.delete(key);
    this.#ns.mib.add('Ip.ReasmFails');
    drop(this.#ns, queue.firstSkb ?? queue.skb, 'FRAG_REASM_TIMEOUT');
    if (queue.firstSkb !== undefined) this.onTimeout?.(queue.firstSkb);
  }
}

function assemble(first: Ipv4Packet, pieces: readonly Piece[], total: number): Ipv4Packet {
  const body = new Uint8Array(total);
  for (const piece of pieces) body.set(piece.bytes, piece.offset);
  return { ...first, mf: false, offset: 0, payload: parseIpv4Payload(first.protocol, body, first.src, first.dst) };
}
