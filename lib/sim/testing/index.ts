/** For tests only: a machine to try things on, and assertions about what crossed it. */
export { fromHex, toHex } from './hex.ts';
export { type Captured, cidr, ip, Lab, mac } from './lab.ts';
export { arp, type Check, ethernet, expectFrames, icmp, icmp6, ipv4, ipv6 } from './packet.ts';
export { must, refusal } from './result.ts';
