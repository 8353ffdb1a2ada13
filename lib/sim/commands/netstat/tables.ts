import { Ip, netmask4 } from '../../base/index.ts';
import {
  dumpLinks,
  dumpRoutes,
  IFF,
  type LinkMessage,
  type NetNs,
  type RouteMessage,
  RT_TABLE,
} from '../../kernel/index.ts';

/** `netstat -i`: the counters of the devices. */
export function interfaceTable(ns: NetNs, all: boolean): string {
  const head =
    'Kernel Interface table\nIface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n';
  const shown = dumpLinks(ns)
    .filter((link) => all || (link.flags & IFF.UP) !== 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return head + shown.map(interfaceLine).join('');
}

function interfaceLine({ name, mtu, stats: s, flags }: LinkMessage): string {
  const field = (value: number, width: number): string => String(value).padStart(width);
  const rx = `${field(s.rxPackets, 8)} ${field(s.rxErrors, 6)} ${field(s.rxDropped, 6)} ${String(0).padEnd(6)}`;
  const tx = `${field(s.txPackets, 8)} ${field(s.txErrors, 6)} ${field(s.txDropped, 6)} ${field(0, 6)}`;
  return `${name.padEnd(15)} ${field(mtu, 5)} ${rx} ${tx} ${flagLetters(flags)}\n`;
}

/** In the order in which net-tools prints them. */
const LETTERS: readonly (readonly [bit: number, letter: string])[] = [
  [IFF.ALLMULTI, 'A'],
  [IFF.BROADCAST, 'B'],
  [IFF.LOOPBACK, 'L'],
  [IFF.MULTICAST, 'M'],
  [IFF.PROMISC, 'P'],
  [IFF.RUNNING, 'R'],
  [IFF.UP, 'U'],
  [IFF.NOARP, 'O'],
];

const flagLetters = (flags: number): string =>
  LETTERS.filter(([bit, letter]) => (flags & bit) !== 0 && letter !== 'A')
    .map(([, letter]) => letter)
    .join('');

/** `netstat -rn`: IPv4's main table with the columns of a time when routes carried windows. */
export function routeTable(ns: NetNs): string {
  const head =
    'Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n';
  const names = new Map(dumpLinks(ns).map((link) => [link.ifindex, link.name]));
  const line = (route: RouteMessage): string => {
    const hop = route.nexthops[0];
    const gateway = hop?.gateway;
    const special = route.type === 'unreachable' || route.type === 'prohibit' || route.type === 'blackhole';
    const flags = special ? '!' : `U${gateway === undefined ? '' : 'G'}`;
    const mask = String(Ip.fromV4(netmask4(route.dst.prefix)));
    const columns = [String(route.dst.address), String(gateway ?? '0.0.0.0'), mask];
    const { advmss = 0, window = 0, rtt = 0 } = route.metrics;
    const host = route.dst.prefix === 32 ? `${flags}H` : flags;
    return `${columns.map((column) => column.padEnd(15)).join(' ')} ${host.padEnd(6)} ${String(advmss).padStart(4)} ${String(window).padEnd(5)} ${String(rtt).padStart(6)} ${names.get(hop?.ifindex ?? 0) ?? '*'}\n`;
  };
  return head + dumpRoutes(ns, { family: 4, table: RT_TABLE.main }).map(line).join('');
}
