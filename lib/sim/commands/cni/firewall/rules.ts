import type { Wait } from '../../../os/index.ts';
import { CniError } from '../error.ts';
import { showList } from '../go-text.ts';
import { type Iptables, IptablesError, type Rule } from '../iptables.ts';

/**
 *   FORWARD ──▶ CNI-FORWARD ──▶ CNI-ADMIN (the administrator's own rules)
 *                  │ to a container: what belongs to a known connection is accepted
 *                  └ from a container: everything is
 */
const FORWARD = 'CNI-FORWARD';
const TABLE = 'filter';

const commented = (comment: string, target: string): Rule => ['-m', 'comment', '--comment', comment, '-j', target];
const ENTRY = commented('CNI firewall plugin rules', FORWARD);
const adminEntry = (chain: string): Rule => commented('CNI firewall plugin admin overrides', chain);

const rulesOf = (hosts: readonly string[]): Rule[] =>
  hosts.flatMap((host) => [
    ['-d', host, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'],
    ['-s', host, '-j', 'ACCEPT'],
  ]);

export function* addRules(ipt: Iptables, hosts: readonly string[], adminChain: string): Generator<Wait, void, void> {
  if (hosts.length === 0) return;
  for (const chain of [FORWARD, adminChain]) yield* ipt.ensureChain(TABLE, chain);
  yield* ipt.ensureRule(TABLE, 'FORWARD', ENTRY, true);
  yield* ipt.ensureRule(TABLE, FORWARD, adminEntry(adminChain), true);
  for (const rule of rulesOf(hosts)) yield* ipt.ensureRule(TABLE, FORWARD, rule);
}

/** What is not there any more is passed over. */
export function* deleteRules(ipt: Iptables, hosts: readonly string[]): Generator<Wait, void, void> {
  for (const rule of rulesOf(hosts)) {
    try {
      yield* ipt.delete(TABLE, FORWARD, rule);
    } catch (error) {
      if (!(error instanceof IptablesError)) throw error;
    }
  }
}

export function* checkRules(ipt: Iptables, hosts: readonly string[], adminChain: string): Generator<Wait, void, void> {
  if (hosts.length === 0) return;
  // As the real plugin does, CHECK makes chains that are missing.
  for (const chain of [FORWARD, adminChain]) yield* ipt.ensureChain(TABLE, chain);
  const entries = [
    ['FORWARD', ENTRY],
    [FORWARD, adminEntry(adminChain)],
  ] as const;
  for (const [chain, rule] of entries)
    if (!(yield* ipt.exists(TABLE, chain, rule)))
      throw new CniError(`expected ${chain} rule ${showList(rule)} not found`);
  for (const rule of rulesOf(hosts))
    if (!(yield* ipt.exists(TABLE, FORWARD, rule))) throw new CniError(`expected rule ${showList(rule)} not found`);
}

const STAGES = ['CNI-ISOLATION-STAGE-1', 'CNI-ISOLATION-STAGE-2'] as const;
const ISOLATION = ['-m', 'comment', '--comment', 'CNI firewall plugin rules (ingressPolicy: same-bridge)'];

/** Between bridges nothing is forwarded: what left one for elsewhere (stage 1) must not enter another (stage 2). */
export function* isolateBridge(ipt: Iptables, bridge: string): Generator<Wait, void, void> {
  const [one, two] = STAGES;
  for (const chain of STAGES) yield* ipt.ensureChain(TABLE, chain);
  const rules: readonly (readonly [chain: string, first: boolean, rule: Rule])[] = [
    ['FORWARD', true, ['-j', one]],
    [one, true, ['-i', bridge, '!', '-o', bridge, '-j', two]],
    [one, false, ['-j', 'RETURN']],
    [two, true, ['-o', bridge, '-j', 'DROP']],
    [two, false, ['-j', 'RETURN']],
  ];
  for (const [chain, first, rule] of rules) yield* ipt.ensureRule(TABLE, chain, [...rule, ...ISOLATION], first);
}
