import { Ip, MILLISECOND } from '../../base/index.ts';
import type { Inet6Device } from '../addr/in6-device.ts';
import { joinGroup, leaveGroup } from '../link/groups.ts';
import type { Link } from '../link/link.ts';
import { ALL_MLDV2_ROUTERS, ALL_NODES, groupMac } from './address.ts';
import { sendReport } from './send-nd.ts';

const TO_INCLUDE = 3;
const TO_EXCLUDE = 4;

/** The IPv6 groups of a device and the reports about them (RFC 3810, net/ipv6/mcast.c). Queries are not answered: nothing here sends any. */
export function joinGroup6(link: Link, group: Ip): void {
  const { inet6 } = link;
  if (inet6 === undefined) return;
  const known = inet6.groups.get(group);
  if (known !== undefined) {
    known.users++;
    return;
  }
  inet6.groups.set(group, { users: 1, reports: 0 });
  if (((group.bytes[1] as number) & 15) >= 2) joinGroup(link, groupMac(group));
  if (!link.up || !link.carrier || group === ALL_NODES || link.isLoopback || ((group.bytes[1] as number) & 15) < 2)
    return;
  (inet6.groups.get(group) as { reports: number }).reports = link.ns.ipv6.mld_qrv;
  scheduleReports(link, inet6, 1);
}

export function leaveGroup6(link: Link, group: Ip): void {
  const { inet6 } = link;
  const known = inet6?.groups.get(group);
  if (inet6 === undefined || known === undefined || --known.users > 0) return;
  inet6.groups.delete(group);
  if (((group.bytes[1] as number) & 15) >= 2) leaveGroup(link, groupMac(group));
  if (link.running && group !== ALL_NODES && !link.isLoopback) report(link, [{ recordType: TO_INCLUDE, group }]);
}

/** mld_ifc_event(): the changes are reported now and once more within a second. */
function scheduleReports(link: Link, inet6: Inet6Device, withinMs: number): void {
  const { events, random } = link.ns.kernel;
  inet6.reportTimer?.cancel();
  inet6.reportTimer = events.after(random.int(0, withinMs * MILLISECOND), () => {
    inet6.reportTimer = undefined;
    const due = [...inet6.groups].filter(([, group]) => group.reports > 0);
    for (const [, group] of due) group.reports--;
    report(
      link,
      due.map(([group]) => ({ recordType: TO_EXCLUDE, group })),
    );
    if (due.some(([, group]) => group.reports > 0))
      scheduleReports(link, inet6, inet6.conf.mldv2_unsolicited_report_interval);
  });
}

/** ipv6_mc_dad_complete(): with an address at last, all groups are told again, twice. */
export function reportAll(link: Link, inet6: Inet6Device, times = link.ns.ipv6.mld_qrv): void {
  const groups = [...inet6.groups.keys()].filter(
    (group) => group !== ALL_NODES && ((group.bytes[1] as number) & 15) >= 2,
  );
  report(
    link,
    groups.map((group) => ({ recordType: TO_EXCLUDE, group })),
  );
  if (times <= 1) return;
  const { events, random } = link.ns.kernel;
  inet6.dadReportTimer = events.after(random.int(0, inet6.conf.mldv2_unsolicited_report_interval * MILLISECOND), () =>
    reportAll(link, inet6, times - 1),
  );
}

function report(link: Link, records: readonly { readonly recordType: number; readonly group: Ip }[]): void {
  if (records.length === 0 || !link.running || link.inet6?.conf.disable_ipv6 !== 0) return;
  const source = link.inet6.addrs.find((a) => a.local.isLinkLocal && !a.tentative)?.local ?? Ip.any6;
  sendReport(link, source, ALL_MLDV2_ROUTERS, {
    kind: 'icmp6',
    type: 143,
    code: 0,
    records: records.map((r) => ({ ...r, sources: [] })),
  });
}

/** ipv6_mc_down() and ipv6_mc_up(): a device that is down hears no groups, and takes them up again. */
export function suspendGroups(link: Link): void {
  const { inet6 } = link;
  inet6?.reportTimer?.cancel();
  inet6?.dadReportTimer?.cancel();
  for (const group of inet6?.groups.keys() ?? [])
    if (((group.bytes[1] as number) & 15) >= 2) leaveGroup(link, groupMac(group));
}

export function resumeGroups(link: Link): void {
  for (const group of link.inet6?.groups.keys() ?? []) {
    const mac = groupMac(group);
    if (((group.bytes[1] as number) & 15) >= 2 && !link.groups.has(mac)) joinGroup(link, mac);
  }
}
