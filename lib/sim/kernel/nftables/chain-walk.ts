import { EVENT_CODE } from '../../trace/index.ts';
import type { Context } from '../netfilter/index.ts';
import { packetRef } from '../skb.ts';
import { nftablesOf } from './registry.ts';
import type { NftChain, NftRule, Verdict } from './rule.ts';
import type { TraceEvent } from './trace.ts';
import { isTraced } from './traced.ts';

type Frame = { readonly chain: NftChain; readonly next: number };

/**
 * nft_do_chain(): a packet goes through a base chain and the chains that it calls, until a verdict ends its way. Behind
 * the last rule of a called chain it goes on where it was called; behind the last of the base chain the policy decides.
 */
export function walkChain(base: NftChain, context: Context): 'accept' | 'drop' {
  const tracer = new Tracer(base, context);
  const stack: Frame[] = [];
  let chain = base;
  let i = 0;
  tracer.begin();
  for (;;) {
    const rule = chain.rules[i];
    if (rule === undefined) {
      const frame = stack.pop();
      if (frame === undefined) return policy(tracer, base, context);
      chain = frame.chain;
      i = frame.next;
      continue;
    }
    i++;
    const outcome = rule.run(context);
    if (outcome === 'break') continue;
    passed(tracer, chain, i, rule, outcome, context);
    if (outcome === undefined) continue;
    if (outcome.kind === 'jump' || outcome.kind === 'goto') {
      if (outcome.kind === 'jump') stack.push({ chain, next: i });
      chain = outcome.chain;
      i = 0;
    } else if (outcome.kind === 'return') i = chain.rules.length;
    else if (outcome.kind !== 'continue') return outcome.kind === 'accept' ? 'accept' : 'drop';
  }
}

function policy(tracer: Tracer, chain: NftChain, context: Context): 'accept' | 'drop' {
  const decided = chain.base?.policy ?? 'accept';
  tracer.tell(chain, { type: 'policy', policy: decided });
  const { trace } = context.ns.kernel;
  if (trace.live)
    trace.publish({
      ...place(context),
      type: 'policy',
      table: tableName(chain),
      chain: chain.name,
      policy: decided === 'drop' ? 'DROP' : 'ACCEPT',
      packet: packetRef(context.skb),
    });
  return decided;
}

const place = ({ ns }: Context) => ({ at: ns.kernel.trace.now, node: ns.kernel.name, netns: ns.inode });
const tableName = ({ table }: NftChain): string => `${table.family} ${table.name}`;

function passed(
  tracer: Tracer,
  chain: NftChain,
  number: number,
  rule: NftRule,
  verdict: Verdict | undefined,
  context: Context,
): void {
  const { ns, skb } = context;
  const { trace } = ns.kernel;
  const target = verdict !== undefined && 'chain' in verdict ? verdict.chain.name : undefined;
  trace.fold(EVENT_CODE.rule, ns.number, number, skb.id, rule.handle);
  tracer.tell(chain, { type: 'rule', rule, verdict: verdict?.kind ?? 'continue', target });
  if (!trace.live) return;
  trace.publish({
    ...place(context),
    type: 'rule',
    table: tableName(chain),
    chain: chain.name,
    number,
    action: target ?? verdict?.kind ?? '',
    packet: packetRef(skb),
  });
}

type Told = TraceEvent extends infer E ? (E extends unknown ? Omit<E, 'id' | 'chain' | 'context'> : never) : never;

/** Tells the way of one packet through one base chain, if it is to be told: the packet itself comes first, once. */
class Tracer {
  readonly #base: NftChain;
  readonly #context: Context;
  #isIntroduced = false;

  constructor(base: NftChain, context: Context) {
    this.#base = base;
    this.#context = context;
  }

  begin(): void {
    if (!isTraced(this.#context.skb)) return;
    this.#publish(this.#base, { type: 'packet' });
    this.#isIntroduced = true;
  }

  tell(chain: NftChain, what: Told): void {
    if (!isTraced(this.#context.skb)) return;
    if (!this.#isIntroduced) this.begin();
    this.#publish(chain, what);
  }

  #publish(chain: NftChain, what: Told): void {
    const { ns, skb } = this.#context;
    nftablesOf(ns).publishTrace({ ...what, id: skb.id, chain, context: this.#context } as TraceEvent);
  }
}
