import type { ConntrackEntry } from './netfilter/index.ts';

export type Direction = 'original' | 'reply';
/** What a packet is to its connection. */
export type PacketState = 'NEW' | 'ESTABLISHED' | 'RELATED';

/**
 * What a packet carries with it through the hooks (skb->_nfct). No entry: it is not tracked, on purpose,
 * or not yet, and a rule said in which zone it will be.
 */
export type CtRef =
  | { readonly entry: ConntrackEntry; readonly state: PacketState; readonly direction: Direction }
  | { readonly entry: undefined; readonly template?: ZoneTemplate };

/** What a rule said about the connection that a packet will be of (nf_ct_zone of a template). */
export type ZoneTemplate = { readonly id: number; readonly direction: Direction | 'both' };

export const opposite = (direction: Direction): Direction => (direction === 'original' ? 'reply' : 'original');

/** nf_ct_attach(): an error that this host sends belongs to the connection of the packet that caused it. */
export function relatedTo(cause: CtRef | undefined): CtRef | undefined {
  if (cause?.entry === undefined) return cause;
  return { entry: cause.entry, state: 'RELATED', direction: opposite(cause.direction) };
}
