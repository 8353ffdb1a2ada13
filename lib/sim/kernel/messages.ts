import type { Cidr, Ip, Mac, Micros } from '../base/index.ts';
import type { LinkData } from './link/data.ts';

/**
 * What user space and the kernel tell each other about links, addresses, routes, rules, neighbours and forwarding
 * entries: the payload of rtnetlink(7) messages as plain data, with the kernel's own names and numbers. Dumps return
 * these; requests are built from them.
 */

/** AF_INET or AF_INET6. */
export type Family = 4 | 6;

/** net_device flags as `ip link` shows them (netdevice(7)), plus LOWER_UP; bits as in <linux/if.h>. */
export const IFF = {
  UP: 0x1,
  BROADCAST: 0x2,
  LOOPBACK: 0x8,
  POINTOPOINT: 0x10,
  RUNNING: 0x40,
  NOARP: 0x80,
  PROMISC: 0x100,
  ALLMULTI: 0x200,
  MULTICAST: 0x1000,
  LOWER_UP: 0x1_0000,
} as const;

/** RFC 2863 operational states, in the words of `ip link`. */
export type OperState = 'UNKNOWN' | 'NOTPRESENT' | 'DOWN' | 'LOWERLAYERDOWN' | 'TESTING' | 'DORMANT' | 'UP';

/** struct rtnl_link_stats64, as far as devices here count. */
export type LinkStats = {
  rxBytes: number;
  rxPackets: number;
  rxErrors: number;
  rxDropped: number;
  rxMissed: number;
  multicast: number;
  txBytes: number;
  txPackets: number;
  txErrors: number;
  txDropped: number;
  txCarrierErrors: number;
  collisions: number;
};

export type LinkType = 'ether' | 'loopback' | 'ipip' | 'gre' | 'sit' | 'none';

/** Numbers of <linux/if_arp.h>. */
export const ARPHRD: Readonly<Record<LinkType, number>> = {
  ether: 1,
  ipip: 768,
  loopback: 772,
  sit: 776,
  gre: 778,
  none: 65534,
};

export type * from './link/data.ts';

/** RTM_NEWLINK of one device. */
export type LinkMessage = {
  readonly ifindex: number;
  readonly name: string;
  readonly altnames: readonly string[];
  readonly alias: string | undefined;
  /** ARPHRD_*, in the words of `ip link`. */
  readonly type: LinkType;
  /** IFF bits, as dev_get_flags() gives them: RUNNING and LOWER_UP are derived, PROMISC only when set by a user. */
  readonly flags: number;
  readonly mtu: number;
  readonly minMtu: number;
  readonly maxMtu: number;
  readonly qdisc: string;
  readonly operstate: OperState;
  readonly carrier: boolean;
  readonly carrierChanges: number;
  /** ifindex of the bridge it is a port of. */
  readonly master: number | undefined;
  /** IFLA_LINK: ifindex of the peer (veth) or lower device, in the namespace `linkNetnsId` when that is set. */
  readonly link: number | undefined;
  /** IFLA_LINK_NETNSID: this namespace's id for the one that holds `link`; undefined when it is the same one. */
  readonly linkNetnsId: number | undefined;
  readonly group: number;
  readonly txqlen: number;
  readonly mac: Mac;
  readonly broadcast: Mac;
  /** True when the address was set by a user; `addr_assign_type` 3 instead of 1. */
  readonly addrAssignType: 0 | 1 | 2 | 3;
  readonly promiscuity: number;
  readonly allmulti: number;
  readonly numTxQueues: number;
  readonly numRxQueues: number;
  /** IFLA_INET6_ADDR_GEN_MODE; undefined when the device has no IPv6 (its MTU is below 1280). */
  readonly addrGenMode: 'eui64' | 'none' | undefined;
  /** IFLA_INFO_KIND; undefined for lo. */
  readonly kind: string | undefined;
  /** IFLA_INFO_DATA of the kinds that come as modules. */
  readonly data: LinkData | undefined;
  /** IFLA_INFO_DATA of a bridge. */
  readonly bridge: BridgeMessage | undefined;
  /** IFLA_INFO_SLAVE_DATA of a bridge port. */
  readonly bridgePort: BridgePortMessage | undefined;
  readonly stats: Readonly<LinkStats>;
};

/** Times are in the kernel's units of 1/100 s (USER_HZ), as ip shows them. */
export type BridgeMessage = {
  readonly forwardDelay: number;
  readonly helloTime: number;
  readonly maxAge: number;
  readonly ageingTime: number;
  readonly stpState: 0 | 1;
  readonly priority: number;
  readonly vlanFiltering: 0 | 1;
  /** `8000.12:4b:9f:59:12:de` is priority 0x8000 and the MAC. */
  readonly bridgeId: { readonly priority: number; readonly mac: Mac };
  readonly designatedRoot: { readonly priority: number; readonly mac: Mac };
  readonly rootPort: number;
  readonly rootPathCost: number;
  readonly topologyChange: 0 | 1;
  readonly topologyChangeDetected: 0 | 1;
  /** 1/100 s until the timer fires, 0 when it is not pending. */
  readonly helloTimer: number;
  readonly tcnTimer: number;
  readonly topologyChangeTimer: number;
  readonly gcTimer: number;
  readonly groupFwdMask: number;
  readonly groupAddress: Mac;
  readonly mcastSnooping: 0 | 1;
};

export type BridgePortState = 'disabled' | 'listening' | 'learning' | 'forwarding' | 'blocking';

export type BridgePortFlags = {
  hairpin: boolean;
  guard: boolean;
  rootBlock: boolean;
  fastleave: boolean;
  learning: boolean;
  flood: boolean;
  mcastFlood: boolean;
  bcastFlood: boolean;
  mcastToUnicast: boolean;
  neighSuppress: boolean;
  vlanTunnel: boolean;
  isolated: boolean;
  locked: boolean;
  proxyArp: boolean;
  proxyArpWifi: boolean;
};

export type BridgePortMessage = Readonly<BridgePortFlags> & {
  readonly state: BridgePortState;
  readonly priority: number;
  readonly cost: number;
  /** `0x8001` is priority 32 << 10 and port number 1. */
  readonly portId: number;
  readonly portNo: number;
  readonly designatedPort: number;
  readonly designatedCost: number;
  readonly designatedBridge: { readonly priority: number; readonly mac: Mac };
  readonly designatedRoot: { readonly priority: number; readonly mac: Mac };
  readonly holdTimer: number;
  readonly messageAgeTimer: number;
  readonly forwardDelayTimer: number;
  readonly mcastRouter: number;
};

/** Scopes of addresses and routes (RT_SCOPE_*). */
export const SCOPE = { universe: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;

/** Routing protocols (RTPROT_*) that appear here. */
export const RTPROT = { unspec: 0, redirect: 1, kernel: 2, boot: 3, static: 4, ra: 9 } as const;

/** Routing tables with names (RT_TABLE_*). */
export const RT_TABLE = { unspec: 0, default: 253, main: 254, local: 255 } as const;

/** RTM_NEWADDR. */
export type AddrMessage = {
  readonly family: Family;
  readonly ifindex: number;
  /** IFA_LOCAL: the address itself. */
  readonly local: Ip;
  /** IFA_ADDRESS: the peer's address on point-to-point links, else the same as `local`. */
  readonly address: Ip;
  readonly prefix: number;
  readonly broadcast: Ip | undefined;
  readonly label: string | undefined;
  readonly scope: number;
  readonly flags: AddrFlags;
  /** Seconds left; Infinity is `forever`. */
  readonly validLft: number;
  readonly preferredLft: number;
  readonly metric: number | undefined;
};

export type AddrFlags = {
  readonly secondary: boolean;
  readonly permanent: boolean;
  readonly tentative: boolean;
  readonly dadFailed: boolean;
  readonly deprecated: boolean;
  readonly nodad: boolean;
  readonly noprefixroute: boolean;
};

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'multicast'
  | 'anycast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw';

/** Route metrics (RTAX_*) that have an effect or are shown. */
export type RouteMetrics = {
  readonly mtu?: number;
  readonly mtuLocked?: boolean;
  readonly advmss?: number;
  readonly hoplimit?: number;
  readonly window?: number;
  readonly initcwnd?: number;
  readonly initrwnd?: number;
  readonly rtt?: number;
  readonly quickack?: number;
};

export type NexthopMessage = {
  readonly ifindex: number;
  readonly gateway: Ip | undefined;
  /** 1 … 256 */
  readonly weight: number;
  readonly onlink: boolean;
  /** The device has no carrier. */
  readonly linkdown: boolean;
  readonly dead: boolean;
};

/** RTM_NEWROUTE. One nexthop: `ifindex` and `gateway` of the only element; several: a multipath route; none: special types. */
export type RouteMessage = {
  readonly family: Family;
  readonly dst: Cidr;
  readonly type: RouteType;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly tos: number;
  /** `metric`. 0 is the default in IPv4, 1024 what IPv6 gives a route without one. */
  readonly priority: number;
  readonly prefsrc: Ip | undefined;
  readonly metrics: RouteMetrics;
  readonly nexthops: readonly NexthopMessage[];
  /** IPv6: how it came about when not by request; shown by `expires`. */
  readonly expires: number | undefined;
};

/** The answer of RTM_GETROUTE: what a packet with these addresses would do. */
export type RouteAnswer = {
  readonly family: Family;
  readonly dst: Ip;
  readonly from: Ip | undefined;
  readonly iif: number | undefined;
  readonly mark: number;
  readonly type: RouteType;
  readonly table: number;
  readonly gateway: Ip | undefined;
  readonly ifindex: number;
  readonly prefsrc: Ip | undefined;
  readonly uid: number;
  readonly protocol: number;
  readonly priority: number;
  readonly tos: number;
  readonly local: boolean;
  readonly broadcast: boolean;
  readonly multicast: boolean;
  /** A router would tell the sender of a better way. */
  readonly redirect: boolean;
  /** Seconds until a learnt path MTU is forgotten; undefined when there is none. */
  readonly cacheExpires: number | undefined;
  readonly mtu: number | undefined;
};

export type RuleAction = 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit';

/** RTM_NEWRULE. */
export type RuleMessage = {
  readonly family: Family;
  readonly priority: number;
  readonly action: RuleAction;
  readonly table: number;
  readonly goto: number | undefined;
  readonly invert: boolean;
  readonly src: Cidr | undefined;
  readonly dst: Cidr | undefined;
  readonly iif: string | undefined;
  /** `[detached]` when no such device exists. */
  readonly iifDetached: boolean;
  readonly oif: string | undefined;
  readonly oifDetached: boolean;
  readonly tos: number;
  readonly mark: number;
  readonly mask: number;
  readonly suppressPrefixLength: number | undefined;
  readonly protocol: number;
};

/** Neighbour states (NUD_*), in the words of `ip neigh`. */
export type NudState =
  | 'NONE'
  | 'INCOMPLETE'
  | 'REACHABLE'
  | 'STALE'
  | 'DELAY'
  | 'PROBE'
  | 'FAILED'
  | 'NOARP'
  | 'PERMANENT';

/** RTM_NEWNEIGH of an address table. */
export type NeighMessage = {
  readonly family: Family;
  readonly ifindex: number;
  readonly dst: Ip;
  readonly lladdr: Mac | undefined;
  readonly state: NudState;
  readonly proxy: boolean;
  readonly router: boolean;
  readonly externLearn: boolean;
  readonly protocol: number;
  readonly probes: number;
  /** Ages in seconds, as `ip -s neigh` shows used/confirmed/updated. */
  readonly used: number;
  readonly confirmed: number;
  readonly updated: number;
};

/** RTM_NEWNEIGH of family AF_BRIDGE. */
export type FdbMessage = {
  readonly ifindex: number;
  readonly mac: Mac;
  /** ifindex of the bridge, for entries of a bridge. */
  readonly master: number | undefined;
  /** NTF_SELF: an entry of the device itself, such as a multicast group it listens to. */
  readonly self: boolean;
  /** `permanent` (local), `static`, or '' for what was learnt. */
  readonly state: 'permanent' | 'static' | 'stale' | '';
  readonly vlan: number | undefined;
  /** Where a tunnel device sends what is for this address. */
  readonly tunnel?: FdbTunnel | undefined;
  readonly sticky: boolean;
  readonly externLearn: boolean;
  /** Ages in seconds (`bridge -s fdb`). */
  readonly used: number;
  readonly updated: number;
};

/** The far end of a tunnel's forwarding entry; what is as the device's own is undefined. */
export type FdbTunnel = {
  readonly dst: Ip | undefined;
  readonly port: number | undefined;
  readonly vni: number | undefined;
  /** ifindex of the device to send by. */
  readonly via: number | undefined;
  /** NDA_LINK_NETNSID: the tunnel's ends are in another namespace. */
  readonly netnsId: number | undefined;
};

/** NLM_F_* modifiers of a request that makes something. `ip … add` is create+excl, `replace` create+replace, `change` replace, `append` create+append. */
export type NewFlags = {
  readonly create?: boolean;
  readonly excl?: boolean;
  readonly replace?: boolean;
  readonly append?: boolean;
};

/** What `ip monitor` prints, and what anyone who wants to know of changes subscribes to. */
export type Notification = { readonly at: Micros } & (
  | { readonly type: 'newlink' | 'dellink'; readonly link: LinkMessage }
  | { readonly type: 'newaddr' | 'deladdr'; readonly addr: AddrMessage }
  | { readonly type: 'newroute' | 'delroute'; readonly route: RouteMessage }
  | { readonly type: 'newrule' | 'delrule'; readonly rule: RuleMessage }
  | { readonly type: 'newneigh' | 'delneigh'; readonly neigh: NeighMessage }
  | { readonly type: 'newfdb' | 'delfdb'; readonly fdb: FdbMessage }
);
