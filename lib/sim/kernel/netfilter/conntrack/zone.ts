import type { Direction, ZoneTemplate } from '../../ct-ref.ts';

/**
 * Where a connection is kept apart from others that look the same (struct nf_conntrack_zone). It may hold for one
 * direction only; the other is in zone 0 then.
 */
export type Zone = ZoneTemplate;

export const NO_ZONE: Zone = { id: 0, direction: 'both' };

/** nf_ct_zone_id() */
export const zoneId = ({ id, direction }: Zone, of: Direction): number =>
  direction === 'both' || direction === of ? id : 0;
