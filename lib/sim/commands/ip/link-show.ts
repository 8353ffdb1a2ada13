import { formatMac, Ip } from '../../base/index.ts';
import { ARPHRD, IFF, type LinkMessage } from '../../kernel/index.ts';
import { groups } from '../iproute2/numbers.ts';
import type { Color } from '../iproute2/output.ts';
import type { Session } from '../iproute2/session.ts';
import { arrivedKind } from './kinds/kinds.ts';
import { printBridge, printBridgePort } from './link-details.ts';
import { printStatistics } from './link-stats.ts';

/** IFF_* in the order of print_link_flags(); RUNNING is never shown. */
const FLAG_ORDER = [
  'LOOPBACK',
  'BROADCAST',
  'POINTOPOINT',
  'MULTICAST',
  'NOARP',
  'ALLMULTI',
  'PROMISC',
  'UP',
  'LOWER_UP',
] as const;

/** Every device here has the limits of software devices (netif_set_tso_max_size() and dev->gso_max_size). */
const OFFLOAD_LIMITS = {
  gso_max_size: 65536,
  gso_max_segs: 65535,
  tso_max_size: 524280,
  tso_max_segs: 65535,
  gro_max_size: 65536,
} as const;

/** What decides how a device is printed beside the options: `ip link` and `ip addr` print it differently. */
export type LinkStyle = {
  /** `ip link`: with link mode, alias and statistics. */
  readonly asLink: boolean;
  /** `ip -4 addr` prints no link layer address. */
  readonly withAddress: boolean;
  /** A list of IPv6 alone asks IPv6 for its devices, which knows less of them. */
  readonly inet6?: boolean;
};

/** One line and more for one device, as print_linkinfo() of ipaddress.c; the line is not ended for `ip -br addr`. */
export function printLink(session: Session, link: LinkMessage, style: LinkStyle): void {
  const { out, options } = session;
  if (options.brief) return printBrief(session, link, style);
  out.fact('ifindex', link.ifindex, `${link.ifindex}: `);
  printNameAndLink(session, link, (name) => `${name}: `);
  printFlags(session, link);
  out.fact('mtu', link.mtu, `mtu ${link.mtu} `);
  if (style.inet6 !== true) out.fact('qdisc', link.qdisc, `qdisc ${link.qdisc} `);
  if (link.master !== undefined) {
    const master = session.nameOf(link.master);
    out.fact('master', master, `master ${master} `);
  }
  out.text('state ');
  out.fact('operstate', link.operstate, `${link.operstate} `, operstateColor(link));
  if (style.asLink) out.fact('linkmode', 'DEFAULT', 'mode DEFAULT ');
  const group = groups.show(link.group);
  if (style.inet6 !== true) out.fact('group', group, `group ${group} `);
  if (link.txqlen !== 0) out.fact('txqlen', link.txqlen, `qlen ${link.txqlen}`);
  if (style.withAddress || options.details) printLinkLayer(session, link, style);
  printLinkNetns(session, link);
  if (options.details && style.inet6 !== true) printDetails(session, link, style);
  if ((style.asLink || options.details) && link.alias !== undefined && link.alias !== '') {
    out.newline();
    out.fact('ifalias', link.alias, `    alias ${link.alias}`);
  }
  if (style.asLink && options.statistics > 0) {
    out.newline();
    printStatistics(session, link);
  }
  printAltnames(session, link);
  out.text('\n');
}

function printBrief(session: Session, link: LinkMessage, style: LinkStyle): void {
  const { out } = session;
  printNameAndLink(session, link, (name) => `${name.padEnd(16)} `);
  out.fact('operstate', link.operstate, `${link.operstate.padEnd(14)} `, operstateColor(link));
  if (!style.asLink) return;
  const mac = linkAddressText(link, link.mac);
  out.fact('address', mac, `${mac} `, 'mac');
  printFlags(session, link);
  out.text('\n');
}

const operstateColor = (link: LinkMessage): Color | undefined =>
  link.operstate === 'UP' ? 'up' : link.operstate === 'DOWN' ? 'down' : undefined;

/** `veth0@veth1`, and `veth0@if7` where the peer is in another namespace. */
export function printNameAndLink(session: Session, link: LinkMessage, format: (name: string) => string): void {
  const { out } = session;
  let name = link.name;
  if (link.link !== undefined) {
    const elsewhere = link.linkNetnsId !== undefined;
    const peer = link.link === 0 ? 'NONE' : elsewhere ? `if${link.link}` : session.nameOf(link.link);
    if (elsewhere) out.json('link_index', link.link);
    else out.json('link', peer);
    name = `${name}@${peer}`;
  }
  out.fact('ifname', link.name, format(name), 'ifname');
}

export function printFlags(session: Session, link: LinkMessage): void {
  const { out } = session;
  const names: string[] = FLAG_ORDER.filter((name) => (link.flags & IFF[name]) !== 0);
  const noCarrier = (link.flags & IFF.UP) !== 0 && (link.flags & IFF.RUNNING) === 0;
  if (noCarrier) names.unshift('NO-CARRIER');
  if (peerIsDown(session, link)) names.push('M-DOWN');
  out.fact('flags', names, `<${names.join(',')}> `);
}

/** The peer or lower device, where it is in this namespace. */
function peerIsDown(session: Session, link: LinkMessage): boolean {
  if (link.link === undefined || link.linkNetnsId !== undefined) return false;
  const peer = session.link(link.link);
  return peer !== undefined && (peer.flags & IFF.UP) === 0;
}

/** Tunnels over IPv4 have IPv4 addresses at their ends (ll_addr_n2a). */
export const linkAddressText = ({ type }: LinkMessage, address: LinkMessage['mac']): string =>
  type === 'ether' || type === 'loopback' ? formatMac(address) : String(Ip.fromV4(address));

function printLinkLayer(session: Session, link: LinkMessage, style: LinkStyle): void {
  const { out } = session;
  out.newline();
  // Without names it is the number, in brackets.
  const type = session.options.numeric ? `[${ARPHRD[link.type]}]` : link.type;
  out.fact('link_type', type, `    link/${type} `);
  const [own, other] = [linkAddressText(link, link.mac), linkAddressText(link, link.broadcast)];
  out.fact('address', own, own, 'mac');
  if (style.inet6 === true) return;
  const pointToPoint = (link.flags & IFF.POINTOPOINT) !== 0;
  if (pointToPoint) out.json('link_pointtopoint', true);
  out.text(pointToPoint ? ' peer ' : ' brd ');
  out.fact('broadcast', other, other, 'mac');
}

function printLinkNetns(session: Session, link: LinkMessage): void {
  const id = link.linkNetnsId;
  if (id === undefined) return;
  session.out.json('link_netnsid', id);
  if (session.out.isJson) return;
  const name = id < 0 ? undefined : session.nameOfNsid(id);
  session.out.text(name === undefined ? ` link-netnsid ${id < 0 ? 'unknown' : id}` : ` link-netns ${name}`);
}

function printDetails(session: Session, link: LinkMessage, style: LinkStyle): void {
  const { out } = session;
  out.fact('promiscuity', link.promiscuity, ` promiscuity ${link.promiscuity} `);
  out.fact('allmulti', link.allmulti, ` allmulti ${link.allmulti} `);
  out.fact('min_mtu', link.minMtu, `minmtu ${link.minMtu} `);
  out.fact('max_mtu', link.maxMtu, `maxmtu ${link.maxMtu} `);
  printKind(session, link);
  if (style.asLink && link.addrGenMode !== undefined) {
    out.fact('inet6_addr_gen_mode', link.addrGenMode, `addrgenmode ${link.addrGenMode} `);
  }
  out.fact('num_tx_queues', link.numTxQueues, `numtxqueues ${link.numTxQueues} `);
  out.fact('num_rx_queues', link.numRxQueues, `numrxqueues ${link.numRxQueues} `);
  // A tunnel inherits the limit of the device underneath, if it has one.
  const alone = link.data?.kind === 'vxlan' && link.data.link === undefined ? { tso_max_size: 65536 } : {};
  for (const [key, value] of Object.entries({ ...OFFLOAD_LIMITS, ...alone })) out.fact(key, value, `${key} ${value} `);
}

function printKind(session: Session, link: LinkMessage): void {
  const { out } = session;
  if (link.kind === undefined) return;
  out.openObject('linkinfo');
  out.newline();
  out.fact('info_kind', link.kind, `    ${link.kind} `);
  if (link.bridge !== undefined) printBridge(out, link.bridge);
  if (link.data !== undefined) {
    out.openObject('info_data');
    arrivedKind(link.kind)?.print(session, link.data);
    out.close();
  }
  if (link.bridgePort !== undefined) {
    out.newline();
    out.fact('info_slave_kind', 'bridge', '    bridge_slave ');
    printBridgePort(out, link.bridgePort);
  }
  out.close();
}

function printAltnames({ out }: Session, link: LinkMessage): void {
  if (link.altnames.length === 0) return;
  out.openArray('altnames');
  for (const name of link.altnames) {
    out.newline();
    out.text(`    altname ${name}`);
    out.element(name);
  }
  out.close();
}
