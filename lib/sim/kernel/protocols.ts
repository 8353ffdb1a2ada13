import type { EthernetPayload } from '../wire/index.ts';
import type { Skb } from './skb.ts';

/** Where a received frame goes by what it carries (dev_add_pack): the doors of the layers above the devices. */
export type Protocols = { readonly [K in EthernetPayload['kind']]?: (skb: Skb) => void };
