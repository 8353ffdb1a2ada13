import { EVENT_CODE } from '../../trace/index.ts';
import { packetRef } from '../skb.ts';
import type { Context } from './packet.ts';
import type { Chain, Rule, TableName } from './rule.ts';
import { targetKind } from './target/targets.ts';

type Frame = { readonly chain: Chain; readonly next: number };

/** NFT_JUMP_STACK_SIZE: deeper calls are refused when rules are made. */
export const JUMP_DEPTH = 16;

/**
 * nft_do_chain(): a packet goes through a base chain and the chains that it calls, until a rule decides. Behind the last
 * rule of a called chain it goes on where it was called; behind the last of the base chain the policy decides.
 */
export function evaluate(table: TableName, base: Chain, context: Context): 'accept' | 'drop' | 'stolen' {
  const stack: Frame[] = [];
  let chain = base;
  let i = 0;
  for (;;) {
    const rule = chain.rules[i];
    if (rule === undefined) {
      const frame = stack.pop();
      if (frame === undefined) return policy(table, base, context);
      chain = frame.chain;
      i = frame.next;
      continue;
    }
    i++;
    if (!rule.test(context)) continue;
    rule.packets++;
    rule.bytes += context.skb.length;
    const { action } = rule;
    traceRule(table, chain, i, rule, context);
    if (action.kind === 'jump' || action.kind === 'goto') {
      if (action.kind === 'jump') stack.push({ chain, next: i });
      chain = action.chain;
      i = 0;
    } else if (action.kind === 'verdict') {
      if (action.verdict === 'ACCEPT') return 'accept';
      if (action.verdict !== 'RETURN') return 'drop';
      i = chain.rules.length;
    } else if (action.kind === 'target') {
      const verdict = targetKind(action.target).run(action.target, context);
      if (verdict !== 'continue') return verdict;
    }
  }
}

function policy(table: TableName, { name, base }: Chain, context: Context): 'accept' | 'drop' {
  if (base === undefined) return 'accept';
  if (base.counting) {
    base.packets++;
    base.bytes += context.skb.length;
  }
  const { trace } = context.ns.kernel;
  if (trace.live)
    trace.publish({
      ...place(context),
      type: 'policy',
      table,
      chain: name,
      policy: base.policy,
      packet: packetRef(context.skb),
    });
  return base.policy === 'DROP' ? 'drop' : 'accept';
}

const place = ({ ns }: Context) => ({ at: ns.kernel.trace.now, node: ns.kernel.name, netns: ns.inode });

function traceRule(table: TableName, chain: Chain, number: number, rule: Rule, context: Context): void {
  const { ns, skb } = context;
  const { trace } = ns.kernel;
  trace.fold(EVENT_CODE.rule, ns.number, number, skb.id, rule.packets);
  if (!trace.live) return;
  trace.publish({
    ...place(context),
    type: 'rule',
    table,
    chain: chain.name,
    number,
    action: actionName(rule),
    packet: packetRef(skb),
  });
}

function actionName({ action }: Rule): string {
  switch (action.kind) {
    case 'none':
      return '';
    case 'verdict':
      return action.verdict;
    case 'jump':
    case 'goto':
      return action.chain.name;
    case 'target':
      return action.target.name;
  }
}
