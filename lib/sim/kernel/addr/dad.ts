import { Ip, MILLISECOND, SECOND } from '../../base/index.ts';
import { kernelRoute } from '../fib/rtnl6.ts';
import { ALL_ROUTERS, solicitedNode } from '../ip6/address.ts';
import { joinGroup6, reportAll } from '../ip6/mld.ts';
import { sendNd } from '../ip6/send-nd.ts';
import type { Link } from '../link/link.ts';
import { RT_TABLE } from '../messages.ts';
import type { Ifaddr6, Inet6Device } from './in6-device.ts';

/**
 * Duplicate address detection (RFC 4862 section 5.4): before an address is used, its host asks whether anybody has it,
 * after a delay of up to a second, and waits a second for an answer.
 */
export function startDad(ifa: Ifaddr6): void {
  const { link } = ifa;
  const inet6 = link.inet6 as Inet6Device;
  joinGroup6(link, solicitedNode(ifa.local));
  const { accept_dad, dad_transmits, router_solicitation_delay } = inet6.conf;
  const wanted = link.isLoopback || link.noArp || ifa.nodad || (accept_dad < 1 && link.ns.conf6.all.accept_dad < 1);
  if (wanted || dad_transmits === 0) {
    completeDad(ifa);
    return;
  }
  // Not ready: it stays tentative until the device carries.
  if (!inet6.ready) return;
  const { events, random } = link.ns.kernel;
  ifa.probesLeft = dad_transmits;
  if (inet6.conf.enhanced_dad !== 0) ifa.nonce = Uint8Array.from({ length: 6 }, () => random.int(0, 255));
  ifa.timer?.cancel();
  ifa.timer = events.after(random.int(0, Math.max(1, router_solicitation_delay) * SECOND), () => work(ifa));
}

/** addrconf_dad_work() */
function work(ifa: Ifaddr6): void {
  const { link } = ifa;
  if (ifa.probesLeft === 0) {
    completeDad(ifa);
    return;
  }
  ifa.probesLeft--;
  ifa.timer = link.ns.kernel.events.after(Math.max(link.ns.neigh6.parms(link).retrans_time_ms, 10) * MILLISECOND, () =>
    work(ifa),
  );
  const options = ifa.nonce === undefined ? [] : [{ type: 14, bytes: ifa.nonce }];
  sendNd(link, Ip.any6, solicitedNode(ifa.local), { kind: 'icmp6', type: 135, code: 0, target: ifa.local, options });
}

/** addrconf_dad_completed(): the address is ours; the first link-local one tells the link's routers and listeners. */
function completeDad(ifa: Ifaddr6): void {
  const { link } = ifa;
  const inet6 = link.inet6 as Inet6Device;
  ifa.tentative = false;
  ifa.timer = undefined;
  const { ns } = link;
  const table = ns.fib6.tableForInsert(RT_TABLE.local);
  if (!table.at(ifa.local, 128).some((r) => r.nexthops[0]?.link === link))
    table.insert(kernelRoute(link, 'local', ifa.local, 128, RT_TABLE.local, 0));
  const first = ifa.local.isLinkLocal && inet6.addrs.filter((a) => a.local.isLinkLocal && !a.tentative).length === 1;
  if (!first || link.isLoopback || !link.running) return;
  reportAll(link, inet6);
  const { accept_ra, forwarding, router_solicitations } = inet6.conf;
  if (router_solicitations !== 0 && (accept_ra === 2 || (accept_ra === 1 && forwarding === 0)))
    solicitRouters(ifa, inet6.conf.router_solicitation_interval * SECOND, 1);
}

/** addrconf_rs_timer(): asks for routers, ever more rarely (RFC 7559); no router here answers yet. */
function solicitRouters(ifa: Ifaddr6, interval: number, count: number): void {
  const { link } = ifa;
  const inet6 = link.inet6;
  if (inet6 === undefined || !link.running || inet6.conf.forwarding !== 0 || !inet6.addrs.includes(ifa)) return;
  sendNd(link, ifa.local, ALL_ROUTERS, { kind: 'icmp6', type: 133, code: 0, options: [{ type: 1, mac: link.mac }] });
  const { router_solicitations, router_solicitation_max_interval } = inet6.conf;
  if (router_solicitations > 0 && count >= router_solicitations) return;
  const { events, random } = link.ns.kernel;
  const jitter = 0.9 + random.float() * 0.2;
  const wait = Math.min(interval * jitter, router_solicitation_max_interval * SECOND);
  inet6.solicitTimer = events.after(wait, () => solicitRouters(ifa, wait * 2, count + 1));
}

/** addrconf_dad_failure(): somebody else has it. It stays, tentative for ever, and is not used. */
export function failDad(ifa: Ifaddr6): void {
  ifa.timer?.cancel();
  ifa.timer = undefined;
  ifa.dadFailed = true;
  ifa.tentative = true;
}

/** ipv6_get_lladdr(): the link-local address that is ready for use. */
export const linkLocalAddress = (link: Link): Ip | undefined =>
  link.inet6?.addrs.find((a) => a.local.isLinkLocal && !a.tentative && !a.dadFailed)?.local;
