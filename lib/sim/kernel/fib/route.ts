import type { Ip } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import type { RouteMetrics, RouteType } from '../messages.ts';

/** One way out of a route (struct fib_nh). */
export type Nexthop = {
  readonly link: Link;
  readonly gateway: Ip | undefined;
  /** 1 … 256 */
  readonly weight: number;
  readonly onlink: boolean;
  readonly scope: number;
  /** The device went down; only routes with several nexthops keep such. */
  dead: boolean;
};

/** A route of an IPv4 table (struct fib_alias and fib_info). */
export type Route4 = {
  /** Network address as uint32, and prefix length. */
  readonly key: number;
  readonly prefix: number;
  readonly type: RouteType;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly tos: number;
  readonly priority: number;
  readonly prefsrc: Ip | undefined;
  readonly metrics: RouteMetrics;
  /** Empty for blackhole and its like. */
  readonly nexthops: readonly Nexthop[];
};

/** The device is up but carries nothing (RTNH_F_LINKDOWN). */
export const isLinkDown = (nexthop: Nexthop): boolean => nexthop.link.up && !nexthop.link.carrier;

/** What a route of such a type answers to a packet (fib_props); undefined: it leads on. */
export const ROUTE_ERROR = {
  blackhole: 'EINVAL',
  unreachable: 'EHOSTUNREACH',
  prohibit: 'EACCES',
  throw: 'EAGAIN',
} as const;

export type SpecialType = keyof typeof ROUTE_ERROR;

export const isSpecial = (type: RouteType): type is SpecialType => Object.hasOwn(ROUTE_ERROR, type);
