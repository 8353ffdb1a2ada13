import { emitEthernetPayload, ethertypeOf, get32 } from '../../wire/index.ts';
import type { Link } from '../link/link.ts';
import { receive } from '../link/receive.ts';
import { transmit } from '../link/transmit.ts';
import { cloneSkb, drop, frameLength, type Skb } from '../skb.ts';
import { controlOf, type FilterAction, type FilterMessage, type NewFilter, type U32Key } from './messages.ts';

const ETH_P_ALL = 3;
/** tcf_auto_prio(): the first filter without a number, and one less for each after it. */
const FIRST_PREF = 0xc000;
const FIRST_U32 = 0x8000_0800;

type Action = { readonly what: FilterAction; readonly index: number; packets: number; bytes: number };
export type Filter = Omit<NewFilter, 'actions'> & { readonly handle: number; readonly actions: readonly Action[] };

/** What became of a packet: 'next' goes on, to the class where one is named. */
export type Verdict = { readonly fate: 'next' | 'stolen' | 'dropped'; readonly classid: number };

const UNMATCHED: Verdict = { fate: 'next', classid: 0 };

/** Packets that mirred took from where they came in, and from which device: ifb gives them back there. */
const origins = new WeakMap<Skb, { readonly dev: Link; readonly ingress: boolean }>();
export const originOf = (skb: Skb): { readonly dev: Link; readonly ingress: boolean } | undefined => origins.get(skb);

/** Filters at one place, in the order of their preference. */
export class FilterChain {
  readonly #ingress: boolean;
  #filters: Filter[] = [];
  /** Preferences in the order in which they came: each has a hash table of its own in u32. */
  readonly #tables: number[] = [];

  constructor(ingress: boolean) {
    this.#ingress = ingress;
  }

  get list(): readonly Filter[] {
    return this.#filters;
  }

  /** The preference that a filter without one gets. */
  nextPref(): number {
    return this.#filters.length === 0 ? FIRST_PREF : (this.#filters[0] as Filter).pref - 1;
  }

  add(request: NewFilter, nextIndex: () => number): void {
    const same = this.#filters.filter((one) => one.pref === request.pref);
    const table =
      this.#tables.indexOf(request.pref) === -1
        ? this.#tables.push(request.pref) - 1
        : this.#tables.indexOf(request.pref);
    const handle = request.kind === 'u32' ? (FIRST_U32 + table * 2 ** 20 + same.length) >>> 0 : 1;
    const actions = request.actions.map((what): Action => ({ what, index: nextIndex(), packets: 0, bytes: 0 }));
    this.#filters.push({ ...request, handle, actions });
    this.#filters.sort((a, b) => a.pref - b.pref || a.handle - b.handle);
  }

  remove(matches: (filter: Filter) => boolean): number {
    const before = this.#filters.length;
    this.#filters = this.#filters.filter((filter) => !matches(filter));
    return before - this.#filters.length;
  }

  classify(skb: Skb): Verdict {
    for (const filter of this.#filters) {
      if (filter.protocol !== ETH_P_ALL && filter.protocol !== ethertypeOf(skb.packet)) continue;
      if (!filter.keys.every((key) => matches(key, skb))) continue;
      const fate = this.#act(filter, skb);
      if (fate !== 'continue') return { fate, classid: filter.classid };
    }
    return UNMATCHED;
  }

  #act({ actions }: Filter, skb: Skb): Verdict['fate'] | 'continue' {
    for (const action of actions) {
      action.packets++;
      // What came in has lost its link-layer header by now.
      action.bytes += this.#ingress ? skb.length : frameLength(skb);
      const { what } = action;
      if (what.kind === 'mirred') {
        const target = skb.dev.ns.linkByIndex(what.ifindex);
        if (target === undefined) continue;
        const control = controlOf(what);
        this.#redirect(control === 'stolen' ? skb : cloneSkb(skb), target, what.direction);
        if (control !== 'pipe') return control === 'stolen' ? 'stolen' : 'next';
      } else if (what.verdict === 'drop') {
        drop(skb.dev.ns, skb, 'QDISC_DROP');
        return 'dropped';
      } else if (what.verdict === 'pass') return 'next';
      else if (what.verdict === 'continue') return 'continue';
    }
    return 'next';
  }

  #redirect(skb: Skb, target: Link, direction: 'egress' | 'ingress'): void {
    origins.set(skb, { dev: skb.dev, ingress: this.#ingress });
    skb.dev = target;
    if (direction === 'egress') transmit(skb);
    else if (++skb.depth <= 8) receive(skb);
    else drop(target.ns, skb, 'RECURSION_LIMIT');
  }
}

/** A 32-bit word at an offset from the network header. */
function matches({ value, mask, offset }: U32Key, skb: Skb): boolean {
  if (mask === 0) return true;
  const bytes = emitEthernetPayload(skb.packet);
  return offset >= 0 && offset + 4 <= bytes.length && (get32(bytes, offset) & mask) >>> 0 === value;
}

export function filterMessage(filter: Filter): FilterMessage {
  const { actions, ...rest } = filter;
  return {
    ...rest,
    actions: actions.map((one) => one.what),
    numbered: actions.map(({ index, packets, bytes }) => ({ index, packets, bytes })),
  };
}
