import type { Cidr, Ip, Mac } from '../base/index.ts';
import type { LinkRequest } from './link/data.ts';
import type {
  BridgePortFlags,
  BridgePortState,
  Family,
  FdbTunnel,
  NudState,
  RouteMetrics,
  RouteType,
  RuleAction,
} from './messages.ts';
import type { NetNs } from './netns.ts';

/** RTM_NEWLINK that makes a device. Names may hold `%d`; without one the kind gives a template (`veth%d`). */
export type NewLink = {
  readonly kind: string;
  readonly name?: string;
  readonly ifindex?: number;
  /** Where it is made; the namespace of the request when absent. */
  readonly netns?: NetNs;
  readonly peer?: {
    readonly name?: string;
    readonly ifindex?: number;
    readonly netns?: NetNs;
    readonly mac?: Mac;
    readonly mtu?: number;
    readonly txqlen?: number;
    readonly group?: number;
    readonly up?: boolean;
  };
  readonly bridge?: BridgeOptions;
  /** ifindex of the lower device, in the namespace of the request. */
  readonly link?: number;
  /** IFLA_INFO_DATA of the kinds that come as modules. */
  readonly data?: LinkRequest;
} & LinkSettings;

/** What both `ip link add` and `ip link set` may say of a device. */
export type LinkSettings = {
  readonly up?: boolean;
  readonly mac?: Mac;
  readonly broadcast?: Mac;
  readonly mtu?: number;
  readonly txqlen?: number;
  readonly alias?: string;
  readonly group?: number;
  /** ifindex of a bridge; 0 takes the device out. */
  readonly master?: number;
  readonly arp?: boolean;
  readonly multicast?: boolean;
  readonly promisc?: boolean;
  readonly allmulticast?: boolean;
  readonly addrGenMode?: 'eui64' | 'none';
  readonly numTxQueues?: number;
  readonly numRxQueues?: number;
  /** IFLA_VFINFO_LIST: of devices with virtual functions. */
  readonly vf?: boolean;
};

/** RTM_SETLINK and RTM_NEWLINK on an existing device; everything it says happens in the kernel's order. */
export type LinkChange = LinkSettings & {
  readonly name?: string;
  readonly netns?: NetNs;
  /** The ifindex wanted in the new namespace. */
  readonly newIfindex?: number;
  readonly bridge?: BridgeOptions;
  readonly bridgePort?: BridgePortOptions;
  readonly data?: LinkRequest;
};

/** Times in 1/100 s. */
export type BridgeOptions = {
  readonly ageingTime?: number;
  readonly forwardDelay?: number;
  readonly helloTime?: number;
  readonly maxAge?: number;
  readonly priority?: number;
  readonly stpState?: 0 | 1;
  readonly groupFwdMask?: number;
  readonly mcastSnooping?: 0 | 1;
  /** Forgets what was learnt (`fdb_flush`). */
  readonly fdbFlush?: boolean;
};

export type BridgePortOptions = Partial<BridgePortFlags> & {
  readonly state?: BridgePortState;
  readonly cost?: number;
  readonly priority?: number;
  readonly fdbFlush?: boolean;
};

export type NewAddr = {
  readonly ifindex: number;
  readonly local: Ip;
  /** `peer`; the same as `local` when absent. */
  readonly peer?: Ip;
  readonly prefix: number;
  readonly broadcast?: Ip;
  readonly label?: string;
  readonly scope?: number;
  readonly nodad?: boolean;
  readonly noprefixroute?: boolean;
  readonly metric?: number;
  /** Seconds. */
  readonly validLft?: number;
  readonly preferredLft?: number;
};

export type DelAddr = {
  readonly ifindex: number;
  readonly local: Ip;
  /** IFA_ADDRESS and prefix length; without, any entry with this local address goes (IPv4). */
  readonly peer?: Ip;
  readonly prefix?: number;
  readonly label?: string;
};

export type NexthopSpec = {
  readonly gateway?: Ip;
  readonly ifindex?: number /** 1 … 256 */;
  readonly weight?: number;
  readonly onlink?: boolean;
};

export type NewRoute = {
  readonly family: Family;
  readonly dst: Cidr;
  readonly type?: RouteType;
  readonly table?: number;
  readonly protocol?: number;
  readonly scope?: number;
  readonly tos?: number;
  readonly priority?: number;
  readonly prefsrc?: Ip;
  readonly metrics?: RouteMetrics;
  /** One: a plain route. Several: multipath. */
  readonly nexthops?: readonly NexthopSpec[];
};

/** Only what is said must match. */
export type DelRoute = Partial<Omit<NewRoute, 'family' | 'dst'>> & Pick<NewRoute, 'family' | 'dst'>;

export type GetRoute = {
  readonly dst: Ip;
  readonly src?: Ip;
  readonly iif?: number;
  readonly oif?: number;
  readonly tos?: number;
  readonly mark?: number;
  readonly uid?: number;
};

export type NewRule = {
  readonly family: Family;
  readonly priority?: number;
  readonly action?: RuleAction;
  readonly table?: number;
  readonly goto?: number;
  readonly invert?: boolean;
  readonly src?: Cidr;
  readonly dst?: Cidr;
  readonly iif?: string;
  readonly oif?: string;
  readonly tos?: number;
  readonly mark?: number;
  readonly mask?: number;
  readonly suppressPrefixLength?: number;
  readonly protocol?: number;
};

export type NewNeigh = {
  readonly ifindex: number;
  readonly dst: Ip;
  readonly lladdr?: Mac;
  readonly state?: NudState;
  readonly proxy?: boolean;
  readonly router?: boolean;
  readonly externLearn?: boolean;
  readonly protocol?: number;
};

export type DelNeigh = { readonly ifindex: number; readonly dst: Ip; readonly proxy?: boolean };

/** `self` is the device's own list, `master` its bridge's table. */
export type NewFdb = {
  readonly ifindex: number;
  readonly mac: Mac;
  readonly on: 'self' | 'master';
  readonly state: 'permanent' | 'static' | 'reachable';
  readonly sticky?: boolean;
  readonly vlan?: number;
  readonly tunnel?: Partial<Omit<FdbTunnel, 'netnsId'>>;
};

export type DelFdb = {
  readonly ifindex: number;
  readonly mac: Mac;
  readonly on: 'self' | 'master';
  readonly vlan?: number;
  readonly tunnel?: NewFdb['tunnel'];
};
