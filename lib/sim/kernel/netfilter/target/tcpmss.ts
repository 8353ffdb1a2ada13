import { pathMtu, routeOutput } from '../../ip/route.ts';
import { pathMtu6, routeOutput6 } from '../../ip6/route.ts';
import { setPacket } from '../../skb.ts';
import type { Context } from '../packet.ts';
import { mssOf, segmentOf, withMss } from '../tcp-options.ts';
import type { TargetKind } from './target.ts';

/** undefined: what the path lets through. */
export type TcpmssTarget = { readonly name: 'TCPMSS'; readonly mss: number | undefined };

const SYN = 2;
/** What hosts take for granted when nothing is said (RFC 9293, RFC 6691). */
const DEFAULT_MSS = { ipv4: 536, ipv6: 1220 } as const;

/**
 * xt_TCPMSS.c: never lets a size grow. A SYN without the option is left alone here: Linux would add one of the default
 * size, and no stack here leaves it out.
 */
export const tcpmss: TargetKind<TcpmssTarget> = {
  check: ({ mss }, { hooks, selectors: { protocol } }) => {
    if (protocol?.value !== 6 || protocol.invert) return 'EINVAL';
    return mss === undefined && hooks.some((hook) => hook === 'prerouting' || hook === 'input') ? 'EINVAL' : undefined;
  },
  run: ({ mss }, context) => {
    const { packet, skb } = context;
    const segment = segmentOf(packet);
    if (segment === undefined || ((segment[13] as number) & SYN) === 0) return 'continue';
    const old = mssOf(segment);
    const wanted = mss ?? clamped(context);
    if (old !== undefined && old > wanted) setPacket(skb, withMss(packet, wanted));
    return 'continue';
  },
};

/** The least of what the ways in both directions carry, less headers. */
function clamped({ ns, packet, out, in: dev }: Context): number {
  const headers = packet.kind === 'ipv4' ? 40 : 60;
  const there = out?.mtu ?? Number.POSITIVE_INFINITY;
  const back = packet.kind === 'ipv4' ? back4(ns, packet) : back6(ns, packet);
  const least = Math.min(there, back ?? dev?.mtu ?? there);
  return least <= headers ? DEFAULT_MSS[packet.kind] : least - headers;
}

function back4(ns: Context['ns'], { src }: Context['packet']): number | undefined {
  const way = routeOutput(ns, { dst: src });
  return way.ok ? pathMtu(way.dst) : undefined;
}

function back6(ns: Context['ns'], { src }: Context['packet']): number | undefined {
  const way = routeOutput6(ns, { dst: src });
  return way.ok ? pathMtu6(way.dst) : undefined;
}
