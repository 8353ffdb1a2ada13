import { type Ip, type Mac, type Micros, macBytes, SECOND } from '../../base/index.ts';

/** One part of an element, in the order of the set's dimensions. */
export type Part =
  | { readonly kind: 'net'; readonly ip: Ip; readonly prefix: number }
  | { readonly kind: 'port'; readonly protocol: number; readonly port: number }
  | { readonly kind: 'iface'; readonly name: string; readonly physdev: boolean }
  | { readonly kind: 'mac'; readonly mac: Mac };

export type Element = {
  readonly parts: readonly Part[];
  nomatch: boolean;
  /** When it leaves the set; undefined: never. */
  expires: Micros | undefined;
  packets: number;
  bytes: number;
  comment: string | undefined;
};

/** Seconds left as the kernel tells them: never 0, which would mean for ever (ip_set_timeout_get). */
export const secondsLeft = (expires: Micros | undefined, now: Micros): number =>
  expires === undefined ? 0 : Math.max(1, Math.floor((expires - now) / SECOND));

export const isExpired = (element: Pick<Element, 'expires'>, now: Micros): boolean =>
  element.expires !== undefined && element.expires <= now;

/** The same for the same element: what the set is searched by. */
export function keyOf(parts: readonly Part[]): string {
  let key = '';
  for (const part of parts) key += `${partKey(part)},`;
  return key;
}

function partKey(part: Part): string {
  switch (part.kind) {
    case 'net':
      return part.prefix === part.ip.bits ? part.ip.toString() : `${part.ip}/${part.prefix}`;
    case 'port':
      return `${part.protocol}:${part.port}`;
    case 'iface':
      return part.physdev ? `physdev:${part.name}` : part.name;
    case 'mac':
      return part.mac.toString(16);
  }
}

/**
 * The element's bytes as the kernel lays them out, in little-endian words: what its hash runs over. The order of members
 * in a listing follows from it.
 */
export function hashWords(type: string, parts: readonly Part[]): number[] {
  const bytes = layout(type, parts);
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i += 4)
    words.push(
      ((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24)) >>> 0,
    );
  return words;
}

/** struct hash_*4_elem, hash_*6_elem of ip_set_hash_*.c */
function layout(type: string, parts: readonly Part[]): number[] {
  const [net, second] = parts.filter((part) => part.kind === 'net');
  const port = parts.find((part) => part.kind === 'port');
  const address = net === undefined ? [] : [...net.ip.bytes];
  const ports = port === undefined ? [] : [port.port >> 8, port.port & 255];
  const prefix = net?.prefix ?? 0;
  switch (type) {
    case 'hash:ip':
      return address;
    case 'hash:net':
      return [...address, 0, 0, 0, prefix];
    case 'hash:ip,port':
      return [...address, ...ports, port?.protocol ?? 0, 0];
    case 'hash:ip,port,ip':
      return [...address, ...(second?.ip.bytes ?? []), ...ports, port?.protocol ?? 0, 0];
    case 'hash:ip,port,net':
      return [...address, ...(second?.ip.bytes ?? []), ...ports, (second?.prefix ?? 1) - 1, port?.protocol ?? 0];
    case 'hash:net,port':
      return [...address, ...ports, port?.protocol ?? 0, prefix - 1];
    case 'hash:net,iface': {
      const iface = parts.find((part) => part.kind === 'iface');
      return [...address, iface?.physdev === true ? 1 : 0, prefix, 0, 1];
    }
    default: {
      const mac = parts.find((part) => part.kind === 'mac');
      return mac === undefined ? [] : [...macBytes(mac.mac), 0, 0];
    }
  }
}
