import type { Result } from '../../base/index.ts';
import type { LinkKindName } from '../messages.ts';
import type { NewLink } from '../requests.ts';
import type { Skb } from '../skb.ts';
import type { Link } from './link.ts';

/**
 * What one kind of device does (struct net_device_ops and rtnl_link_ops). A kind is one file beside this one, and one
 * line in kinds.ts.
 */
export type LinkKind = {
  readonly name: LinkKindName;
  readonly type: 'ether' | 'loopback';
  /** For names that nobody chose. */
  readonly template: string;
  readonly flags: number;
  readonly mtu: number;
  readonly minMtu: number;
  /** 0: no limit is checked (and none is shown). */
  readonly maxMtu: number;
  readonly queues: number;
  /** Registers the device that `link` is, and what belongs to it. Absent: nothing beside the device itself. */
  readonly create?: (link: Link, request: NewLink) => Result<void>;
  /** ndo_open, ndo_stop */
  readonly open?: (link: Link) => void;
  readonly stop?: (link: Link) => void;
  /** ndo_start_xmit. Preconditions: the device is up, the frame fits. */
  readonly transmit: (link: Link, skb: Skb) => void;
  /** The MTU was changed by a user, or the MAC address. */
  readonly mtuChanged?: (link: Link) => void;
  readonly macChanged?: (link: Link) => void;
  /** Takes along what dies with the device (a veth's peer); gives the devices to unregister besides. */
  readonly destroy?: (link: Link) => Link[];
};
