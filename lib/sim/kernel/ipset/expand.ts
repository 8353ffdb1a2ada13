import { Ip, type Mac } from '../../base/index.ts';
import type { Part } from './element.ts';
import { networkOf } from './hash-members.ts';
import type { Dimension, IpsetErrno, SetType } from './types.ts';

/** One part of what user space asks to add, delete or test: one value, or many at once. */
export type PartRequest =
  | { readonly kind: 'net'; readonly ip: Ip; readonly to?: Ip; readonly prefix?: number }
  | { readonly kind: 'port'; readonly protocol: number; readonly port: number; readonly to?: number }
  | { readonly kind: 'iface'; readonly name: string; readonly physdev: boolean }
  | { readonly kind: 'mac'; readonly mac: Mac };

/** The elements that a request means, one after another; at the end, why there are no more. */
export function* expand(
  type: SetType,
  parts: readonly PartRequest[],
  netmask: number | undefined,
): Generator<Part[], IpsetErrno | undefined> {
  for (const [i, part] of parts.entries()) {
    const refused = check(type, type.dimensions[i], part);
    if (refused !== undefined) return refused;
  }
  yield* product(type.dimensions, parts, netmask, []);
  return undefined;
}

function check(type: SetType, dimension: Dimension | undefined, part: PartRequest): IpsetErrno | undefined {
  if (part.kind === 'mac') return part.mac === 0 ? 'HASH_ELEM' : undefined;
  if (part.kind !== 'net') return undefined;
  if (part.prefix === 0 && type.name !== 'hash:net,iface') return 'INVALID_CIDR';
  const isNothing = type.name === 'hash:ip' && dimension === 'ip' && part.to === undefined && part.ip.isUnspecified;
  return isNothing && (part.prefix ?? part.ip.bits) === part.ip.bits ? 'HASH_ELEM' : undefined;
}

function* product(
  dimensions: readonly Dimension[],
  parts: readonly PartRequest[],
  netmask: number | undefined,
  before: readonly Part[],
): Generator<Part[]> {
  const [part, ...rest] = parts;
  const [dimension, ...others] = dimensions;
  if (part === undefined) {
    yield [...before];
    return;
  }
  for (const value of values(dimension, part, netmask)) yield* product(others, rest, netmask, [...before, value]);
}

function* values(dimension: Dimension | undefined, part: PartRequest, netmask: number | undefined): Generator<Part> {
  if (part.kind === 'iface' || part.kind === 'mac') yield part;
  else if (part.kind === 'port') {
    const { protocol, port, to = port } = part;
    for (let p = Math.min(port, to); p <= Math.max(port, to); p++) yield { kind: 'port', protocol, port: p };
  } else if (dimension === 'net') yield* networks(part);
  else yield* addresses(part, netmask);
}

type Net = Extract<PartRequest, { kind: 'net' }>;

function* addresses({ ip, to, prefix }: Net, netmask: number | undefined): Generator<Part> {
  const kept = netmask ?? ip.bits;
  if (ip.family === 6 || (to === undefined && (prefix ?? 32) === 32)) {
    yield { kind: 'net', ip: networkOf(ip, kept), prefix: ip.bits };
    return;
  }
  const [first, last] = to === undefined ? borders(ip, prefix ?? 32) : ordered(ip.v4, to.v4);
  const step = 2 ** (32 - kept);
  for (let v4 = Math.floor(first / step) * step; v4 <= last; v4 += step)
    yield { kind: 'net', ip: Ip.fromV4(v4), prefix: 32 };
}

/** A range becomes the fewest networks that cover it (ip_set_range_to_cidr). */
function* networks({ ip, to, prefix = ip.bits }: Net): Generator<Part> {
  if (to === undefined || ip.family === 6) {
    yield { kind: 'net', ip: networkOf(ip, prefix), prefix };
    return;
  }
  const [first, last] = ordered(ip.v4, to.v4);
  for (let from = first; from <= last; ) {
    let size = 1;
    while (from % (size * 2) === 0 && from + size * 2 - 1 <= last && size < 2 ** 31) size *= 2;
    yield { kind: 'net', ip: Ip.fromV4(from), prefix: 32 - Math.log2(size) };
    from += size;
  }
}

const ordered = (a: number, b: number): [number, number] => (a <= b ? [a, b] : [b, a]);

function borders(ip: Ip, prefix: number): [number, number] {
  const first = networkOf(ip, prefix).v4;
  return [first, first + 2 ** (32 - prefix) - 1];
}
