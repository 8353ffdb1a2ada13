import type { NetNs } from '../netns.ts';

/** inet_forward_change(): the one switch `ip_forward`, alias conf/all/forwarding, sets that of every device and of those to come. */
export function setForwarding4(ns: NetNs, value: number): void {
  ns.ipv4.ip_forward = value;
  ns.conf4.all.forwarding = value;
  // A router does not listen to redirects.
  ns.conf4.all.accept_redirects = value === 0 ? 1 : 0;
  ns.conf4.default.forwarding = value;
  for (const link of ns.links()) link.inet.conf.forwarding = value;
  ns.flushRouteCache();
}

/** addrconf_fixup_forwarding() */
export function setForwarding6(ns: NetNs, value: number): void {
  ns.conf6.default.forwarding = value;
  for (const link of ns.links()) if (link.inet6 !== undefined) link.inet6.conf.forwarding = value;
}
