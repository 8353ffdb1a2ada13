import { fail, formatMac, ok, type Result } from '../../base/index.ts';
import {
  ARPHRD,
  type BridgeMessage,
  type BridgePortMessage,
  dumpLinks,
  getLink,
  IFF,
  type LinkChange,
  type LinkMessage,
  type LinkStats,
  type NetNs,
  setLink,
} from '../../kernel/index.ts';
import type { TreeEntry } from '../../os/index.ts';
import { directory, fallible, file, symlink, writable } from './entries.ts';

/** /sys, as far as devices of the network go: class/net links to devices/virtual/net, which has the files. */
export function sysEntry(ns: NetNs, path: string): TreeEntry | undefined {
  if (path === '') return directory(() => ['class', 'devices']);
  if (path === 'class') return directory(() => ['net']);
  if (path === 'devices') return directory(() => ['virtual']);
  if (path === 'devices/virtual') return directory(() => ['net']);
  const [, of, ...rest] = /^(class\/net|devices\/virtual\/net)(?:\/(.*))?$/.exec(path) ?? [];
  if (of === undefined) return undefined;
  const below = rest[0];
  if (below === undefined) return directory(() => dumpLinks(ns).map((link) => link.name));
  const [name = '', ...inside] = below.split('/');
  const link = getLink(ns, name);
  if (link === undefined || link.name !== name) return undefined;
  if (of === 'class/net') return inside.length === 0 ? symlink(() => `../../devices/virtual/net/${name}`) : undefined;
  return deviceEntry(ns, link, inside.join('/'));
}

const isTunnel = ({ type }: LinkMessage): boolean => ARPHRD[type] > 767 && type !== 'loopback';

/** sysfs_format_mac(): of a tunnel it is the IPv4 address, byte for byte. */
const addressText = (link: LinkMessage, address: LinkMessage['mac']): string =>
  isTunnel(link) ? formatMac(address).slice(6) : formatMac(address);

type FileOf<T> = (ns: NetNs, of: T) => TreeEntry;

const number = (value: number): TreeEntry => file(() => `${value}\n`);
const text = (value: string): TreeEntry => file(() => `${value}\n`);
const flag = (value: boolean): TreeEntry => number(value ? 1 : 0);

/** A file that one attribute of `ip link set` stands behind. */
function attribute(ns: NetNs, ifindex: number, value: string, change: (value: number) => LinkChange): TreeEntry {
  return writable(
    () => ok(`${value}\n`),
    (written) => {
      const parsed = /^\s*(0x[0-9a-f]+|\d+)\s*$/i.exec(written)?.[1];
      return parsed === undefined ? fail('EINVAL') : setLink(ns, ifindex, change(Number(parsed)));
    },
  );
}

/** Reading is refused while the device is down (netif_running()). */
const whileUp = (link: LinkMessage, value: () => string): TreeEntry =>
  fallible((): Result<string> => ((link.flags & IFF.UP) === 0 ? fail('EINVAL') : ok(`${value()}\n`)));

/** dev->flags, which has no running state but says what promiscuity others asked for. */
const rawFlags = (link: LinkMessage): number =>
  (link.flags & ~(IFF.RUNNING | IFF.LOWER_UP)) |
  (link.promiscuity > 0 ? IFF.PROMISC : 0) |
  (link.allmulti > 0 ? IFF.ALLMULTI : 0);

const DEVICE_FILES: Readonly<Record<string, FileOf<LinkMessage>>> = {
  addr_assign_type: (_, link) => number(link.addrAssignType),
  addr_len: (_, link) => number(isTunnel(link) ? 4 : 6),
  address: (_, link) => text(addressText(link, link.mac)),
  broadcast: (_, link) => text(addressText(link, link.broadcast)),
  carrier: (_, link) => whileUp(link, () => (link.carrier ? '1' : '0')),
  carrier_changes: (_, link) => number(link.carrierChanges),
  carrier_down_count: (_, link) => number(Math.ceil(link.carrierChanges / 2)),
  carrier_up_count: (_, link) => number(Math.floor(link.carrierChanges / 2)),
  dev_id: () => text('0x0'),
  dev_port: () => number(0),
  dormant: () => number(0),
  duplex: (_, link) => (link.kind === 'veth' ? whileUp(link, () => 'full') : fallible(() => fail('EINVAL'))),
  flags: (_, link) => text(`0x${rawFlags(link).toString(16)}`),
  ifalias: (ns, link) =>
    writable(
      () => ok(`${link.alias ?? ''}\n`),
      (written) => setLink(ns, link.ifindex, { alias: written.replace(/\n$/, '') }),
    ),
  ifindex: (_, link) => number(link.ifindex),
  iflink: (_, link) => number(link.link ?? link.ifindex),
  link_mode: () => number(0),
  mtu: (ns, link) => attribute(ns, link.ifindex, String(link.mtu), (mtu) => ({ mtu })),
  name_assign_type: () => number(3),
  netdev_group: (ns, link) => attribute(ns, link.ifindex, String(link.group), (group) => ({ group })),
  operstate: (_, link) => text(link.operstate.toLowerCase()),
  proto_down: () => number(0),
  speed: (_, link) => (link.kind === 'veth' ? whileUp(link, () => '10000') : fallible(() => fail('EINVAL'))),
  testing: () => number(0),
  threaded: () => number(0),
  tx_queue_len: (ns, link) => attribute(ns, link.ifindex, String(link.txqlen), (txqlen) => ({ txqlen })),
  type: (_, link) => number(ARPHRD[link.type]),
  uevent: (_, link) =>
    file(() => `${link.kind === 'bridge' ? 'DEVTYPE=bridge\n' : ''}INTERFACE=${link.name}\nIFINDEX=${link.ifindex}\n`),
};

function deviceEntry(ns: NetNs, link: LinkMessage, path: string): TreeEntry | undefined {
  if (path === '') return directory(() => deviceNames(ns, link));
  const [name = '', inside, ...deeper] = path.split('/');
  if (deeper.length > 0) return undefined;
  if (inside === undefined) {
    if (name === 'master')
      return link.master === undefined ? undefined : symlink(() => `../${getLink(ns, link.master ?? 0)?.name}`);
    if (name === 'subsystem') return symlink(() => '../../../../class/net');
    if (relativesOf(ns, link).includes(name)) return symlink(() => `../${name.replace(/^(upper|lower)_/, '')}`);
    const made = Object.hasOwn(DEVICE_FILES, name) ? DEVICE_FILES[name]?.(ns, link) : undefined;
    if (made !== undefined) return made;
  }
  return folderEntry(ns, link, name, inside);
}

function folderEntry(ns: NetNs, link: LinkMessage, folder: string, name: string | undefined): TreeEntry | undefined {
  if (folder === 'statistics') return listed(STATISTICS, name, (made) => number(made(link.stats)));
  const { bridge, bridgePort } = link;
  if (folder === 'bridge' && bridge !== undefined)
    return listed(BRIDGE_FILES, name, (made) => made(ns, { link, bridge }));
  if (folder === 'brport' && bridgePort !== undefined)
    return listed(PORT_FILES, name, (made) => made(ns, { link, port: bridgePort }));
  if (folder === 'brif' && bridge !== undefined) {
    const ports = dumpLinks(ns).filter((port) => port.master === link.ifindex);
    if (name === undefined) return directory(() => ports.map((port) => port.name));
    return ports.some((port) => port.name === name) ? symlink(() => `../../${name}/brport`) : undefined;
  }
  if (folder === 'queues') return name === undefined ? directory(() => ['rx-0', 'tx-0']) : undefined;
  return undefined;
}

function listed<T>(
  files: Readonly<Record<string, T>>,
  name: string | undefined,
  make: (of: T) => TreeEntry,
): TreeEntry | undefined {
  if (name === undefined) return directory(() => Object.keys(files));
  const found = Object.hasOwn(files, name) ? files[name] : undefined;
  return found === undefined ? undefined : make(found);
}

/** `upper_br0` of a port, `lower_veth1` of its bridge. */
function relativesOf(ns: NetNs, link: LinkMessage): string[] {
  const upper = link.master === undefined ? [] : [`upper_${getLink(ns, link.master)?.name}`];
  return [
    ...upper,
    ...dumpLinks(ns)
      .filter((port) => port.master === link.ifindex)
      .map((port) => `lower_${port.name}`),
  ];
}

function deviceNames(ns: NetNs, link: LinkMessage): string[] {
  const folders = [
    'queues',
    'statistics',
    'subsystem',
    ...(link.bridge === undefined ? [] : ['bridge', 'brif']),
    ...(link.bridgePort === undefined ? [] : ['brport', 'master']),
  ];
  return [...Object.keys(DEVICE_FILES), ...folders, ...relativesOf(ns, link)];
}

const none = (): number => 0;
const STATISTICS: Readonly<Record<string, (stats: LinkStats) => number>> = {
  collisions: (s) => s.collisions,
  multicast: (s) => s.multicast,
  rx_bytes: (s) => s.rxBytes,
  rx_compressed: none,
  rx_crc_errors: none,
  rx_dropped: (s) => s.rxDropped,
  rx_errors: (s) => s.rxErrors,
  rx_fifo_errors: none,
  rx_frame_errors: none,
  rx_length_errors: none,
  rx_missed_errors: (s) => s.rxMissed,
  rx_nohandler: none,
  rx_over_errors: none,
  rx_packets: (s) => s.rxPackets,
  tx_aborted_errors: none,
  tx_bytes: (s) => s.txBytes,
  tx_carrier_errors: (s) => s.txCarrierErrors,
  tx_compressed: none,
  tx_dropped: (s) => s.txDropped,
  tx_errors: (s) => s.txErrors,
  tx_fifo_errors: none,
  tx_heartbeat_errors: none,
  tx_packets: (s) => s.txPackets,
  tx_window_errors: none,
};

/** `8000.02aa00000001` */
const compactId = ({ priority, mac }: BridgeMessage['bridgeId']): string =>
  `${priority.toString(16).padStart(4, '0')}.${formatMac(mac).replaceAll(':', '')}`;

type OfBridge = { readonly link: LinkMessage; readonly bridge: BridgeMessage };
const bridgeOption =
  (value: (bridge: BridgeMessage) => number, change: (value: number) => LinkChange['bridge']): FileOf<OfBridge> =>
  (ns, { link, bridge }) =>
    attribute(ns, link.ifindex, String(value(bridge)), (written) => ({ bridge: change(written) ?? {} }));
const ofBridge =
  (make: (bridge: BridgeMessage) => TreeEntry): FileOf<OfBridge> =>
  (_, { bridge }) =>
    make(bridge);

const BRIDGE_FILES: Readonly<Record<string, FileOf<OfBridge>>> = {
  ageing_time: bridgeOption(
    (b) => b.ageingTime,
    (ageingTime) => ({ ageingTime }),
  ),
  bridge_id: ofBridge((b) => text(compactId(b.bridgeId))),
  flush: (ns, { link }) =>
    writable(
      () => fail('EACCES'),
      () => setLink(ns, link.ifindex, { bridge: { fdbFlush: true } }),
      0o200,
    ),
  forward_delay: bridgeOption(
    (b) => b.forwardDelay,
    (forwardDelay) => ({ forwardDelay }),
  ),
  gc_timer: ofBridge((b) => number(b.gcTimer)),
  group_addr: ofBridge((b) => text(formatMac(b.groupAddress))),
  group_fwd_mask: ofBridge((b) => text(`0x${b.groupFwdMask.toString(16)}`)),
  hello_time: bridgeOption(
    (b) => b.helloTime,
    (helloTime) => ({ helloTime }),
  ),
  hello_timer: ofBridge((b) => number(b.helloTimer)),
  max_age: bridgeOption(
    (b) => b.maxAge,
    (maxAge) => ({ maxAge }),
  ),
  multicast_snooping: bridgeOption(
    (b) => b.mcastSnooping,
    (value) => ({ mcastSnooping: value === 0 ? 0 : 1 }),
  ),
  nf_call_arptables: ofBridge(() => number(0)),
  nf_call_ip6tables: ofBridge(() => number(0)),
  nf_call_iptables: ofBridge(() => number(0)),
  priority: bridgeOption(
    (b) => b.priority,
    (priority) => ({ priority }),
  ),
  root_id: ofBridge((b) => text(compactId(b.designatedRoot))),
  root_path_cost: ofBridge((b) => number(b.rootPathCost)),
  root_port: ofBridge((b) => number(b.rootPort)),
  stp_state: bridgeOption(
    (b) => b.stpState,
    (value) => ({ stpState: value === 0 ? 0 : 1 }),
  ),
  tcn_timer: ofBridge((b) => number(b.tcnTimer)),
  topology_change: ofBridge((b) => number(b.topologyChange)),
  topology_change_detected: ofBridge((b) => number(b.topologyChangeDetected)),
  topology_change_timer: ofBridge((b) => number(b.topologyChangeTimer)),
};

type OfPort = { readonly link: LinkMessage; readonly port: BridgePortMessage };
type PortFlag =
  | 'bcastFlood'
  | 'hairpin'
  | 'guard'
  | 'isolated'
  | 'learning'
  | 'fastleave'
  | 'mcastFlood'
  | 'mcastToUnicast'
  | 'neighSuppress'
  | 'proxyArp'
  | 'proxyArpWifi'
  | 'rootBlock'
  | 'flood';
const portFlag =
  (key: PortFlag): FileOf<OfPort> =>
  (ns, { link, port }) =>
    attribute(ns, link.ifindex, port[key] ? '1' : '0', (value) => ({ bridgePort: { [key]: value !== 0 } }));
const ofPort =
  (make: (port: BridgePortMessage) => TreeEntry): FileOf<OfPort> =>
  (_, { port }) =>
    make(port);
const STATES: readonly BridgePortMessage['state'][] = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

const PORT_FILES: Readonly<Record<string, FileOf<OfPort>>> = {
  bpdu_guard: portFlag('guard'),
  broadcast_flood: portFlag('bcastFlood'),
  change_ack: ofPort(() => flag(false)),
  config_pending: ofPort(() => flag(false)),
  designated_bridge: ofPort((port) => text(compactId(port.designatedBridge))),
  designated_cost: ofPort((port) => number(port.designatedCost)),
  designated_port: ofPort((port) => number(port.designatedPort)),
  designated_root: ofPort((port) => text(compactId(port.designatedRoot))),
  flush: (ns, { link }) =>
    writable(
      () => fail('EACCES'),
      () => setLink(ns, link.ifindex, { bridgePort: { fdbFlush: true } }),
      0o200,
    ),
  forward_delay_timer: ofPort((port) => number(port.forwardDelayTimer)),
  hairpin_mode: portFlag('hairpin'),
  hold_timer: ofPort((port) => number(port.holdTimer)),
  isolated: portFlag('isolated'),
  learning: portFlag('learning'),
  message_age_timer: ofPort((port) => number(port.messageAgeTimer)),
  multicast_fast_leave: portFlag('fastleave'),
  multicast_flood: portFlag('mcastFlood'),
  multicast_router: ofPort((port) => number(port.mcastRouter)),
  multicast_to_unicast: portFlag('mcastToUnicast'),
  neigh_suppress: portFlag('neighSuppress'),
  path_cost: (ns, { link, port }) =>
    attribute(ns, link.ifindex, String(port.cost), (cost) => ({ bridgePort: { cost } })),
  port_id: ofPort((port) => text(`0x${port.portId.toString(16)}`)),
  port_no: ofPort((port) => text(`0x${port.portNo.toString(16)}`)),
  priority: (ns, { link, port }) =>
    attribute(ns, link.ifindex, String(port.priority), (priority) => ({ bridgePort: { priority } })),
  proxyarp: portFlag('proxyArp'),
  proxyarp_wifi: portFlag('proxyArpWifi'),
  root_block: portFlag('rootBlock'),
  state: ofPort((port) => number(STATES.indexOf(port.state))),
  unicast_flood: portFlag('flood'),
};
