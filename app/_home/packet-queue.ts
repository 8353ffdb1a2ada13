import type { SeenPacket } from '@/components/terminal/protocol';
import { CABLES, type Pod } from './pod-pair';

/** One packet on one cable, in the way it went. */
export type Leg = { pod: Pod; way: 'to-bridge' | 'to-pod'; protocol: 'arp' | 'icmp' | 'icmp6' | 'other'; at: number };

/** Microseconds within which a bridge's copies of one frame leave: they are drawn at the same time. */
const TOGETHER = 40;
/** What a picture can show before it falls too far behind. */
const MOST_WAITING = 24;

/**
 * Packets as the picture shows them: in the order in which they went, one step after the other, slowed down so that eyes
 * can follow. A flood is thinned out, not piled up.
 */
export class PacketQueue {
  #steps: Leg[][] = [];

  add(packets: readonly SeenPacket[]): void {
    for (const leg of packets.flatMap(toLeg)) {
      const last = this.#steps.at(-1);
      const first = last?.[0];
      const together = first && first.way === 'to-pod' && leg.way === 'to-pod' && leg.at - first.at < TOGETHER;
      if (last && together) last.push(leg);
      else if (this.#steps.length < MOST_WAITING) this.#steps.push([leg]);
    }
  }

  /** What crosses the network in the next step, if anything does. */
  next(): Leg[] | undefined {
    return this.#steps.shift();
  }
}

function toLeg({ dev, way, protocol, at }: SeenPacket): Leg[] {
  if (!(dev in CABLES)) return [];
  const pod = CABLES[dev as keyof typeof CABLES];
  const known = protocol === 'arp' || protocol === 'icmp' || protocol === 'icmp6' ? protocol : 'other';
  return [{ pod, way: way === 'rx' ? 'to-bridge' : 'to-pod', protocol: known, at }];
}
