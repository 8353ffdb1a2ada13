import type { HookName } from '../hooks.ts';
import type { TableName } from './rule.ts';

/** Which table has a chain at which hook, and when it runs there: NF_IP_PRI_*, lower first (netfilter_ipv4.h). */
export type BaseChain = { readonly name: string; readonly hook: HookName; readonly priority: number };

const NAMES: Readonly<Record<HookName, string>> = {
  prerouting: 'PREROUTING',
  input: 'INPUT',
  forward: 'FORWARD',
  output: 'OUTPUT',
  postrouting: 'POSTROUTING',
};

const base = (priority: number, ...hooks: HookName[]): BaseChain[] =>
  hooks.map((hook) => ({ name: NAMES[hook], hook, priority }));

export const PRIORITY = {
  defragment: -400,
  raw: -300,
  conntrack: -200,
  mangle: -150,
  dnat: -100,
  filter: 0,
  security: 50,
  snat: 100,
  confirm: 0x7fff_ffff,
} as const;

export const BASE_CHAINS: Readonly<Record<TableName, readonly BaseChain[]>> = {
  mangle: base(PRIORITY.mangle, 'prerouting', 'input', 'forward', 'output', 'postrouting'),
  security: base(PRIORITY.security, 'input', 'forward', 'output'),
  raw: base(PRIORITY.raw, 'prerouting', 'output'),
  filter: base(PRIORITY.filter, 'input', 'forward', 'output'),
  // The chains of nat do not hang on hooks themselves: address translation asks them for new connections.
  nat: [
    ...base(PRIORITY.dnat, 'prerouting'),
    ...base(PRIORITY.snat, 'input'),
    ...base(PRIORITY.dnat, 'output'),
    ...base(PRIORITY.snat, 'postrouting'),
  ],
};

/** The order in which iptables-save prints them. */
export const TABLE_NAMES: readonly TableName[] = ['mangle', 'security', 'raw', 'filter', 'nat'];

export const isTableName = (name: string): name is TableName => name in BASE_CHAINS;
