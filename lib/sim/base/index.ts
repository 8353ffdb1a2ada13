/**
 * What everything in the simulator stands on: virtual time, seeded chance, addresses, and results that carry errno.
 *
 * It is not a drawer for helpers: nothing here knows packets, devices, processes or commands, and nothing here reads a
 * real clock or real randomness. Time is an argument; so is chance.
 */
export { Cidr, netmask4 } from './cidr.ts';
export { EventQueue, MICROSECOND, MILLISECOND, type Micros, SECOND, type Timer } from './clock.ts';
export { InvariantError, invariant } from './invariant.ts';
export { Ip } from './ip.ts';
export {
  formatMac,
  isMulticastMac,
  MAC_BROADCAST,
  MAC_ZERO,
  type Mac,
  macBytes,
  macFromBytes,
  parseMac,
} from './mac.ts';
export { Random } from './random.ts';
export { done, type Errno, fail, type KernelError, ok, type Result, STRERROR, strerror } from './result.ts';
export { WaitQueue } from './wait-queue.ts';
