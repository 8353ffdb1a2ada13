import type { Ip } from '../../base/index.ts';
import { ICMP, ICMP6 } from '../../wire/index.ts';
import { sendIcmpError } from '../ip/icmp.ts';
import { sendIcmpv6Error } from '../ip6/icmp.ts';
import {
  bind,
  type Context,
  conntrackOf,
  masqueradeSource,
  type NatRange,
  redirectAddress,
  sendReset,
} from '../netfilter/index.ts';
import type { CompareOperator, Expression, Operand, Scalar, Value } from './expression.ts';
import { addressOf, writeField } from './headers.ts';
import { newLimit, takeLimit, takeQuota } from './limit.ts';
import { reader, scalarReader } from './read.ts';
import type { NamedObject, NatTarget, Outcome, Statement } from './rule.ts';
import type { SetElement } from './set.ts';
import { setTraced } from './traced.ts';

/** One statement as a function of a packet. */
export type Step = (context: Context) => Outcome;

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** The statements of a rule as one function: each in turn, until one does not hold or decides. */
export function compileRule(statements: readonly Statement[]): Step {
  const steps = statements.map((statement) => compile(statement));
  return (context) => {
    for (const step of steps) {
      const outcome = step(context);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  };
}

function compile(statement: Statement): Step {
  switch (statement.kind) {
    case 'match':
      return match(statement);
    case 'lookup':
      return lookup(statement);
    case 'vmap':
      return vmap(statement);
    case 'verdict':
      return statement.verdict.kind === 'continue' ? () => undefined : () => statement.verdict;
    case 'counter':
      return count(statement.state);
    case 'limit':
      return (context) => (takeLimit(statement.state, context) ? undefined : 'break');
    case 'quota':
      return (context) => (takeQuota(statement.state, context) ? undefined : 'break');
    case 'object':
      return applyObject(statement.object);
    case 'object-map':
      return objectMap(statement);
    case 'log':
      return () => undefined;
    case 'reject':
      return reject(statement);
    case 'notrack':
      return (context) => {
        context.skb.ct ??= { entry: undefined };
        return undefined;
      };
    case 'nat':
      return nat(statement);
    case 'set-meta':
      return setMeta(statement);
    case 'set-ct':
      return setCt(statement);
    case 'set-payload': {
      const value = scalarReader(statement.value);
      return (context) => {
        const to = value(context);
        if (to === undefined) return 'break';
        return writeField(context.skb, statement.protocol, statement.field, to) ? undefined : 'break';
      };
    }
    case 'dynset':
      return dynset(statement);
  }
}

const when =
  (test: (context: Context) => boolean): Step =>
  (context) =>
    test(context) ? undefined : 'break';

function match({ left, op, right }: Of<'match'>): Step {
  const read = reader(left);
  const holds = operandTest(op, right);
  return when((context) => {
    const value = read(context);
    return value !== undefined && holds(value);
  });
}

function operandTest(op: CompareOperator, right: Operand): (value: Value) => boolean {
  const inside = insideTest(right);
  if (op === 'eq') return inside;
  if (op === 'ne') return (value) => !inside(value);
  if (right.kind !== 'value') return () => false;
  const limit = right.value as Scalar;
  switch (op) {
    case 'lt':
      return (value) => (value as Scalar) < limit;
    case 'gt':
      return (value) => (value as Scalar) > limit;
    case 'le':
      return (value) => (value as Scalar) <= limit;
    case 'ge':
      return (value) => (value as Scalar) >= limit;
  }
}

function insideTest(right: Operand): (value: Value) => boolean {
  switch (right.kind) {
    case 'value': {
      const wanted = right.value;
      if (typeof wanted !== 'object') return (value) => value === wanted;
      return (value) => typeof value === 'object' && wanted.every((one, i) => one === value[i]);
    }
    case 'range': {
      const { from, to } = right;
      return (value) => (value as Scalar) >= from && (value as Scalar) <= to;
    }
    case 'prefix': {
      const [from, to] = prefixBorders(right.value, right.length);
      return (value) => (value as Scalar) >= from && (value as Scalar) <= to;
    }
    case 'wildcard':
      return (value) => typeof value === 'string' && value.startsWith(right.prefix);
    case 'flags':
      return (value) => typeof value === 'number' && (value & right.value) !== 0;
  }
}

/** First and last of the values that begin with the same bits: of 32, or of 128 where the value is a bigint. */
export function prefixBorders(value: Scalar, length: number): [Scalar, Scalar] {
  if (typeof value === 'bigint') {
    const host = (1n << BigInt(128 - length)) - 1n;
    return [value & ~host, value | host];
  }
  const size = 2 ** (32 - length);
  const first = Number(value) - (Number(value) % size);
  return [first, first + size - 1];
}

function lookup({ left, set, invert }: Of<'lookup'>): Step {
  const read = reader(left);
  return (context) => {
    const key = read(context);
    if (key === undefined) return 'break';
    const element = set.lookup(key, context.ns.kernel.events.now);
    if ((element !== undefined) === invert) return 'break';
    return element === undefined || element.each.length === 0 ? undefined : eachOf(element)(context);
  };
}

const compiledElements = new WeakMap<SetElement, Step>();

/** What an element does by itself when it is met. */
function eachOf(element: SetElement): Step {
  let step = compiledElements.get(element);
  if (step === undefined) {
    step = compileRule(element.each);
    compiledElements.set(element, step);
  }
  return step;
}

function vmap({ left, set }: Of<'vmap'>): Step {
  const read = reader(left);
  return (context) => {
    const key = read(context);
    const element = key === undefined ? undefined : set.lookup(key, context.ns.kernel.events.now);
    if (element?.data?.kind !== 'verdict') return 'break';
    if (element.each.length > 0 && eachOf(element)(context) === 'break') return 'break';
    return element.data.verdict.kind === 'continue' ? undefined : element.data.verdict;
  };
}

function count(state: { packets: number; bytes: number }): Step {
  return (context) => {
    state.packets++;
    state.bytes += context.skb.length;
    return undefined;
  };
}

function applyObject(object: NamedObject): Step {
  switch (object.type) {
    case 'counter':
      return count(object.state);
    case 'quota':
      return (context) => (takeQuota(object.state, context) ? undefined : 'break');
    case 'limit':
      return (context) => (takeLimit(object.state, context) ? undefined : 'break');
  }
}

function objectMap({ key, map }: Of<'object-map'>): Step {
  const read = reader(key);
  return (context) => {
    const value = read(context);
    const data = value === undefined ? undefined : map.lookup(value, context.ns.kernel.events.now)?.data;
    return data?.kind === 'object' ? applyObject(data.object)(context) : 'break';
  };
}

/** Codes of icmpx (NFT_REJECT_ICMPX_*) in either family. */
const ICMPX4: Readonly<Record<number, number>> = { 0: 0, 1: 3, 2: 1, 3: 13 };
const ICMPX6: Readonly<Record<number, number>> = { 0: 0, 1: 4, 2: 3, 3: 1 };

function reject(statement: Of<'reject'>): Step {
  return (context) => {
    const { skb, packet } = context;
    const isIpv4 = packet.kind === 'ipv4';
    const code = statement.with === 'icmpx' ? ((isIpv4 ? ICMPX4 : ICMPX6)[statement.code] ?? 0) : statement.code;
    if (statement.with === 'tcp reset') sendReset(context);
    else if (isIpv4 && statement.with !== 'icmpv6') sendIcmpError(skb, { type: ICMP.unreachable, code });
    else if (!isIpv4 && statement.with !== 'icmp') sendIcmpv6Error(skb, { type: ICMP6.unreachable, code });
    return { kind: 'drop' };
  };
}

function setMeta({ key, value }: Of<'set-meta'>): Step {
  const read = scalarReader(value);
  return (context) => {
    const to = read(context);
    if (to === undefined) return 'break';
    if (key === 'mark') context.skb.mark = Number(to) >>> 0;
    else if (key === 'nftrace') setTraced(context.skb, Number(to) !== 0);
    return undefined;
  };
}

function setCt({ key, value }: Of<'set-ct'>): Step {
  const read = scalarReader(value);
  return (context) => {
    const to = read(context);
    const entry = context.skb.ct?.entry;
    if (to === undefined) return 'break';
    if (entry === undefined || key !== 'mark' || entry.mark === to) return undefined;
    entry.mark = Number(to) >>> 0;
    if (entry.confirmed) conntrackOf(context.ns).publish('UPDATE', entry);
    return undefined;
  };
}

type Target = (context: Context) => { readonly from: Scalar; readonly to: Scalar } | undefined;

function targetReader(target: NatTarget | undefined): Target | undefined {
  if (target === undefined) return undefined;
  if (target.kind === 'range') return () => target;
  const read = scalarReader(target.expression);
  return (context) => {
    const value = read(context);
    return value === undefined ? undefined : { from: value, to: value };
  };
}

/** nft_nat_eval(), nft_masq and nft_redir: settles one half of the connection. */
function nat(statement: Of<'nat'>): Step {
  const address = targetReader(statement.address);
  const port = targetReader(statement.port);
  const both = statement.addressPort === undefined ? undefined : reader(statement.addressPort);
  return (context) => {
    // In tables of both families an address is of one of them.
    if (statement.family !== undefined && (context.packet.kind === 'ipv4') !== (statement.family === 4))
      return undefined;
    const range: { -readonly [K in keyof NatRange]: NatRange[K] } = { ...statement.flags };
    if (both !== undefined) {
      const pair = both(context);
      if (typeof pair !== 'object') return 'break';
      const [to, toPort] = pair as [Scalar, Scalar];
      range.addresses = [addressOf(to), addressOf(to)];
      range.ports = [Number(toPort), Number(toPort)];
    }
    const addresses = address?.(context);
    if (address !== undefined && addresses === undefined) return 'break';
    if (addresses !== undefined) range.addresses = [addressOf(addresses.from), addressOf(addresses.to)];
    const ports = port?.(context);
    if (port !== undefined && ports === undefined) return 'break';
    if (ports !== undefined) range.ports = [Number(ports.from), Number(ports.to)];
    return settle(statement, context, range);
  };
}

function settle({ nat: kind }: Of<'nat'>, context: Context, range: NatRange): Outcome {
  const entry = context.skb.ct?.entry;
  if (entry === undefined) return { kind: 'accept' };
  const half = kind === 'snat' || kind === 'masquerade' ? 'src' : 'dst';
  if (entry.natDone[half]) return { kind: 'accept' };
  const own = ownAddress(kind, context);
  if (own === 'none') return { kind: 'drop' };
  if (kind === 'masquerade') entry.masqueraded = context.out?.ifindex;
  const whole = own === undefined ? range : { ...range, addresses: [own, own] as const };
  return bind(context.ns, entry, half, whole) ? { kind: 'accept' } : { kind: 'drop' };
}

/** The address that masquerading and redirection choose by themselves. */
function ownAddress(kind: Of<'nat'>['nat'], context: Context): Ip | 'none' | undefined {
  const { ns, packet, out } = context;
  if (kind === 'masquerade') return (out === undefined ? undefined : masqueradeSource(ns, packet, out)) ?? 'none';
  if (kind === 'redirect') return redirectAddress(context) ?? 'none';
  return undefined;
}

function dynset({ op, set, key, data, timeout, each }: Of<'dynset'>): Step {
  const read = reader(key);
  const readData = data === undefined ? undefined : reader(data);
  return (context) => {
    const { now } = context.ns.kernel.events;
    const value = read(context);
    if (value === undefined) return 'break';
    const fields = (typeof value === 'object' ? value : [value]).map((one) => ({ from: one, to: one }));
    const known = set.get(fields, now);
    if (op === 'delete') {
      if (known !== undefined) set.remove(known);
      return undefined;
    }
    const life = timeout ?? set.spec.timeout;
    if (known !== undefined) {
      if (op === 'update' && life !== undefined) known.expires = now + life;
      return eachOf(known)(context) === 'break' ? 'break' : undefined;
    }
    if (set.spec.size !== undefined && set.size >= set.spec.size) return 'break';
    const made = readData?.(context);
    const element: SetElement = {
      key: fields,
      data: made === undefined ? undefined : { kind: 'value', value: made },
      timeout,
      expires: life === undefined ? undefined : now + life,
      comment: undefined,
      each: ownStatements(each, set.spec.each).map((statement) => freshState(statement)),
    };
    set.add(element);
    return eachOf(element)(context) === 'break' ? 'break' : undefined;
  };
}

/** What an element says itself, and of what the set gives to all only the rest. */
export const ownStatements = (own: readonly Statement[], common: readonly Statement[]): readonly Statement[] => [
  ...own,
  ...common.filter(({ kind }) => !own.some((one) => one.kind === kind)),
];

/** A statement of its own for each element: what it counts begins anew. */
export function freshState(statement: Statement): Statement {
  switch (statement.kind) {
    case 'counter':
      return { ...statement, state: { ...statement.state } };
    case 'limit':
      return { ...statement, state: newLimit(statement.state.spec) };
    case 'quota':
      return { ...statement, state: { ...statement.state } };
    default:
      return statement;
  }
}

/** Does anything in it need connections to be known? */
export function needsConntrack(statement: Statement): boolean {
  switch (statement.kind) {
    case 'match':
    case 'lookup':
    case 'vmap':
      return readsConntrack(statement.left);
    case 'nat':
    case 'set-ct':
      return true;
    case 'set-meta':
    case 'set-payload':
      return readsConntrack(statement.value);
    case 'dynset':
      return readsConntrack(statement.key);
    default:
      return false;
  }
}

function readsConntrack(expression: Expression): boolean {
  switch (expression.kind) {
    case 'ct':
      return true;
    case 'concat':
      return expression.parts.some(readsConntrack);
    case 'bitwise':
      return readsConntrack(expression.left);
    case 'map':
      return readsConntrack(expression.key);
    case 'jhash':
      return readsConntrack(expression.of);
    default:
      return false;
  }
}
