import type { Skb } from './skb.ts';

/** Where a received frame goes by what it carries (dev_add_pack): the doors of the layers above the devices. */
export type Protocols = {
  readonly ipv4: (skb: Skb) => void;
  readonly arp: (skb: Skb) => void;
  readonly ipv6: (skb: Skb) => void;
};
