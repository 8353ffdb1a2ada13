import { MAC_BROADCAST, type Mac } from '../../base/index.ts';
import type { InetDevice } from '../addr/in-device.ts';
import type { Inet6Device } from '../addr/in6-device.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { BridgePort } from '../bridge/port.ts';
import { IFF, type LinkStats, type OperState } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { Skb } from '../skb.ts';
import type { Tap } from '../socket/tap.ts';
import type { LinkKind } from './kind.ts';

/** Takes a received frame, or lets it go on to who is next. */
export type RxHandler = (skb: Skb) => 'consumed' | 'pass';

/**
 * A network device (struct net_device). What differs between kinds is behind `kind`; what a kind needs beside is in
 * `peer` (veth) and `bridge`.
 */
export class Link {
  readonly kind: LinkKind;
  ns: NetNs;
  ifindex: number;
  name: string;
  altnames: string[] = [];
  alias: string | undefined;
  /** IFF bits as set: UP, BROADCAST, LOOPBACK, NOARP, MULTICAST. The shown flags are `shownFlags`. */
  flags: number;
  mtu: number;
  minMtu: number;
  maxMtu: number;
  mac: Mac;
  broadcast: Mac;
  /** NET_ADDR_PERM, RANDOM, STOLEN, SET */
  addrAssignType: 0 | 1 | 2 | 3 = 1;
  group = 0;
  txqlen = 1000;
  numTxQueues = 1;
  numRxQueues = 1;
  /** The root queueing discipline. */
  qdisc = 'noop';
  /** Its queue sends (dev_activate); one without carrier drops. */
  activated = false;
  operstate: OperState = 'UNKNOWN';
  carrier = true;
  carrierChanges = 0;
  promiscuity = 0;
  allmulti = 0;
  /** Set by `ip link set promisc on`, as opposed to by a packet socket or a bridge. */
  userPromisc = false;
  userAllmulti = false;
  stats: LinkStats = emptyStats();
  /** Link-layer groups it listens to, with their users (dev_mc_add). */
  readonly groups = new Map<Mac, number>();
  /** Unicast addresses beside its own that it listens to (dev_uc_add). */
  readonly unicast = new Set<Mac>();
  readonly taps: Tap[] = [];
  /** veth: the other end. */
  peer: Link | undefined;
  /** The device that it stands on, of stacked kinds (IFLA_LINK). */
  lower: Link | undefined;
  /** Devices that cannot live without this one. */
  readonly uppers = new Set<Link>();
  bridge: Bridge | undefined;
  /** As a port of a bridge. */
  port: BridgePort | undefined;
  /** Sees received frames before the protocols do (rx_handler): one at a time, the port of a bridge or macvlan's. */
  rxHandler: RxHandler | undefined;
  /** Queues what is sent, in place of sending at once: traffic control puts it here. */
  egress: ((skb: Skb) => void) | undefined;
  /** Traffic control's look at what comes in, behind the taps. */
  ingress: RxHandler | undefined;
  /** VLAN devices on this one, by tag protocol and id (vlan_info). */
  vlans: Map<number, Link> | undefined;
  inet!: InetDevice;
  /** undefined when the MTU is below IPv6's minimum. */
  inet6: Inet6Device | undefined;
  addrGenMode: 'eui64' | 'none' = 'eui64';
  registered = false;
  /** State of parts that load apart (slot.ts). */
  readonly slots: unknown[] = [];

  constructor(kind: LinkKind, ns: NetNs, ifindex: number, name: string, mac: Mac) {
    this.kind = kind;
    this.ns = ns;
    this.ifindex = ifindex;
    this.name = name;
    this.mac = mac;
    this.flags = kind.flags;
    this.mtu = kind.mtu;
    this.minMtu = kind.minMtu;
    this.maxMtu = kind.maxMtu;
    this.broadcast = kind.type === 'loopback' ? (0 as Mac) : MAC_BROADCAST;
  }

  get up(): boolean {
    return (this.flags & IFF.UP) !== 0;
  }

  get isLoopback(): boolean {
    return (this.flags & IFF.LOOPBACK) !== 0;
  }

  /** Up and able to carry: what routing calls alive. */
  get running(): boolean {
    return this.up && this.carrier;
  }

  /** ifindex of the device underneath or opposite (dev_get_iflink); its own when there is none. */
  get iflink(): number {
    return this.kind.iflink?.(this) ?? (this.peer ?? this.lower ?? this).ifindex;
  }

  get noArp(): boolean {
    return (this.flags & (IFF.NOARP | IFF.LOOPBACK)) !== 0;
  }

  /** dev_get_flags(): what user space sees. */
  get shownFlags(): number {
    let flags = this.flags;
    if (this.userPromisc) flags |= IFF.PROMISC;
    if (this.userAllmulti) flags |= IFF.ALLMULTI;
    if (!this.up) return flags;
    if (this.operstate === 'UP' || this.operstate === 'UNKNOWN') flags |= IFF.RUNNING;
    if (this.carrier) flags |= IFF.LOWER_UP;
    return flags;
  }
}

export const emptyStats = (): LinkStats => ({
  rxBytes: 0,
  rxPackets: 0,
  rxErrors: 0,
  rxDropped: 0,
  rxMissed: 0,
  multicast: 0,
  txBytes: 0,
  txPackets: 0,
  txErrors: 0,
  txDropped: 0,
  txCarrierErrors: 0,
  collisions: 0,
});
