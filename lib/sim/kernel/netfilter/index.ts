/**
 * Netfilter as a kernel module: the tables of iptables and ip6tables with their matches and targets, connection tracking,
 * address translation, and the way of bridged packets through them.
 *
 *   ns.hooks4, ns.hooks6 ──▶ defragment · raw · conntrack · mangle · dnat · filter · security · snat · confirm
 *
 * It is loaded by the commands that read or write rules and connections (`netfilter`); a machine that never ran one has
 * empty hooks. Its sysctls are always there, as on a machine whose rules came before the learner.
 */
export {
  type Change,
  type CommitError,
  commitRules,
  RuleTransaction,
} from './commit.ts';
export type { Entry as ConntrackEntry } from './conntrack/entry.ts';
export { type ConntrackEvent, type ConntrackStats, conntrackOf } from './conntrack/table.ts';
export { invert, type Tuple } from './conntrack/tuple.ts';
export { BASE_CHAINS, isTableName, TABLE_NAMES } from './layout.ts';
export { ADDRESS_TYPES, type AddressType, addressType } from './match/addrtype.ts';
export { CT_STATES, CT_STATUSES, type CtState, type CtStatus } from './match/conntrack.ts';
export type { PortRange } from './match/match.ts';
export type { Match, MatchName } from './match/matches.ts';
export { bind, type NatRange } from './nat/bind.ts';
export { type NatChain, NatChains, natChainsOf } from './nat/chains.ts';
export {
  Context,
  type IpPacket,
  inMasked,
  isLaterFragment,
  type MaskedAddress,
  type Transport,
  transportOf,
} from './packet.ts';
export { netfilter } from './register.ts';
export type {
  Action,
  Chain,
  Inverted,
  Policy,
  Rule,
  RuleSpec,
  Selectors,
  Table,
  TableName,
} from './rule.ts';
export { newBaseChain, newChain } from './rule.ts';
export { type Tables, tablesOf } from './tables.ts';
export { masqueradeSource, redirectAddress } from './target/nat.ts';
export { sendReset } from './target/reject.ts';
export type { Target, TargetName } from './target/targets.ts';
export { TokenBucket } from './token-bucket.ts';
