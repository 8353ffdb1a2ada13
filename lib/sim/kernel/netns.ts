import { Fib4 } from './fib/fib4.ts';
import { Fib6 } from './fib/fib6.ts';
import { RuleList } from './fib/rule.ts';
import { Hooks } from './hooks.ts';
import { IcmpLimiter } from './ip/icmp-limit.ts';
import { IdSource } from './ip/ident.ts';
import { Reassembly } from './ip/reassembly.ts';
import { Reassembly6 } from './ip6/reassembly.ts';
import type { Kernel } from './kernel.ts';
import type { Link } from './link/link.ts';
import type { Notification } from './messages.ts';
import { Mib } from './mib.ts';
import { NeighTable } from './neigh/table.ts';
import { NsIds } from './nsid.ts';
import type { RawSocket } from './socket/raw.ts';
import type { Tap } from './socket/tap.ts';
import type { UdpTunnel } from './socket/udp-tunnel.ts';
import { CONF4_KEYS, CONF6_KEYS } from './sysctl/conf-keys.ts';
import { BRIDGE_KEYS, CORE_KEYS, UNIX_KEYS } from './sysctl/core-keys.ts';
import { IPV4_KEYS } from './sysctl/ipv4-keys.ts';
import { IPV6_KEYS } from './sysctl/ipv6-keys.ts';
import { NETFILTER_KEYS } from './sysctl/netfilter-keys.ts';
import type { Found, SysctlEntry } from './sysctl/registry.ts';
import { defaults } from './sysctl/spec.ts';

/**
 * A network namespace (struct net): its own devices, addresses, neighbours, routes, rules, sockets and sysctls.
 *
 * Whoever uses it — a process, a bind mount below /run/netns, a socket — holds it; behind the last `put` it is
 * destroyed with its devices.
 */
export class NetNs {
  readonly kernel: Kernel;
  /** As in `net:[4026531840]`. */
  readonly inode: number;
  /** Counts from 1 in each kernel: its number in the trace hash. */
  readonly number: number;
  alive = true;

  readonly core = defaults(CORE_KEYS);
  readonly unix = defaults(UNIX_KEYS);
  readonly bridgeNf = defaults(BRIDGE_KEYS);
  readonly netfilter = defaults(NETFILTER_KEYS);
  readonly ipv4 = defaults(IPV4_KEYS);
  readonly ipv6 = defaults(IPV6_KEYS);
  readonly conf4 = { all: defaults(CONF4_KEYS), default: { ...defaults(CONF4_KEYS), accept_source_route: 1 } };
  readonly conf6 = { all: defaults(CONF6_KEYS), default: defaults(CONF6_KEYS) };

  readonly nsids = new NsIds();
  readonly neigh4 = new NeighTable(this, 4);
  readonly neigh6 = new NeighTable(this, 6);
  readonly fib4 = new Fib4(this);
  readonly fib6 = new Fib6(this);
  readonly rules4 = new RuleList(4);
  readonly rules6 = new RuleList(6);
  readonly hooks4 = new Hooks();
  readonly hooks6 = new Hooks();
  readonly mib = new Mib();
  readonly reassembly = new Reassembly(this);
  readonly reassembly6 = new Reassembly6(this);
  readonly icmpLimiter = new IcmpLimiter(this);
  readonly ids = new IdSource(this);
  /** Packet sockets on all devices. */
  readonly taps: Tap[] = [];
  readonly rawSockets: RawSocket[] = [];
  /** By port. */
  readonly udpTunnels = new Map<number, UdpTunnel>();

  /** State of parts that load apart (slot.ts). */
  readonly slots: unknown[] = [];

  /** Counts changes of the set of devices and of what they have. */
  generation = 0;
  /** What listSysctls found, until the generation changes. */
  sysctlList:
    | { readonly generation: number; readonly entries: readonly SysctlEntry[]; readonly found: Map<string, Found> }
    | undefined;

  readonly #byIndex = new Map<number, Link>();
  readonly #byName = new Map<string, Link>();
  readonly #listeners = new Set<(notification: Notification) => void>();
  readonly #release: () => void;
  #lastIndex = 0;
  #holds = 1;

  constructor(kernel: Kernel, inode: number, number: number, release: () => void) {
    this.kernel = kernel;
    this.inode = inode;
    this.number = number;
    this.#release = release;
    this.conf6.all.accept_dad = 0;
  }

  get isInit(): boolean {
    return this.number === 1;
  }

  hold(): this {
    this.#holds++;
    return this;
  }

  put(): void {
    if (--this.#holds > 0 || !this.alive) return;
    this.alive = false;
    this.#release();
  }

  /** By ifindex, as the kernel dumps them. */
  links(): Link[] {
    return [...this.#byIndex.values()].sort((a, b) => a.ifindex - b.ifindex);
  }

  get linkCount(): number {
    return this.#byIndex.size;
  }

  linkByIndex(ifindex: number): Link | undefined {
    return this.#byIndex.get(ifindex);
  }

  /** By its name or one of its alternative names. */
  linkByName(name: string): Link | undefined {
    const link = this.#byName.get(name);
    if (link !== undefined) return link;
    for (const other of this.#byIndex.values()) if (other.altnames.includes(name)) return other;
    return undefined;
  }

  get loopback(): Link {
    return this.#byIndex.get(1) as Link;
  }

  /** dev_new_index(): the next number that no device has. Numbers of deleted devices do not come again. */
  nextIfindex(): number {
    do this.#lastIndex++;
    while (this.#byIndex.has(this.#lastIndex));
    return this.#lastIndex;
  }

  addLink(link: Link): void {
    this.generation++;
    this.#byIndex.set(link.ifindex, link);
    this.#byName.set(link.name, link);
  }

  removeLink(link: Link): void {
    this.generation++;
    this.#byIndex.delete(link.ifindex);
    this.#byName.delete(link.name);
  }

  /** Tells subscribers (rtnetlink's multicast groups) of a change. */
  notify(notification: Notification extends infer N ? (N extends Notification ? Omit<N, 'at'> : never) : never): void {
    if (this.#listeners.size === 0) return;
    const stamped = { at: this.kernel.events.now, ...notification } as Notification;
    for (const listener of this.#listeners) listener(stamped);
  }

  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(listener: (notification: Notification) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets learnt path MTUs and redirects. */
  flushRouteCache(): void {
    this.fib4.exceptions.clear();
    this.fib6.exceptions.clear();
  }
}

/** Calls `listener` for each change (`ip monitor`, `bridge monitor`); the returned function ends it. */
export const subscribe = (ns: NetNs, listener: (notification: Notification) => void): (() => void) =>
  ns.subscribe(listener);

/** RTM_DELROUTE of the cache (`ip route flush cache`). */
export const flushRouteCache = (ns: NetNs): void => ns.flushRouteCache();
