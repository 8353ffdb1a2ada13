import { formatMac, netmask4 } from '../../base/index.ts';
import { type AddrMessage, dumpAddrs, dumpLinks, IFF, type LinkMessage, type NetNs } from '../../kernel/index.ts';

/** A device, or one of its further IPv4 addresses under a name of its own (`eth0:1`). */
export type Interface = { readonly name: string; readonly link: LinkMessage; readonly alias: boolean };

/** All of them, by name with numbers in their order; labels of addresses only where such an address is. */
export function interfaces(ns: NetNs): Interface[] {
  const addresses = dumpAddrs(ns, { family: 4 });
  const found = dumpLinks(ns).flatMap((link): Interface[] => [
    { name: link.name, link, alias: false },
    ...[...new Set(labelsOf(addresses, link))].map((name) => ({ name, link, alias: true })),
  ]);
  return found.sort((a, b) => compareNames(a.name, b.name));
}

const labelsOf = (addresses: readonly AddrMessage[], link: LinkMessage): string[] =>
  addresses.flatMap(({ ifindex, label }) =>
    ifindex === link.ifindex && label !== undefined && label !== link.name ? [label] : [],
  );

/** nstrcmp() of net-tools: digits that stand together count as one number. */
function compareNames(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => name.match(/\d+|\D+/g) ?? []);
  for (const [i, part] of (x ?? []).entries()) {
    const other = y?.[i];
    if (other === undefined) return 1;
    if (part === other) continue;
    const numbers = /^\d/.test(part) && /^\d/.test(other);
    return numbers ? Number(part) - Number(other) : part < other ? -1 : 1;
  }
  return -1;
}

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [IFF.UP, 'UP'],
  [IFF.BROADCAST, 'BROADCAST'],
  [IFF.LOOPBACK, 'LOOPBACK'],
  [IFF.POINTOPOINT, 'POINTOPOINT'],
  [IFF.RUNNING, 'RUNNING'],
  [IFF.NOARP, 'NOARP'],
  [IFF.PROMISC, 'PROMISC'],
  [IFF.ALLMULTI, 'ALLMULTI'],
  [IFF.MULTICAST, 'MULTICAST'],
];

/** What ioctl(SIOCGIFFLAGS) gives: 16 bits. */
const ioctlFlags = (link: LinkMessage): number => link.flags & 0xffff;

export const isUp = ({ link }: Interface): boolean => (link.flags & IFF.UP) !== 0;

/** The paragraph of an interface. */
export function describe(ns: NetNs, { name, link, alias }: Interface): string {
  const flags = ioctlFlags(link);
  const names = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, text]) => text);
  const listed = names.length === 0 ? '[NO FLAGS]' : `<${names.join(',')}>`;
  const lines = [`${name}: flags=${flags}${listed}  mtu ${link.mtu}`];
  lines.push(...inetLines(ns, name, link));
  if (!alias) lines.push(...inet6Lines(ns, link));
  lines.push(hardwareLine(link));
  if (!alias) lines.push(...counterLines(link));
  return `${lines.join('\n        ')}\n\n`;
}

function inetLines(ns: NetNs, name: string, link: LinkMessage): string[] {
  const found = dumpAddrs(ns, { family: 4, ifindex: link.ifindex }).find(({ label }) => label === name);
  if (found === undefined) return [];
  const pointToPoint = (link.flags & IFF.POINTOPOINT) === 0 ? '' : `  destination ${found.address}`;
  const broadcast = (link.flags & IFF.BROADCAST) === 0 ? '' : `  broadcast ${found.broadcast ?? '0.0.0.0'}`;
  return [`inet ${found.local}  netmask ${dotted(netmask4(found.prefix))}${pointToPoint}${broadcast}`];
}

const dotted = (mask: number): string => [24, 16, 8, 0].map((shift) => (mask >>> shift) & 255).join('.');

function inet6Lines(ns: NetNs, link: LinkMessage): string[] {
  return dumpAddrs(ns, { family: 6, ifindex: link.ifindex }).map(({ local, prefix, scope }) => {
    const kind = scope === 254 ? '0x10<host>' : scope === 253 ? '0x20<link>' : '0x0<global>';
    return `inet6 ${local}  prefixlen ${prefix}  scopeid ${kind}`;
  });
}

function hardwareLine(link: LinkMessage): string {
  const queue = `txqueuelen ${link.txqlen}`;
  if (link.type === 'loopback') return `loop  ${queue}  (Local Loopback)`;
  if (link.type === 'ether') return `ether ${formatMac(link.mac)}  ${queue}  (Ethernet)`;
  if (link.type === 'ipip') return `tunnel   ${queue}  (IPIP Tunnel)`;
  if (link.type === 'sit') return `sit  ${queue}  (IPv6-in-IPv4)`;
  return `unspec ${Array(16).fill('00').join('-')}  ${queue}  (UNSPEC)`;
}

function counterLines({ stats: s }: LinkMessage): string[] {
  return [
    `RX packets ${s.rxPackets}  bytes ${s.rxBytes} (${short(s.rxBytes)})`,
    `RX errors ${s.rxErrors}  dropped ${s.rxDropped + s.rxMissed}  overruns 0  frame 0`,
    `TX packets ${s.txPackets}  bytes ${s.txBytes} (${short(s.txBytes)})`,
    `TX errors ${s.txErrors}  dropped ${s.txDropped} overruns 0  carrier ${s.txCarrierErrors}  collisions ${s.collisions}`,
  ];
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** With one digit behind the point, which is cut, not rounded. */
function short(bytes: number): string {
  let unit = 0;
  while (unit < UNITS.length - 1 && bytes > 1024 ** (unit + 1)) unit++;
  const tenths = Math.floor((bytes * 10) / 1024 ** unit);
  return `${Math.floor(tenths / 10)}.${tenths % 10} ${UNITS[unit]}`;
}

export const TABLE_HEAD = 'Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n';

const LETTERS: readonly (readonly [number, string])[] = [
  [IFF.ALLMULTI, 'A'],
  [IFF.BROADCAST, 'B'],
  [IFF.LOOPBACK, 'L'],
  [IFF.MULTICAST, 'M'],
  [IFF.NOARP, 'O'],
  [IFF.POINTOPOINT, 'P'],
  [IFF.PROMISC, 'P'],
  [IFF.RUNNING, 'R'],
  [IFF.UP, 'U'],
];

/** The line of `ifconfig -s` and `netstat -i`. */
export function tableRow({ name, link, alias }: Interface): string {
  const { stats: s } = link;
  const letters = LETTERS.filter(([bit]) => (link.flags & bit) !== 0)
    .map(([, letter]) => letter)
    .join('');
  const count = (value: number, width: number) => String(value).padStart(width);
  const received = `${count(s.rxPackets, 8)} ${count(s.rxErrors, 6)} ${count(s.rxDropped + s.rxMissed, 6)} ${'0'.padEnd(6)}`;
  const sent = `${count(s.txPackets, 8)} ${count(s.txErrors, 6)} ${count(s.txDropped, 6)} ${count(0, 6)}`;
  const counters = alias ? '     - no statistics available -                       ' : `${received} ${sent}`;
  return `${name.padEnd(15).slice(0, 15)} ${count(link.mtu, 5)} ${counters} ${letters}\n`;
}
