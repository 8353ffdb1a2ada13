import type { Ip } from '../../../base/index.ts';
import { nextIp } from '../address.ts';
import { CniError } from '../error.ts';
import { type IpConfig, ipConfig } from '../result.ts';
import { cidrIn, contains, type Range, type RangeSet, showSet } from './range.ts';
import type { Store } from './store.ts';

type Holder = { readonly container: string; readonly ifName: string };

/** An address out of a range set, that which is wanted or the next free one. Throws CniError. */
export function allocate(
  store: Store,
  set: RangeSet,
  index: number,
  { container, ifName }: Holder,
  wanted: Ip | undefined,
): IpConfig {
  const reserve = (address: Ip): boolean => store.reserve(address, container, ifName, index);
  if (wanted !== undefined) return allocateWanted(set, wanted, reserve);
  const own = store.held(container, ifName).find((address) => rangeOf(set, address) !== undefined);
  if (own !== undefined)
    throw new CniError(`${own} has been allocated to ${container}, duplicate allocation is not allowed`);
  for (const { range, address } of candidates(set, store.lastReserved(index)))
    if (reserve(address)) return ipConfig(cidrIn(range, address), range.gateway);
  throw new CniError(`no IP addresses available in range set: ${showSet(set)}`);
}

function allocateWanted(set: RangeSet, wanted: Ip, reserve: (address: Ip) => boolean): IpConfig {
  const range = rangeOf(set, wanted);
  if (range === undefined) throw new CniError(`${wanted} not in range set ${showSet(set)}`);
  if (wanted === range.gateway) throw new CniError(`requested ip ${wanted} is subnet's gateway`);
  if (!reserve(wanted))
    throw new CniError(`requested IP address ${wanted} is not available in range set ${showSet(set)}`);
  return ipConfig(cidrIn(range, wanted), range.gateway);
}

export const rangeOf = (set: RangeSet, address: Ip): Range | undefined => set.find((range) => contains(range, address));

/**
 * Round robin: every address once, from the one behind the last that was given out, so that a container that is made
 * again and again does not get the same one. Gateways are left out.
 */
function* candidates(
  set: RangeSet,
  last: Ip | undefined,
): Generator<{ readonly range: Range; readonly address: Ip }, void, void> {
  const begin = last === undefined ? undefined : rangeOf(set, last);
  let at = begin === undefined ? 0 : set.indexOf(begin);
  let range = set[at] as Range;
  let address = begin === undefined ? range.start : (last as Ip);
  let first: Ip | undefined;
  let fresh = begin === undefined;
  for (;;) {
    if (!fresh) {
      if (address === range.end) {
        at = (at + 1) % set.length;
        range = set[at] as Range;
        address = range.start;
      } else address = nextIp(address);
    }
    fresh = false;
    if (address === first) return;
    first ??= address;
    if (address !== range.gateway) yield { range, address };
  }
}
