import type { ConntrackEntry } from './netfilter/index.ts';

export type Direction = 'original' | 'reply';
/** What a packet is to its connection. */
export type PacketState = 'NEW' | 'ESTABLISHED' | 'RELATED';

/** What a packet carries with it through the hooks (skb->_nfct). No entry: it is not tracked, on purpose. */
export type CtRef =
  | { readonly entry: ConntrackEntry; readonly state: PacketState; readonly direction: Direction }
  | { readonly entry: undefined };

export const opposite = (direction: Direction): Direction => (direction === 'original' ? 'reply' : 'original');

/** nf_ct_attach(): an error that this host sends belongs to the connection of the packet that caused it. */
export function relatedTo(cause: CtRef | undefined): CtRef | undefined {
  if (cause?.entry === undefined) return cause;
  return { entry: cause.entry, state: 'RELATED', direction: opposite(cause.direction) };
}
