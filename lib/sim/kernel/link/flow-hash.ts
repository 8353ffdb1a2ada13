import type { Ip } from '../../base/index.ts';
import type { Skb } from '../skb.ts';

/** FNV-1a over words, with a last stirring, as an unsigned 32-bit number. */
function hashWords(seed: number, words: readonly number[]): number {
  let h = seed ^ 0x811c9dc5;
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += 8) h = Math.imul(h ^ ((word >>> shift) & 255), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

const digest = (address: Ip): number => (address.family === 4 ? address.v4 : hashWords(0, [...address.bytes]));

/**
 * skb_get_hash(): the same for all packets of a flow, in both directions. Addresses, protocol and ports of IP; of anything
 * else only what it is.
 */
export function flowHash({ packet, dev }: Skb): number {
  const seed = dev.ns.kernel.hashSeed;
  if (packet.kind !== 'ipv4' && packet.kind !== 'ipv6') return hashWords(seed, [packet.kind.length]);
  const ends = [digest(packet.src), digest(packet.dst)].sort((a, b) => a - b);
  const { payload } = packet;
  const ports = 'srcPort' in payload ? [payload.srcPort, payload.dstPort].sort((a, b) => a - b) : [];
  return hashWords(seed, [...ends, packet.protocol, ...ports]);
}
