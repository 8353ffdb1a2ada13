import { done, fail, type Result } from '../../base/index.ts';
import { type EthernetFrame, payloadLength } from '../../wire/index.ts';
import { transmit } from '../link/transmit.ts';
import type { NetNs } from '../netns.ts';
import { newSkb } from '../skb.ts';

/** A packet socket's mouth (packet_snd): a whole frame, out by that device, past routes and neighbours. */
export function sendFrame(ns: NetNs, ifindex: number, frame: EthernetFrame): Result<void> {
  const link = ns.linkByIndex(ifindex);
  if (link === undefined) return fail('ENXIO');
  if (!link.up) return fail('ENETDOWN');
  if (payloadLength(frame.payload) > link.mtu) return fail('EMSGSIZE');
  const skb = newSkb(ns.kernel.packetId(), link, frame.payload);
  skb.dst = frame.dst;
  skb.src = frame.src;
  transmit(skb);
  return done;
}
