/**
 * Sets of addresses, networks, ports, devices and sets (net/netfilter/ipset), one namespace's beside another's: rules ask
 * them by `-m set`, the command ipset changes them. A kernel module: it is there once something needs it.
 *
 *   IpSets ── Slot (name, references) ──▶ AddressSet ──▶ HashMembers | BitmapMembers
 *                                    └──▶ SetList ──▶ Slots
 *
 * Elements are found by key in each prefix length that occurs, and listed in the order of the kernel's own hash.
 */
import type { KernelModule } from '../module.ts';
import type { NetNs } from '../netns.ts';
import { slot } from '../slot.ts';
import { IpSets } from './sets.ts';

export { type Element, type Part, secondsLeft } from './element.ts';
export type { PartRequest } from './expand.ts';
export { HashMembers, networkOf } from './hash-members.ts';
export { AddressSet, type ElementOptions, type ElementRequest } from './set.ts';
export { type IpSets, type ListRequest, SetList, type Slot } from './sets.ts';
export {
  type CreateRequest,
  DEFAULT_BUCKETSIZE,
  DEFAULT_LIST_SIZE,
  DEFAULT_MAXELEM,
  type Dimension,
  type IpsetErrno,
  SET_TYPES,
  type SetType,
} from './types.ts';

/** The sets of a namespace. */
export const ipSetsOf = slot((ns: NetNs) => new IpSets(ns));

/** Sets change nothing of the kernel by themselves: whoever has rules asks them. */
export const ipSet: KernelModule = { name: 'ip_set' };
