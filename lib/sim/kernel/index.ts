/**
 * One machine's network stack, with the kernel's own nouns: namespaces, links, addresses, neighbours, routes, rules,
 * sockets, sysctls.
 *
 *   user space ──newLink, newAddr, newRoute…──▶ NetNs ◀──frames──▶ Link (lo, veth, bridge, dummy)
 *              ◀──Result, dumps, notifications──  │
 *                                          IPv4 · ARP · IPv6 · ND, with netfilter's five hooks
 *
 * Mutations answer as rtnetlink does (errno and extended acknowledgement), dumps are plain data in the kernel's order.
 * It knows no commands, files or processes; time and chance are given to it. What a machine does not need from its first
 * prompt on is a module (module.ts) in a folder of its own with its own door, which nothing here imports: TCP and UDP
 * (inet), netfilter, nftables, ipset, queueing (sched), the spanning tree protocol (stp), kinds of links.
 * Not here yet: WireGuard, IPVS, bonding, tun and tap devices.
 */
export { delAddr, dumpAddrs, newAddr } from './addr/rtnl.ts';
export { bootKernel } from './boot.ts';
export { delFdb, dumpFdb, newFdb } from './bridge/rtnl.ts';
export type { CtRef, Direction } from './ct-ref.ts';
export { delRoute, dumpRouteCache, dumpRoutes, getRoute, hasRouteTable, newRoute } from './fib/rtnl.ts';
export { delRule, dumpRules, newRule } from './fib/rule.ts';
export type { HookFunction, HookName, HookState } from './hooks.ts';
export type { Kernel, KernelOptions } from './kernel.ts';
export { addAltname, delAltname, setLink } from './link/change.ts';
export { newLink } from './link/create.ts';
export { delLink } from './link/destroy.ts';
export { dumpLinks } from './link/dump.ts';
export { getLink } from './link/get.ts';
export { kernelLog, type LogRecord } from './log.ts';
export * from './messages.ts';
export { KernelGroup, type KernelModule } from './module.ts';
export { delNeigh, dumpNeighs, newNeigh } from './neigh/rtnl.ts';
export { flushRouteCache, type NetNs, subscribe } from './netns.ts';
export { nsidOf, setNsid } from './nsid.ts';
export type * from './requests.ts';
export { type ConnectOptions, routeConnect } from './socket/connect.ts';
export { sendFrame } from './socket/packet.ts';
export { openPing, type PingError, type PingOptions, type PingReply, type PingSocket } from './socket/ping.ts';
export { type RawOptions, RawSocket, type Received, type SocketError } from './socket/raw.ts';
export { openTap, type TapOptions, type TappedFrame } from './socket/tap.ts';
export { listSysctls, readSysctl, type SysctlEntry, writeSysctl } from './sysctl/registry.ts';
