import type { Ip } from '../../base/index.ts';
import type { VxlanData } from '../link/data.ts';
import type { Link } from '../link/link.ts';
import type { NetNs } from '../netns.ts';
import { slot } from '../slot.ts';
import { VxlanFdb } from './fdb.ts';

/** What of VxlanData is chosen, as opposed to looked up. */
export type VxlanConfig = Omit<VxlanData, 'kind' | 'link'> & { readonly dev: Link | undefined };

/** What makes a link a VXLAN device (struct vxlan_dev). */
export class Vxlan {
  readonly link: Link;
  /** Where the tunnel's ends are: the namespace that the device was made from, wherever it moves. */
  readonly underlay: NetNs;
  readonly fdb: VxlanFdb;
  config: VxlanConfig;

  constructor(link: Link, underlay: NetNs, config: VxlanConfig) {
    this.link = link;
    this.underlay = underlay;
    this.config = config;
    this.fdb = new VxlanFdb(this);
  }

  get family(): 4 | 6 {
    return familyOf(this.config);
  }
}

export const familyOf = ({
  remote,
  local,
}: {
  readonly remote: Ip | undefined;
  readonly local: Ip | undefined;
}): 4 | 6 => (remote ?? local)?.family ?? 4;

/** Ethernet, UDP and VXLAN headers, and that of IPv4 or IPv6, in front of what the device carries (vxlan_headroom). */
export const headroom = (family: 4 | 6): number => (family === 4 ? 50 : 70);

const stateOf = slot((_: Link): { vxlan?: Vxlan } => ({}));

/** Devices whose tunnels end in the namespace. */
export const vxlansOf = slot((_: NetNs) => new Set<Vxlan>());

/** Precondition: the link is of this kind. */
export const vxlanOf = (link: Link): Vxlan => stateOf(link).vxlan as Vxlan;

export function attach(vxlan: Vxlan): void {
  stateOf(vxlan.link).vxlan = vxlan;
  vxlansOf(vxlan.underlay).add(vxlan);
}

export function detach(vxlan: Vxlan): void {
  vxlansOf(vxlan.underlay).delete(vxlan);
}
