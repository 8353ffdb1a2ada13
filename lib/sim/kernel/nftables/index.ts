/**
 * nftables as a kernel module: tables of any family with chains, rules, sets, maps and named objects, changed in
 * transactions, walked by packets at the hooks that they share with iptables' chains.
 *
 *   NftTransaction ──▶ Nftables ── NftTable ──▶ NftChain ── rules ── statements, compiled to functions
 *                                          └──▶ NftSet ── elements, found by hash, interval or concatenation
 *
 * It knows numbers, not words: names of types, of devices and of constants are the command's. Connection tracking, NAT and
 * rejects are netfilter's own. Not here: hooks of ARP, of bridges and of devices (ingress), flowtables, queues to user space.
 */

import type { KernelModule } from '../module.ts';
import { netfilter } from '../netfilter/index.ts';

export type * from './expression.ts';
export { addressOf, addressValue, HEADERS, packetField } from './headers.ts';
export { newLimit } from './limit.ts';
export { CT_STATE, CT_STATUS, ROUTE_TYPES } from './read.ts';
export { type Nftables, nftablesOf } from './registry.ts';
export type * from './rule.ts';
export { type ElementData, type KeyField, NftSet, type SetElement, type SetFlag, type SetSpec } from './set.ts';
export { freshState, ownStatements, prefixBorders } from './steps.ts';
export type { TraceEvent } from './trace.ts';
export {
  type NewObject,
  type NftError,
  type NftEvent,
  NftTransaction,
  objectKey,
  type RulePlace,
  resetObject,
  type Subject,
} from './transaction.ts';
export { mayStand } from './validate.ts';

export const nftables: KernelModule = { name: 'nf_tables', needs: [netfilter] };
