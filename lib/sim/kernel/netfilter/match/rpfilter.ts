import { Ip } from '../../../base/index.ts';
import { fibLookup4 } from '../../fib/lookup4.ts';
import { fibLookup6 } from '../../ip6/lookup.ts';
import { SCOPE } from '../../messages.ts';
import type { Context } from '../packet.ts';
import type { MatchKind } from './match.ts';

export type RpfilterData = {
  readonly name: 'rpfilter';
  readonly loose: boolean;
  readonly validmark: boolean;
  readonly acceptLocal: boolean;
  readonly invert: boolean;
};

/** ipt_rpfilter.c, ip6t_rpfilter.c: would an answer leave by the device that the packet came in on? */
export const rpfilter: MatchKind<RpfilterData> = {
  check: (_, { table, hooks }) =>
    (table === 'raw' || table === 'mangle') && hooks.every((hook) => hook === 'prerouting') ? undefined : 'EINVAL',
  compile: (data) => (context) => {
    const { packet, in: dev } = context;
    if (dev === undefined || dev.isLoopback) return !data.invert;
    return (packet.kind === 'ipv4' ? answers4(data, context) : answers6(data, context)) !== data.invert;
  },
};

function answers4({ loose, validmark, acceptLocal }: RpfilterData, { ns, packet, skb, in: dev }: Context): boolean {
  if (packet.kind !== 'ipv4') return false;
  if (packet.src === Ip.any4 && (packet.dst.isMulticast || packet.dst === Ip.broadcast4)) return true;
  const found = fibLookup4(ns, {
    dst: packet.src.v4,
    src: packet.dst.isMulticast || packet.dst === Ip.broadcast4 ? 0 : packet.dst.v4,
    oif: 0,
    iif: ns.loopback.ifindex,
    tos: packet.tos & 0x1c,
    mark: validmark ? skb.mark : 0,
    scope: SCOPE.universe,
    ignoreLinkState: true,
  });
  if (!found.ok) return false;
  if (found.route.type !== 'unicast' && !(found.route.type === 'local' && acceptLocal)) return false;
  return loose || found.route.nexthops.some((nexthop) => nexthop.link === dev);
}

function answers6({ loose, validmark, acceptLocal }: RpfilterData, { ns, packet, skb, in: dev }: Context): boolean {
  if (packet.src.isUnspecified) return true;
  const strict = !loose || packet.src.isLinkLocal;
  const found = fibLookup6(ns, {
    dst: packet.src,
    src: packet.dst.isMulticast ? undefined : packet.dst,
    oif: strict ? (dev?.ifindex ?? 0) : 0,
    iif: ns.loopback.ifindex,
    mark: validmark ? skb.mark : 0,
    tos: 0,
  });
  if (!found.ok || (found.route.type === 'local' && !acceptLocal)) return false;
  return !strict || found.nexthop.link === dev;
}
