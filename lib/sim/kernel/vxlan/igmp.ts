import { Ip, type Mac, MILLISECOND, SECOND } from '../../base/index.ts';
import { fold, IPPROTO, put16, rawBytes, sum16 } from '../../wire/index.ts';
import { sendIpv4 } from '../ip/output.ts';
import { routeOutput } from '../ip/route.ts';
import { joinGroup, leaveGroup } from '../link/groups.ts';
import type { Link } from '../link/link.ts';

/** Where IGMPv3 reports go (RFC 3376 section 4.2.14). */
const IGMPV3_ROUTERS = Ip.fromV4(0xe000_0016);
const REPORT = 0x22;
const TO_INCLUDE = 3;
const TO_EXCLUDE = 4;
const INTERNET_CONTROL = 0xc0;
/** Each change is told this often (igmp_qrv). */
const ROBUSTNESS = 2;
/** RFC 2113: routers on the way look at the packet. */
const ROUTER_ALERT = Uint8Array.of(0x94, 0x04, 0, 0);

const groupMac4 = (group: Ip): Mac => (0x0100_5e00_0000 + (group.v4 & 0x7f_ffff)) as Mac;

/** ip_mc_join_group(): the device listens to the group from now on, and says so. Counted. Precondition: the device is of Ethernet's kind. */
export function joinGroup4(link: Link, group: Ip): void {
  const { groups } = link.inet;
  const users = groups.get(group) ?? 0;
  groups.set(group, users + 1);
  if (users > 0) return;
  joinGroup(link, groupMac4(group));
  const repeat = (times: number): void => {
    if (times === 0 || !link.inet.groups.has(group)) return;
    report(link, TO_EXCLUDE, group);
    const { events, random } = link.ns.kernel;
    events.after(random.int(0, SECOND), () => repeat(times - 1));
  };
  // igmp_ifc_start_timer(): within a tick or two of the change.
  link.ns.kernel.events.after(4 * MILLISECOND, () => repeat(ROBUSTNESS));
}

export function leaveGroup4(link: Link, group: Ip): void {
  const { groups } = link.inet;
  const users = groups.get(group) ?? 0;
  if (users > 1) {
    groups.set(group, users - 1);
    return;
  }
  if (!groups.delete(group)) return;
  leaveGroup(link, groupMac4(group));
  report(link, TO_INCLUDE, group);
}

/** One group record, as a change (RFC 3376 section 4.2). */
function report(link: Link, recordType: number, group: Ip): void {
  const { ns } = link;
  if (!link.running || !link.registered) return;
  const way = routeOutput(ns, { dst: IGMPV3_ROUTERS, oif: link.ifindex });
  if (!way.ok) return;
  const b = new Uint8Array(16);
  b[0] = REPORT;
  put16(b, 6, 1);
  b[8] = recordType;
  b.set(group.bytes, 12);
  put16(b, 2, fold(sum16(b)));
  sendIpv4(ns, way.dst, IGMPV3_ROUTERS, IPPROTO.igmp, rawBytes(b), {
    ttl: 1,
    tos: INTERNET_CONTROL,
    df: true,
    options: ROUTER_ALERT,
  });
}
