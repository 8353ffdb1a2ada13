/**
 * One machine's network stack, with the kernel's own nouns: namespaces, links, addresses, neighbours, routes, rules,
 * sockets, sysctls. Mutations answer as rtnetlink does (errno and extended acknowledgement), dumps are plain data.
 */
import type { Ip, Result, WaitQueue } from '../base/index.ts';
import type * as M from './messages.ts';
import type { NetNs } from './netns.ts';
import type * as R from './requests.ts';
export * from './messages.ts';
export type * from './requests.ts';
export { Kernel } from './kernel.ts';
export { NetNs } from './netns.ts';

// INTERIM: signatures for those who build on this; each is replaced by its implementation's export.
export declare function newLink(ns: NetNs, request: R.NewLink): Result<number>;
export declare function setLink(ns: NetNs, ifindex: number, change: R.LinkChange): Result<void>;
export declare function delLink(ns: NetNs, ifindex: number): Result<void>;
export declare function dumpLinks(ns: NetNs): M.LinkMessage[];
/** By name, alternative name or ifindex. */
export declare function getLink(ns: NetNs, which: string | number): M.LinkMessage | undefined;
export declare function addAltname(ns: NetNs, ifindex: number, altname: string): Result<void>;
export declare function delAltname(ns: NetNs, ifindex: number, altname: string): Result<void>;

export declare function newAddr(ns: NetNs, request: R.NewAddr, flags: M.NewFlags): Result<void>;
export declare function delAddr(ns: NetNs, request: R.DelAddr): Result<void>;
export declare function dumpAddrs(ns: NetNs, filter?: { family?: M.Family; ifindex?: number }): M.AddrMessage[];

export declare function newRoute(ns: NetNs, request: R.NewRoute, flags: M.NewFlags): Result<void>;
export declare function delRoute(ns: NetNs, request: R.DelRoute): Result<void>;
/** In the kernel's order; all tables unless `table` says which. */
export declare function dumpRoutes(ns: NetNs, filter: { family: M.Family; table?: number }): M.RouteMessage[];
export declare function getRoute(ns: NetNs, request: R.GetRoute): Result<M.RouteAnswer>;
export declare function flushRouteCache(ns: NetNs): void;

export declare function newRule(ns: NetNs, request: R.NewRule, flags: M.NewFlags): Result<void>;
/** Removes the first rule that matches all that is said. */
export declare function delRule(ns: NetNs, request: R.NewRule): Result<void>;
export declare function dumpRules(ns: NetNs, family: M.Family): M.RuleMessage[];

export declare function newNeigh(ns: NetNs, request: R.NewNeigh, flags: M.NewFlags): Result<void>;
export declare function delNeigh(ns: NetNs, request: R.DelNeigh): Result<void>;
/** Proxy entries are in it too, with `proxy` true. */
export declare function dumpNeighs(ns: NetNs, family?: M.Family): M.NeighMessage[];

export declare function newFdb(ns: NetNs, request: R.NewFdb, flags: M.NewFlags): Result<void>;
export declare function delFdb(ns: NetNs, request: R.DelFdb): Result<void>;
export declare function dumpFdb(ns: NetNs): M.FdbMessage[];

/** This namespace's id for another one (RTM_GETNSID), undefined when it has none. */
export declare function nsidOf(ns: NetNs, other: NetNs): number | undefined;
/** RTM_NEWNSID (`ip netns set`). */
export declare function setNsid(ns: NetNs, other: NetNs, id: number): Result<void>;

/** Calls `listener` for each change (`ip monitor`); returns the unsubscription. */
export declare function subscribe(ns: NetNs, listener: (n: M.Notification) => void): () => void;

// Sysctl: keys are paths below /proc/sys, such as `net/ipv4/conf/eth0.100/forwarding`.
export declare function readSysctl(ns: NetNs, path: string): Result<string>; // without the newline; fields tab-separated
export declare function writeSysctl(ns: NetNs, path: string, text: string): Result<void>;
/** Every path, in the order of `sysctl -a` (sorted). Modes: 'rw' | 'r' | 'w'. */
export declare function listSysctls(ns: NetNs): { path: string; mode: 'rw' | 'r' | 'w' }[];

/** A packet socket (AF_PACKET, SOCK_RAW) that sees each frame of one device, or of all when ifindex is 0. */
export declare function openTap(ns: NetNs, options: { ifindex: number; promiscuous?: boolean; onFrame: (frame: TappedFrame) => void }): { close(): void };
export type TappedFrame = {
  at: number;
  ifindex: number;
  direction: 'in' | 'out';
  /** sll_pkttype. libpcap leaves 'outgoing' out on lo. */
  packetType: 'host' | 'broadcast' | 'multicast' | 'otherhost' | 'outgoing';
  /** The whole frame from its Ethernet header, right checksums. Made when asked for. */
  bytes(): Uint8Array;
  length: number;
};

/** What connect(2) of a UDP socket finds out: ping's probe for its source address. Errors: ENETUNREACH, EINVAL (blackhole), EACCES (prohibit, broadcast), EHOSTUNREACH. */
export declare function routeConnect(ns: NetNs, options: { dst: Ip; src?: Ip; oif?: number; tos?: number; mark?: number; broadcast?: boolean }): Result<{ source: Ip; ifindex: number }>;

/** A raw ICMP or ICMPv6 socket with IP_RECVERR and an ICMP filter, as ping opens it. */
export declare function openPing(ns: NetNs, family: M.Family, options?: PingOptions): PingSocket;
export type PingOptions = {
  ttl?: number;
  tos?: number;
  mark?: number;
  source?: Ip;
  /** SO_BINDTODEVICE, or the scope id of a link-local IPv6 address. */
  oif?: number;
  /** IP_MTU_DISCOVER: -M do, want (default), dont, probe. */
  pmtu?: 'do' | 'want' | 'dont' | 'probe';
  broadcast?: boolean;
};
export interface PingSocket {
  /** Sends one echo request. Errors with EMSGSIZE carry `mtu` in errors(). `confirm` is MSG_CONFIRM. */
  sendEcho(dst: Ip, echo: { id: number; seq: number; data: Uint8Array; confirm?: boolean }): Result<void>;
  /** Next ICMP message that came in (echo replies and errors of others too: the caller filters by id). */
  receive(): PingReply | undefined;
  /** Next entry of the error queue. */
  error(): PingError | undefined;
  readonly readable: WaitQueue;
  close(): void;
}
export type PingReply = { at: number; from: Ip; to: Ip; ifindex: number; ttl: number; tos: number; type: number; code: number; id: number; seq: number; data: Uint8Array; checksumOk: boolean };
export type PingError = {
  at: number;
  origin: 'local' | 'icmp';
  errno: import('../base/index.ts').Errno;
  type: number;
  code: number;
  /** Path MTU of EMSGSIZE and frag needed; gateway of redirects is in `gateway`. */
  info: number;
  gateway: Ip | undefined;
  /** Who sent the ICMP error. */
  offender: Ip | undefined;
  /** From the quoted packet. */
  dst: Ip;
  id: number;
  seq: number;
};
