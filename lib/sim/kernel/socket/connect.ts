import { fail, type Ip, ok, type Result } from '../../base/index.ts';
import { routeOutput } from '../ip/route.ts';
import { routeOutput6 } from '../ip6/route.ts';
import type { NetNs } from '../netns.ts';

export type ConnectOptions = {
  readonly dst: Ip;
  readonly src?: Ip;
  readonly oif?: number;
  readonly tos?: number;
  readonly mark?: number;
  readonly broadcast?: boolean;
};

/**
 * What connect(2) of a datagram socket finds out without sending anything: the source address and device for a
 * destination. ping(8) asks so before it sends. Errors: ENETUNREACH, EHOSTUNREACH, EINVAL (blackhole), EACCES (prohibit,
 * or broadcast without leave), EADDRNOTAVAIL (IPv6 source that is not ours).
 */
export function routeConnect(ns: NetNs, options: ConnectOptions): Result<{ source: Ip; ifindex: number }> {
  if (options.dst.family === 6) {
    const way = routeOutput6(ns, options);
    return way.ok ? ok({ source: way.dst.source, ifindex: way.dst.link.ifindex }) : fail(way.errno);
  }
  const way = routeOutput(ns, options);
  if (!way.ok) return fail(way.errno);
  if (way.dst.type === 'broadcast' && options.broadcast !== true) return fail('EACCES');
  return ok({ source: way.dst.source, ifindex: way.dst.link.ifindex });
}
