import { Cidr, Ip } from '../../../base/index.ts';
import { ip, ipNet, lastIp, nextIp } from '../address.ts';
import { CniError } from '../error.ts';
import { type Decoded, struct } from '../json/decode.ts';

/** As the configuration says it. */
export const rangeConfig = { rangeStart: ip, rangeEnd: ip, subnet: ipNet, gateway: ip } as const;
export const range = struct('Range', rangeConfig, 'allocator.Range');

/** Addresses of one network from `start` to `end`, both included; the gateway is never given out. */
export type Range = { readonly subnet: Cidr; readonly gateway: Ip; readonly start: Ip; readonly end: Ip };

/** Ranges of one family that are used up one after another. */
export type RangeSet = readonly Range[];

type RangeConfig = Decoded<typeof range>;

/** Fills in what is not said, and refuses what cannot be. */
export function completeRange({ subnet, gateway, rangeStart, rangeEnd }: RangeConfig): Range {
  if (subnet === undefined) throw new CniError('IP <nil> not v4 nor v6');
  const { address, prefix } = subnet;
  if (prefix > address.bits - 2) throw new CniError(`Network ${subnet} too small to allocate from`);
  const network = subnet.network();
  if (network.address !== address)
    throw new CniError(
      `Network has host bits set. For a subnet mask of length ${prefix} the network address is ${network.address}`,
    );
  const late = rangeStart !== undefined && rangeEnd !== undefined && Ip.compare(rangeStart, rangeEnd) > 0;
  if (rangeStart !== undefined && (late || !subnet.contains(rangeStart)))
    throw new CniError(`RangeStart ${rangeStart} not in network ${subnet}`);
  const start = rangeStart ?? nextIp(address);
  if (rangeEnd !== undefined && !(subnet.contains(rangeEnd) && Ip.compare(rangeEnd, start) >= 0))
    throw new CniError(`RangeEnd ${rangeEnd} not in network ${subnet}`);
  return { subnet, gateway: gateway ?? nextIp(address), start, end: rangeEnd ?? lastIp(subnet) };
}

export function completeSet(ranges: readonly RangeConfig[]): RangeSet {
  if (ranges.length === 0) throw new CniError('empty range set');
  const set: Range[] = [];
  for (const one of ranges) {
    const complete = completeRange(one);
    if (set[0] !== undefined && set[0].start.family !== complete.start.family)
      throw new CniError('mixed address families');
    set.push(complete);
  }
  set.forEach((one, i) => {
    const other = set.slice(i + 1).find((later) => overlap(one, later));
    if (other !== undefined) throw new CniError(`subnets ${showRange(one)} and ${showRange(other)} overlap`);
  });
  return set;
}

export const contains = ({ subnet, start, end }: Range, address: Ip): boolean =>
  subnet.contains(address) && Ip.compare(address, start) >= 0 && Ip.compare(address, end) <= 0;

const overlap = (a: Range, b: Range): boolean =>
  a.start.family === b.start.family &&
  (contains(a, b.start) || contains(a, b.end) || contains(b, a.start) || contains(b, a.end));

export const setsOverlap = (a: RangeSet, b: RangeSet): boolean =>
  a.some((one) => b.some((other) => overlap(one, other)));

const showRange = ({ start, end }: Range): string => `${start}-${end}`;
export const showSet = (set: RangeSet): string => set.map(showRange).join(',');

export const cidrIn = ({ subnet }: Range, address: Ip): Cidr => new Cidr(address, subnet.prefix);
