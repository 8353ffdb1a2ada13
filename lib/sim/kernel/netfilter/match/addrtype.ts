import type { Ip } from '../../../base/index.ts';
import { isLocalAddress6 } from '../../ip6/route.ts';
import type { Link } from '../../link/link.ts';
import type { RouteType } from '../../messages.ts';
import type { NetNs } from '../../netns.ts';
import type { Inverted } from '../rule.ts';
import type { MatchKind } from './match.ts';

/** What a routing table says an address is, in iptables' order and words. */
export const ADDRESS_TYPES = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
] as const;
export type AddressType = (typeof ADDRESS_TYPES)[number];

export type AddrtypeData = {
  readonly name: 'addrtype';
  readonly src?: Inverted<readonly AddressType[]>;
  readonly dst?: Inverted<readonly AddressType[]>;
  readonly limit?: 'in' | 'out';
};

/** xt_addrtype.c */
export const addrtype: MatchKind<AddrtypeData> = {
  check: ({ limit }, { hooks }) => {
    if (limit === 'in' && hooks.some((hook) => hook === 'output' || hook === 'postrouting')) return 'EINVAL';
    if (limit === 'out' && hooks.some((hook) => hook === 'prerouting' || hook === 'input')) return 'EINVAL';
    return undefined;
  },
  compile:
    ({ src, dst, limit }) =>
    (context) => {
      const { ns, packet } = context;
      const dev = limit === 'in' ? context.in : limit === 'out' ? context.out : undefined;
      return (
        (src === undefined || src.value.includes(addressType(ns, packet.src, dev)) !== src.invert) &&
        (dst === undefined || dst.value.includes(addressType(ns, packet.dst, dev)) !== dst.invert)
      );
    },
};

/** inet_dev_addr_type(): by the local table; `dev` limits local addresses to those of that device. */
export function addressType(ns: NetNs, address: Ip, dev: Link | undefined): AddressType {
  if (address.isUnspecified) return address.family === 4 ? 'BROADCAST' : 'UNSPEC';
  if (address.isMulticast) return 'MULTICAST';
  if (address.family === 6) return isLocalAddress6(ns, address) ? 'LOCAL' : 'UNICAST';
  if (address.v4 === 0xffff_ffff) return 'BROADCAST';
  const flow = {
    dst: address.v4,
    src: 0,
    oif: 0,
    iif: 0,
    tos: 0,
    mark: 0,
    scope: 0,
    ignoreLinkState: true,
  };
  const found = ns.fib4.table(255)?.lookup(flow);
  if (found === undefined) return 'UNICAST';
  if (dev !== undefined && found.nexthop?.link !== dev) return 'UNICAST';
  return WORDS[found.route.type];
}

const WORDS: Readonly<Record<RouteType, AddressType>> = {
  unicast: 'UNICAST',
  local: 'LOCAL',
  broadcast: 'BROADCAST',
  anycast: 'ANYCAST',
  multicast: 'MULTICAST',
  blackhole: 'BLACKHOLE',
  unreachable: 'UNREACHABLE',
  prohibit: 'PROHIBIT',
  throw: 'THROW',
};
