import type { Ip } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import type { NetNs } from '../netns.ts';
import { slot } from '../slot.ts';

export type TunnelKindName = 'ipip' | 'gre' | 'sit';

/** What makes a link an IP tunnel (struct ip_tunnel). */
export type Tunnel = {
  readonly link: Link;
  readonly kind: TunnelKindName;
  /** Where its packets travel: the namespace that it was made from. */
  readonly underlay: NetNs;
  /** The device that takes what no other tunnel wants (tunl0). */
  readonly fallback: boolean;
  local: Ip | undefined;
  remote: Ip | undefined;
  dev: Link | undefined;
  /** 0: that of the packet inside. */
  ttl: number;
  tos: number | 'inherit';
  pmtudisc: boolean;
  key: number | undefined;
};

const stateOf = slot((_: Link): { tunnel?: Tunnel } => ({}));
export const tunnelsOf = slot((_: NetNs) => new Set<Tunnel>());

/** Precondition: the link is of one of these kinds. */
export const tunnelOf = (link: Link): Tunnel => stateOf(link).tunnel as Tunnel;

export function attach(tunnel: Tunnel): void {
  stateOf(tunnel.link).tunnel = tunnel;
  tunnelsOf(tunnel.underlay).add(tunnel);
}

/** Bytes in front of the packet: the outer IPv4 header, and GRE's. */
export const headroom = ({ kind, key }: Pick<Tunnel, 'kind' | 'key'>): number =>
  20 + (kind === 'gre' ? (key === undefined ? 4 : 8) : 0);

/** ip_tunnel_lookup(): the tunnel between these addresses, else one of half of them, else the fallback. */
export function findTunnel(
  ns: NetNs,
  kind: TunnelKindName,
  remote: Ip,
  local: Ip,
  key: number | undefined,
): Tunnel | undefined {
  const fits = [...tunnelsOf(ns)].filter((one) => one.kind === kind && one.link.up && one.key === key && !one.fallback);
  return (
    fits.find((one) => one.remote === remote && one.local === local) ??
    fits.find((one) => one.remote === remote && one.local === undefined) ??
    fits.find((one) => one.remote === undefined && one.local === local) ??
    fits.find((one) => one.remote === undefined && one.local === undefined) ??
    [...tunnelsOf(ns)].find((one) => one.kind === kind && one.link.up && one.fallback)
  );
}
