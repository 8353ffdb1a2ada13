import type { Ip, Timer } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import type { Neigh } from '../neigh/neigh.ts';
import type { NeighParms } from '../neigh/table.ts';
import type { NetNs } from '../netns.ts';
import { callNotifiers } from '../notifier.ts';
import type { CONF6_KEYS } from '../sysctl/conf-keys.ts';
import type { Values } from '../sysctl/spec.ts';

/** Smaller devices have no IPv6 (RFC 8200 section 5). */
export const IPV6_MIN_MTU = 1280;

/** An IPv6 address of a device (struct inet6_ifaddr). */
export type Ifaddr6 = {
  readonly link: Link;
  readonly local: Ip;
  readonly peer: Ip | undefined;
  readonly prefix: number;
  /** RT_SCOPE_* of what is shown: 0 global, 253 link, 254 host. */
  readonly scope: number;
  /** Not yet known to be ours alone: not to be used, not answered for. */
  tentative: boolean;
  dadFailed: boolean;
  readonly nodad: boolean;
  readonly noprefixroute: boolean;
  readonly metric: number;
  validUntil: number;
  preferredUntil: number;
  /** Tells our own probe from another's (RFC 7527). */
  nonce: Uint8Array | undefined;
  probesLeft: number;
  timer: Timer | undefined;
};

export type Conf6 = Values<typeof CONF6_KEYS>;

/** One IPv6 group that a device listens to, and the reports it still owes (MLDv2). */
export type Group6 = { users: number; reports: number };

/** What IPv6 keeps at a device (struct inet6_dev). */
export class Inet6Device {
  readonly link: Link;
  /** Wider scopes first, then the newest. */
  addrs: Ifaddr6[] = [];
  conf: Conf6;
  readonly chosen = new Set<string>();
  readonly neigh: NeighParms;
  readonly neighs = new Map<Ip, Neigh>();
  readonly groups = new Map<Ip, Group6>();
  /** IF_READY: the device is up and carries. */
  ready = false;
  reportTimer: Timer | undefined;
  dadReportTimer: Timer | undefined;
  solicitTimer: Timer | undefined;

  constructor(link: Link) {
    this.link = link;
    this.conf = { ...link.ns.conf6.default, mtu: link.mtu };
    if (link.isLoopback) Object.assign(this.conf, { accept_dad: -1, use_tempaddr: -1 });
    this.neigh = link.ns.neigh6.newParms();
  }
}

/** addrconf_disable_ipv6(): `all` and `default` reach devices to come, `all` those that are there. */
export function setDisableIpv6(ns: NetNs, device: string, value: number): void {
  if (device === 'default') return;
  if (device === 'all') ns.conf6.default.disable_ipv6 = value;
  for (const link of ns.links()) {
    if (link.inet6 === undefined || (device !== 'all' && link.name !== device)) continue;
    link.inet6.conf.disable_ipv6 = value;
    callNotifiers(link, 'changeDisableIpv6');
  }
}
