import type { Ip } from '../base/index.ts';
import type { Link } from './link/link.ts';
import type { NetNs } from './netns.ts';

/**
 * What a subsystem does when namespaces and devices come, change and go (the netdevice notifier chain and
 * pernet_operations). The order of subsystems in the list is the order of calls: see stack.ts.
 */
export type Notifier = {
  readonly netnsInit?: (ns: NetNs) => void;
  readonly netnsExit?: (ns: NetNs) => void;
  /** NETDEV_REGISTER, also in a new namespace after a move. */
  readonly register?: (link: Link) => void;
  /** NETDEV_UNREGISTER, also in the old namespace before a move. The device is down. */
  readonly unregister?: (link: Link) => void;
  readonly up?: (link: Link) => void;
  /** NETDEV_GOING_DOWN and NETDEV_DOWN: the device no longer has UP. */
  readonly down?: (link: Link) => void;
  /** NETDEV_CHANGE: carrier or operational state. */
  readonly change?: (link: Link) => void;
  readonly changeMtu?: (link: Link) => void;
  readonly changeMac?: (link: Link) => void;
  readonly changeName?: (link: Link, oldName: string) => void;
  /** `arp on` or `arp off` (NETDEV_CHANGE with IFF_NOARP). */
  readonly changeNoArp?: (link: Link) => void;
  /** The sysctl disable_ipv6 of the device was written. */
  readonly changeDisableIpv6?: (link: Link) => void;
  /** NETDEV_DOWN of the inetaddr chain: an IPv4 address went. */
  readonly deleteAddress?: (link: Link, address: Ip) => void;
  /** It became, or ceased to be, a port of a bridge. */
  readonly changeMaster?: (link: Link) => void;
};

type Call = Exclude<keyof Notifier, 'netnsInit' | 'netnsExit' | 'changeName' | 'deleteAddress'>;

export function callNotifiers(link: Link, what: Call): void {
  for (const notifier of link.ns.kernel.notifiers) notifier[what]?.(link);
}
