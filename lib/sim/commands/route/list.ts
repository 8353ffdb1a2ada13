import { type Ip, netmask4 } from '../../base/index.ts';
import { dumpRoutes, getLink, type NetNs, type RouteMessage, RT_TABLE } from '../../kernel/index.ts';

/** Which columns: those of route, of `route -e` and `netstat -r`, or all. */
export type Columns = 'plain' | 'netstat' | 'all';

const HEADS: Readonly<Record<Columns, string>> = {
  plain: 'Flags Metric Ref    Use Iface\n',
  netstat: 'Flags   MSS Window  irtt Iface\n',
  all: 'Flags Metric Ref    Use Iface    MSS   Window irtt\n',
};

/** The main IPv4 table as net-tools prints it; `nameOf` gives names for addresses, undefined prints them as numbers. */
export function routeTable(ns: NetNs, columns: Columns, nameOf: (ip: Ip) => string | undefined): string {
  const lines = dumpRoutes(ns, { family: 4, table: RT_TABLE.main }).map((route) => line(ns, route, columns, nameOf));
  const head = `Kernel IP routing table\nDestination     Gateway         Genmask         ${HEADS[columns]}`;
  return head + lines.map((text) => `${text}\n`).join('');
}

function line(ns: NetNs, route: RouteMessage, columns: Columns, nameOf: (ip: Ip) => string | undefined): string {
  const reject = route.type === 'unreachable' || route.type === 'prohibit';
  const hop = route.nexthops[0];
  const isDefault = route.dst.prefix === 0;
  const dst = nameOf(route.dst.address) ?? String(route.dst.address);
  const gateway = reject ? '-' : hop?.gateway === undefined ? '0.0.0.0' : (nameOf(hop.gateway) ?? String(hop.gateway));
  const destination = isDefault ? (nameOf(route.dst.address) ?? '0.0.0.0') : dst;
  const flags = reject ? '!' : `U${hop?.gateway === undefined ? '' : 'G'}${route.dst.prefix === 32 ? 'H' : ''}`;
  const device = reject ? '-' : hop === undefined ? '*' : (getLink(ns, hop.ifindex)?.name ?? '*');
  const start = `${cell(destination)} ${cell(gateway)} ${cell(mask(route.dst.prefix))}`;
  return `${start} ${flags.padEnd(5)} ${rest(route, columns, reject, device)}`;
}

function rest(route: RouteMessage, columns: Columns, reject: boolean, device: string): string {
  const { advmss, window, rtt } = route.metrics;
  // The mss that is set is 40 more than the advmss that it becomes.
  const numbers = [advmss === undefined ? 0 : advmss + 40, window ?? 0, rtt ?? 0].map(String);
  const [mss = '', size = '', irtt = ''] = reject ? ['-', '-', '-'] : numbers;
  if (columns === 'netstat') return `${mss.padStart(5)} ${size.padEnd(5)} ${irtt.padStart(6)} ${device}`;
  const plain = `${String(route.priority).padEnd(6)} ${(reject ? '-' : '0').padEnd(2)} ${'0'.padStart(7)} `;
  return columns === 'plain'
    ? plain + device
    : `${plain}${device.padEnd(8)} ${mss.padEnd(5)} ${size.padEnd(6)} ${irtt}`;
}

const cell = (text: string): string => text.padEnd(15).slice(0, 15);

const mask = (prefix: number): string => [24, 16, 8, 0].map((shift) => (netmask4(prefix) >>> shift) & 255).join('.');
