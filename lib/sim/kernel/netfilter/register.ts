import { type Ipv4Packet, isFragment } from '../../wire/index.ts';
import type { HookFunction, HookName, Hooks } from '../hooks.ts';
import type { Family } from '../messages.ts';
import type { KernelModule } from '../module.ts';
import type { NetNs } from '../netns.ts';
import type { Notifier } from '../notifier.ts';
import type { Skb } from '../skb.ts';
import { bridgeNetfilter } from './bridge.ts';
import { conntrackOf } from './conntrack/table.ts';
import { track } from './conntrack/track.ts';
import { evaluate } from './evaluate.ts';
import { BASE_CHAINS, PRIORITY } from './layout.ts';
import { natChainsOf } from './nat/chains.ts';
import { translate } from './nat/translate.ts';
import { Context } from './packet.ts';
import type { TableName } from './rule.ts';
import { type Tables, tablesOf } from './tables.ts';

/** What a new namespace does when a table comes to be, and when the first rule needs connection tracking. */
const notifier: Notifier = {
  netnsInit(ns) {
    const [tables4, tables6] = [tablesOf(ns, 4), tablesOf(ns, 6)];
    tables4.onCreate = (table) => registerTable(ns, tables4, table);
    tables6.onCreate = (table) => registerTable(ns, tables6, table);
    conntrackOf(ns).onActivate = () => {
      const ends = [...registerTracking(ns, 4), ...registerTracking(ns, 6)];
      return () => {
        for (const end of ends) end();
      };
    };
  },
  down(link) {
    conntrackOf(link.ns).deleteMasqueraded(link.ifindex, undefined);
  },
  deleteAddress(link, address) {
    conntrackOf(link.ns).deleteMasqueraded(link.ifindex, address);
  },
};

/** iptables and ip6tables, connection tracking, address translation, and what bridges ask of them. */
export const netfilter: KernelModule = {
  name: 'netfilter',
  notifier,
  init(kernel) {
    kernel.bridgeNetfilter = bridgeNetfilter;
  },
};

type Unregister = () => void;

const hooksOf = (ns: NetNs, family: Family): Hooks => (family === 4 ? ns.hooks4 : ns.hooks6);

/** The base chains of nat hang on no hook: address translation asks them for new connections. */
function registerTable(ns: NetNs, tables: Tables, table: TableName): void {
  const hooks = hooksOf(ns, tables.family);
  const translation = natChainsOf(ns, tables.family);
  for (const { hook, priority } of BASE_CHAINS[table]) {
    const chain = tables.baseChain(table, hook);
    if (chain === undefined) continue;
    if (table === 'nat') translation.register(hook, priority, (context) => evaluate(table, chain, context));
    else hooks.register(hook, priority, (skb, state) => evaluate(table, chain, new Context(skb, state)));
  }
}

/** nf_ct_netns_get(): connection tracking and address translation of one family. */
function registerTracking(ns: NetNs, family: Family): Unregister[] {
  const hooks = hooksOf(ns, family);
  const chains = natChainsOf(ns, family);
  const ends: Unregister[] = [];
  const add = (hook: HookName, priority: number, run: HookFunction): void => {
    ends.push(hooks.register(hook, priority, run));
  };
  if (family === 4) add('prerouting', PRIORITY.defragment, defragment(ns));
  add('prerouting', PRIORITY.conntrack, (skb) => track(ns, skb));
  add('output', PRIORITY.conntrack, (skb) => track(ns, skb));
  for (const { hook, priority } of BASE_CHAINS.nat)
    add(hook, priority, (skb, state) => translate(ns, chains, skb, state));
  add('input', PRIORITY.confirm, (skb) => confirmEntry(ns, skb));
  add('postrouting', PRIORITY.confirm, (skb) => confirmEntry(ns, skb));
  return ends;
}

/** nf_defrag_ipv4: connection tracking sees whole packets only. */
const defragment =
  (ns: NetNs): HookFunction =>
  (skb) => {
    const packet = skb.packet as Ipv4Packet;
    if (!isFragment(packet)) return 'accept';
    ns.mib.add('Ip.ReasmReqds');
    return ns.reassembly.add(skb, packet) === undefined ? 'stolen' : 'accept';
  };

/** nf_confirm(): the first packet of a connection got through; from now on the table knows it. */
function confirmEntry(ns: NetNs, skb: Skb): 'accept' | 'drop' {
  const entry = skb.ct?.entry;
  // An error about the first packet goes the other way, and settles nothing (nf_ct_attach).
  if (entry === undefined || entry.confirmed || entry.dying || skb.ct?.direction === 'reply') return 'accept';
  return conntrackOf(ns).confirm(entry) ? 'accept' : 'drop';
}
