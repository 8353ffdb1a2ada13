import type { Result } from '../../base/index.ts';
import type { AddrMessage, Family, NewFlags } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { DelAddr, NewAddr } from '../requests.ts';
import { delAddr4, dumpAddrs4, newAddr4 } from './inet.ts';
import { delAddr6, dumpAddrs6, newAddr6 } from './inet6.ts';

/** RTM_NEWADDR */
export const newAddr = (ns: NetNs, request: NewAddr, flags: NewFlags): Result<void> =>
  request.local.family === 4 ? newAddr4(ns, request, flags) : newAddr6(ns, request, flags);

/** RTM_DELADDR */
export const delAddr = (ns: NetNs, request: DelAddr): Result<void> =>
  request.local.family === 4 ? delAddr4(ns, request) : delAddr6(ns, request);

/** IPv4 first, then IPv6; within a family by device. */
export function dumpAddrs(
  ns: NetNs,
  filter: { readonly family?: Family; readonly ifindex?: number } = {},
): AddrMessage[] {
  return [...dumpAddrs4(ns), ...dumpAddrs6(ns)].filter(
    (a) => (filter.family ?? a.family) === a.family && (filter.ifindex ?? a.ifindex) === a.ifindex,
  );
}
