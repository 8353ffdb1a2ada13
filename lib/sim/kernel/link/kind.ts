import type { Ip, Mac, Result } from '../../base/index.ts';
import type { FdbMessage, LinkMessage, NewFlags } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { DelFdb, NewFdb, NewLink } from '../requests.ts';
import type { Skb } from '../skb.ts';
import type { LinkRequest } from './data.ts';
import type { Link } from './link.ts';

/**
 * What one kind of device does (struct net_device_ops and rtnl_link_ops). A kind is one file beside this one, and one
 * line in kinds.ts.
 */
export type LinkKind = {
  readonly name: string;
  readonly type: LinkMessage['type'];
  /** Bytes of the link-layer header; 14 when absent. Without any, a packet is sent as it is. */
  readonly header?: 0;
  /** For names that nobody chose. */
  readonly template: string;
  readonly flags: number;
  readonly mtu: number;
  readonly minMtu: number;
  /** 0: no limit is checked (and none is shown). */
  readonly maxMtu: number;
  readonly queues: number;
  /** For a device that has a queue; 'noqueue' when absent. */
  readonly qdisc?: string;
  /** It stays where it was made (netns_immutable). */
  readonly immovable?: boolean;
  /** rtnl_link_ops.validate: what the request must not say, before anything is made. */
  readonly validate?: (request: Omit<NewLink, 'kind'>) => Result<void>;
  /** What belongs to the device beside it; not yet registered. `source` is the namespace that asked, where lower devices are. */
  readonly create?: (link: Link, request: Omit<NewLink, 'kind'>, source: NetNs) => Result<void>;
  /** rtnl_link_ops.changelink: `ip link set … type`. */
  readonly change?: (link: Link, data: LinkRequest, source: NetNs) => Result<void>;
  /** The namespace that the device works in when it is not its own (get_link_net). */
  readonly linkNs?: (link: Link) => NetNs;
  /** dev_get_iflink() of kinds that stand on nothing: 0 is NONE. */
  readonly iflink?: (link: Link) => number;
  /** The link-layer address of a next hop, on devices that do not ask for it. */
  readonly lladdr?: (link: Link, next: Ip) => Mac;
  /** ipv6_generate_eui64() of kinds whose link-layer address is no MAC. */
  readonly linkLocal?: (address: Mac) => Ip;
  /** IFLA_INFO_DATA */
  readonly data?: (link: Link) => LinkMessage['data'];
  /** ndo_fdb_add, ndo_fdb_del, ndo_fdb_dump */
  readonly fdb?: {
    readonly add: (link: Link, request: NewFdb, flags: NewFlags) => Result<void>;
    readonly del: (link: Link, request: DelFdb) => Result<void>;
    readonly dump: (link: Link) => FdbMessage[];
  };
  /** ndo_open, ndo_stop */
  readonly open?: (link: Link) => Result<void> | undefined;
  readonly stop?: (link: Link) => void;
  /** ndo_start_xmit. Preconditions: the device is up, the frame fits. */
  readonly transmit: (link: Link, skb: Skb) => void;
  /** A received frame with a VLAN tag that names this device. */
  readonly untag?: (link: Link, skb: Skb) => void;
  /** ndo_change_mtu: a reason why not, beside the device's own limits. */
  readonly checkMtu?: (link: Link, mtu: number) => Result<void>;
  /** ndo_set_mac_address, where a device may refuse. */
  readonly checkMac?: (link: Link, mac: Mac) => Result<void>;
  /** The MTU was changed by a user, or the MAC address. */
  readonly mtuChanged?: (link: Link) => void;
  readonly macChanged?: (link: Link, old: Mac) => void;
  /** A link-layer group was joined or left (ndo_set_rx_mode). */
  readonly groupChanged?: (link: Link, group: Mac, joined: boolean) => void;
  /** Takes along what dies with the device (a veth's peer); gives the devices to unregister besides. */
  readonly destroy?: (link: Link) => Link[];
};
