import { formatMac, netmask4 } from '../../base/index.ts';
import {
  dumpAddrs,
  dumpLinks,
  dumpNeighs,
  dumpRoutes,
  type NeighMessage,
  type NetNs,
  type RouteMessage,
  RT_TABLE,
} from '../../kernel/index.ts';
import { netstatFile, snmp6File, snmpFile } from './snmp.ts';

/** The files of /proc/net that exist here, each made from the state of one namespace. */
export const PROC_NET_FILES: Readonly<Record<string, (ns: NetNs) => string>> = {
  arp: arpFile,
  dev: devFile,
  if_inet6: ifInet6File,
  netstat: netstatFile,
  route: routeFile,
  snmp: snmpFile,
  snmp6: snmp6File,
  tcp: () => `${SOCKETS_HEAD.padEnd(149)}\n`,
  udp: () => `${SOCKETS_HEAD} ref pointer drops             \n`,
};

const SOCKETS_HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

const DEV_HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

/** dev_seq_printf_stats() of net/core/net-procfs.c */
function devFile(ns: NetNs): string {
  const field = (value: number, width: number): string => String(value).padStart(width);
  return (
    DEV_HEAD +
    dumpLinks(ns)
      .map(({ name, stats: s }) => {
        const rx = `${field(s.rxBytes, 7)} ${field(s.rxPackets, 7)} ${field(s.rxErrors, 4)} ${field(s.rxDropped + s.rxMissed, 4)} ${field(0, 4)} ${field(0, 5)} ${field(0, 10)} ${field(s.multicast, 9)}`;
        const tx = `${field(s.txBytes, 8)} ${field(s.txPackets, 7)} ${field(s.txErrors, 4)} ${field(s.txDropped, 4)} ${field(0, 4)} ${field(s.collisions, 5)} ${field(s.txCarrierErrors, 7)} ${field(0, 10)}`;
        return `${name.padStart(6)}: ${rx} ${tx}\n`;
      })
      .join('')
  );
}

/** ATF_COM and ATF_PERM of <linux/if_arp.h>; an entry without an address has no flag. */
export function arpFlags(entry: NeighMessage): number {
  if (entry.lladdr === undefined || entry.state === 'INCOMPLETE' || entry.state === 'FAILED') return 0;
  return entry.state === 'PERMANENT' ? 0x6 : 0x2;
}

/** Neighbours that /proc/net/arp and arp(8) show: IPv4, without those that need no ARP. */
export function arpEntries(ns: NetNs): NeighMessage[] {
  return dumpNeighs(ns, 4).filter((entry) => entry.proxy || !(entry.state === 'NOARP' || entry.state === 'NONE'));
}

function arpFile(ns: NetNs): string {
  const names = linkNames(ns);
  const lines = arpEntries(ns).map((entry) => {
    const flags = entry.proxy ? 0xc : arpFlags(entry);
    const mac =
      entry.lladdr === undefined || flags === 0 || entry.proxy ? '00:00:00:00:00:00' : formatMac(entry.lladdr);
    const device = names.get(entry.ifindex) ?? '*';
    return `${String(entry.dst).padEnd(16)} ${'0x1'.padEnd(12)}${`0x${flags.toString(16)}`.padEnd(10)}  ${mac.padEnd(17)}     *        ${device}\n`;
  });
  return `IP address       HW type     Flags       HW address            Mask     Device\n${lines.join('')}`;
}

const linkNames = (ns: NetNs): Map<number, string> => new Map(dumpLinks(ns).map((link) => [link.ifindex, link.name]));

/** RTF_UP, RTF_GATEWAY, RTF_HOST, RTF_REJECT of <linux/route.h> (fib_flag_trans() of fib_trie.c). */
function routeFlags(route: RouteMessage): number {
  const reject = route.type === 'unreachable' || route.type === 'prohibit' ? 0x200 : 0;
  const gateway = route.nexthops[0]?.gateway === undefined ? 0 : 0x2;
  return 0x1 | gateway | (route.dst.prefix === 32 ? 0x4 : 0) | reject;
}

/** Addresses stand there as the host's 32-bit numbers: on a little-endian machine backwards. */
const backwards = (value: number): string => {
  const swapped = ((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
  return (swapped >>> 0).toString(16).toUpperCase().padStart(8, '0');
};

/** The tables come to be with the first address of the namespace; before, not even the head is there. */
function routeFile(ns: NetNs): string {
  if (dumpRoutes(ns, { family: 4 }).length === 0) return '';
  const names = linkNames(ns);
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  const lines = dumpRoutes(ns, { family: 4, table: RT_TABLE.main }).map((route) => {
    const hop = route.nexthops[0];
    const device = hop === undefined ? '*' : (names.get(hop.ifindex) ?? '*');
    const flags = routeFlags(route).toString(16).toUpperCase().padStart(4, '0');
    const gateway = hop?.gateway === undefined ? '00000000' : backwards(hop.gateway.v4);
    return `${device}\t${backwards(route.dst.address.v4)}\t${gateway}\t${flags}\t0\t0\t${route.priority}\t${backwards(netmask4(route.dst.prefix))}\t${route.metrics.advmss ?? 0}\t${route.metrics.window ?? 0}\t${route.metrics.rtt ?? 0}`;
  });
  return [head, ...lines].map((line) => `${line.padEnd(127)}\n`).join('');
}

/** IFA_F_PERMANENT, IFA_F_TENTATIVE, IFA_F_DADFAILED, IFA_F_SECONDARY as in <linux/if_addr.h>. */
function ifInet6File(ns: NetNs): string {
  const names = linkNames(ns);
  return dumpAddrs(ns, { family: 6 })
    .map(({ local, ifindex, prefix, scope, flags }) => {
      const bits =
        (flags.permanent ? 0x80 : 0) |
        (flags.tentative ? 0x40 : 0) |
        (flags.dadFailed ? 0x08 : 0) |
        (flags.nodad ? 0x02 : 0) |
        (flags.secondary ? 0x01 : 0);
      // The scope of the address (IPV6_ADDR_*): global 0, host 0x10, link 0x20.
      const kind = scope === 254 ? 0x10 : scope === 253 ? 0x20 : 0;
      const hex = (value: number): string => value.toString(16).padStart(2, '0');
      return `${[...local.bytes].map(hex).join('')} ${hex(ifindex)} ${hex(prefix)} ${hex(kind)} ${hex(bits)} ${(names.get(ifindex) ?? '').padStart(8)}\n`;
    })
    .join('');
}
