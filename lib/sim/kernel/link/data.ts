import type { Ip } from '../../base/index.ts';

/**
 * What the kinds of devices that come as kernel modules tell of themselves (`LinkData`, IFLA_INFO_DATA of a dump) and are
 * told (`LinkRequest`, of RTM_NEWLINK). Types only, so that requests and messages can name them without the modules.
 */
export type LinkData = TunnelData | VxlanData | MacvlanData | VlanData | IpvlanData;

export type LinkRequest =
  | TunnelRequest
  | VxlanRequest
  | MacvlanRequest
  | VlanRequest
  | IpvlanRequest
  | { readonly kind: 'ifb' };

/** drivers/net/vxlan. Addresses, ports and devices that were not given are undefined or 0. */
export type VxlanData = {
  readonly kind: 'vxlan';
  readonly id: number;
  /** The default destination: one host, or a group to which all of the segment listen. */
  readonly remote: Ip | undefined;
  readonly local: Ip | undefined;
  /** ifindex of the device underneath, in the namespace where the tunnel's ends are. */
  readonly link: number | undefined;
  readonly portLow: number;
  readonly portHigh: number;
  readonly dstPort: number;
  readonly learning: boolean;
  readonly proxy: boolean;
  readonly rsc: boolean;
  readonly l2miss: boolean;
  readonly l3miss: boolean;
  /** 'inherit' takes that of the packet inside. */
  readonly tos: number | 'inherit';
  /** 0 is `auto`. */
  readonly ttl: number | 'inherit';
  readonly df: 'unset' | 'set' | 'inherit';
  readonly flowLabel: number;
  /** Seconds until what was learnt is forgotten; 0 never. */
  readonly ageing: number;
  /** Most addresses that may be learnt; 0 is no limit. */
  readonly limit: number;
  readonly udpCsum: boolean;
  readonly zeroCsum6Tx: boolean;
  readonly zeroCsum6Rx: boolean;
  readonly external: boolean;
};

export type VxlanRequest = { readonly kind: 'vxlan' } & Partial<Omit<VxlanData, 'kind'>>;

/** drivers/net/macvlan.c */
export type MacvlanData = {
  readonly kind: 'macvlan';
  readonly mode: MacvlanMode;
  readonly nopromisc: boolean;
  readonly bcQueueLength: number;
  readonly usedBcQueueLength: number;
};

export type MacvlanMode = 'private' | 'vepa' | 'bridge' | 'passthru' | 'source';

export type MacvlanRequest = {
  readonly kind: 'macvlan';
  readonly mode?: MacvlanMode;
  readonly nopromisc?: boolean;
  readonly bcQueueLength?: number;
};

/** net/8021q */
export type VlanData = {
  readonly kind: 'vlan';
  readonly protocol: '802.1Q' | '802.1ad';
  readonly id: number;
  readonly reorderHdr: boolean;
  readonly looseBinding: boolean;
};

export type VlanRequest = { readonly kind: 'vlan' } & Partial<Omit<VlanData, 'kind'>>;

/** drivers/net/ipvlan */
export type IpvlanData = {
  readonly kind: 'ipvlan';
  readonly mode: 'l2' | 'l3' | 'l3s';
  readonly flag: 'bridge' | 'private' | 'vepa';
};

export type IpvlanRequest = { readonly kind: 'ipvlan' } & Partial<Omit<IpvlanData, 'kind'>>;

/** net/ipv4/{ipip,ip_gre}.c, net/ipv6/sit.c */
export type TunnelData = {
  readonly kind: 'ipip' | 'gre' | 'sit';
  readonly local: Ip | undefined;
  readonly remote: Ip | undefined;
  /** ifindex of the device underneath. */
  readonly link: number | undefined;
  /** 0: inherited. */
  readonly ttl: number;
  readonly tos: number | 'inherit';
  readonly pmtudisc: boolean;
  readonly key: number | undefined;
};

export type TunnelRequest = { readonly kind: TunnelData['kind'] } & Partial<Omit<TunnelData, 'kind'>>;
