import { type Ip, netmask4 } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import { SCOPE } from '../messages.ts';
import type { Neigh } from '../neigh/neigh.ts';
import type { NeighParms } from '../neigh/table.ts';
import type { CONF4_KEYS } from '../sysctl/conf-keys.ts';
import type { Values } from '../sysctl/spec.ts';

/** An IPv4 address of a device (struct in_ifaddr). */
export type Ifaddr = {
  readonly link: Link;
  readonly local: Ip;
  /** The peer's address on point-to-point links, else `local`. */
  readonly address: Ip;
  readonly prefix: number;
  readonly broadcast: Ip | undefined;
  label: string;
  readonly scope: number;
  secondary: boolean;
  readonly noprefixroute: boolean;
  metric: number;
  /** Virtual time at which it ends; Infinity for ever. */
  validUntil: number;
  preferredUntil: number;
};

export type Conf4 = Values<typeof CONF4_KEYS>;

/** What IPv4 keeps at a device (struct in_device). */
export class InetDevice {
  readonly link: Link;
  addrs: Ifaddr[] = [];
  conf: Conf4;
  /** Sysctls that somebody wrote: new defaults no longer reach them. */
  readonly chosen = new Set<string>();
  readonly neigh: NeighParms;
  readonly neighs = new Map<Ip, Neigh>();
  /** Groups that it listens to beside 224.0.0.1, with their users. */
  readonly groups = new Map<Ip, number>();

  constructor(link: Link) {
    this.link = link;
    this.conf = { ...link.ns.conf4.default };
    if (link.isLoopback) Object.assign(this.conf, { disable_policy: 1, disable_xfrm: 1 });
    this.neigh = link.ns.neigh4.newParms();
  }

  /** IN_DEV_ORCONF */
  either(key: keyof Conf4): boolean {
    return this.conf[key] !== 0 || this.link.ns.conf4.all[key] !== 0;
  }

  /** IN_DEV_MAXCONF */
  max(key: keyof Conf4): number {
    return Math.max(this.conf[key], this.link.ns.conf4.all[key]);
  }
}

/** inet_ifa_match(): is `ip` in the address's subnet? */
export const inSubnet = (ifa: Ifaddr, ip: Ip): boolean => ((ifa.address.v4 ^ ip.v4) & netmask4(ifa.prefix)) === 0;

/**
 * inet_select_addr(): a source address for packets that leave by `link`, with a scope not wider than asked for; one in
 * the subnet of `near` is preferred. When the device has none, any device's will do, unless the scope is link.
 */
export function selectAddress(link: Link, near: Ip | undefined, scope: number): Ip | undefined {
  const localnet = link.inet.either('route_localnet') ? SCOPE.link : SCOPE.host;
  let first: Ip | undefined;
  for (const ifa of link.inet.addrs) {
    if (ifa.secondary || Math.min(ifa.scope, localnet) > scope) continue;
    if (near === undefined || inSubnet(ifa, near)) return ifa.local;
    first ??= ifa.local;
  }
  if (first !== undefined) return first;
  for (const other of link.ns.links()) {
    for (const ifa of other.inet.addrs) {
      if (!ifa.secondary && ifa.scope !== SCOPE.link && Math.min(ifa.scope, localnet) <= scope) return ifa.local;
    }
  }
  return undefined;
}
