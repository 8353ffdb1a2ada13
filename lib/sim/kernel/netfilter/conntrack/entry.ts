import { type Micros, SECOND } from '../../../base/index.ts';
import type { Direction } from '../../ct-ref.ts';
import type { TcpState } from './tcp.ts';
import type { Tuple } from './tuple.ts';
import type { Zone } from './zone.ts';

/** A connection (struct nf_conn). Address translation changes `reply` before the entry is confirmed. */
export class Entry {
  readonly id: number;
  readonly original: Tuple;
  reply: Tuple;
  readonly zone: Zone;
  mark = 0;
  /** In the table: its first packet got through. */
  confirmed = false;
  /** Deleted, by time or by hand; packets under way may still hold it. */
  dying = false;
  seenReply = false;
  assured = false;
  /** The addresses changed (IPS_SRC_NAT, IPS_DST_NAT). */
  readonly natted = { src: false, dst: false };
  /** It was decided whether they change (IPS_SRC_NAT_DONE, IPS_DST_NAT_DONE). */
  readonly natDone = { src: false, dst: false };
  /** Device by which masquerading sent it. */
  masqueraded: number | undefined;
  tcp: TcpState | undefined;
  expires: Micros = 0;
  readonly createdAt: Micros;
  readonly counters = { original: { packets: 0, bytes: 0 }, reply: { packets: 0, bytes: 0 } };

  constructor(id: number, original: Tuple, reply: Tuple, zone: Zone, now: Micros) {
    this.id = id;
    this.original = original;
    this.reply = reply;
    this.zone = zone;
    this.createdAt = now;
  }

  get family(): 4 | 6 {
    return this.original.src.family;
  }

  secondsLeft(now: Micros): number {
    return Math.max(0, Math.floor((this.expires - now) / SECOND));
  }

  tuple(direction: Direction): Tuple {
    return direction === 'original' ? this.original : this.reply;
  }
}
