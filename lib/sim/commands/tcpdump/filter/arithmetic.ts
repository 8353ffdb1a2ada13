import { FilterError, FilterNotSimulated } from './errors.ts';
import type { PacketReader, Predicate } from './packet.ts';
import { all, not } from './packet.ts';
import { ETHERTYPE, firstFragment, IP_PROTOCOL, type Layout, protocolAbbreviation } from './primitives.ts';

/** An arithmetic expression. Its guards say which packets have the fields it reads: `tcp[13]` asks for a TCP packet. */
export type Arithmetic = {
  readonly value: (packet: PacketReader) => number;
  readonly guards: readonly Predicate[];
  /** Known when compiling, for the checks of divisions and shifts. */
  readonly constant?: number;
};

export const constant = (value: number): Arithmetic => ({ value: () => value, guards: [], constant: value });
export const packetLength: Arithmetic = { value: (packet) => packet.length, guards: [] };
export const negate = (of: Arithmetic): Arithmetic => ({
  value: (packet) => -of.value(packet) >>> 0,
  guards: of.guards,
});

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => (a + b) >>> 0,
  '-': (a, b) => (a - b) >>> 0,
  '*': (a, b) => Math.imul(a, b) >>> 0,
  '/': (a, b) => Math.floor(a / b),
  '%': (a, b) => a % b,
  '&': (a, b) => (a & b) >>> 0,
  '|': (a, b) => (a | b) >>> 0,
  '^': (a, b) => (a ^ b) >>> 0,
  '<<': (a, b) => (b > 31 ? 0 : (a << b) >>> 0),
  '>>': (a, b) => (b > 31 ? 0 : a >>> b),
};

/** Binding strength; the grammar gives `^` and `%` none, and bison then shifts: they bind to all that follows. */
export const PRECEDENCE: Readonly<Record<string, number>> = {
  '|': 1,
  '&': 2,
  '<<': 3,
  '>>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 6,
  '^': 6,
};

export function operate(operator: string, a: Arithmetic, b: Arithmetic): Arithmetic {
  if (operator === '/' && b.constant === 0) throw new FilterError('division by zero');
  if (operator === '%' && b.constant === 0) throw new FilterError('modulus by zero');
  if ((operator === '<<' || operator === '>>') && b.constant !== undefined && b.constant > 31) {
    throw new FilterError('shift by more than 31 bits');
  }
  const apply = OPERATORS[operator] as (a: number, b: number) => number;
  const guards = [...a.guards, ...b.guards];
  const value = (packet: PacketReader): number => {
    const divisor = b.value(packet);
    if (divisor === 0 && (operator === '/' || operator === '%')) {
      packet.failed = true;
      return 0;
    }
    return apply(a.value(packet), divisor);
  };
  if (a.constant === undefined || b.constant === undefined) return { value, guards };
  return constant(apply(a.constant, b.constant));
}

/** `proto[index:size]`: bytes counted from the beginning of that protocol's header. */
export function access(layout: Layout, protocol: string, index: Arithmetic, size: number): Arithmetic {
  if (size !== 1 && size !== 2 && size !== 4) throw new FilterError('data size must be 1, 2, or 4');
  const payload = layout.payload;
  const from = (base: (packet: PacketReader) => number, ...guards: Predicate[]): Arithmetic => ({
    value: (packet) => packet.load(base(packet) + index.value(packet), size),
    guards: [...index.guards, ...guards],
  });
  if (protocol === 'ether') return from(() => 0);
  if (['ip', 'arp', 'rarp', 'ip6'].includes(protocol))
    return from(() => payload, protocolAbbreviation(layout, protocol));
  if (protocol === 'icmp6') {
    const next = layout.network(6, 1);
    return from(
      () => payload + 40,
      layout.etherType(ETHERTYPE.ip6),
      (packet) => next(packet) === IP_PROTOCOL.icmp6,
    );
  }
  if (['tcp', 'udp', 'icmp', 'igmp', 'sctp', 'pim', 'vrrp', 'igrp', 'carp'].includes(protocol)) {
    const number = layout.network(9, 1);
    return from(
      (packet) => layout.ipv4Payload(packet, payload),
      layout.etherType(ETHERTYPE.ip),
      (packet) => number(packet) === IP_PROTOCOL[protocol],
      firstFragment(layout),
    );
  }
  if (['ah', 'esp', 'iso', 'stp', 'radio'].includes(protocol)) throw new FilterError('unsupported index operation');
  throw new FilterNotSimulated(`filter primitive '${protocol}[…]'`);
}

const RELATIONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
};
/** These are the negations of the first three, but what guards them is not negated. */
const NEGATED: Readonly<Record<string, string>> = { '<=': '>', '<': '>=', '!=': '=' };

export const isRelation = (operator: string): boolean => operator in RELATIONS || operator in NEGATED;

export function relate(operator: string, a: Arithmetic, b: Arithmetic): Predicate {
  const compare = RELATIONS[NEGATED[operator] ?? operator] as (a: number, b: number) => boolean;
  const holds: Predicate = (packet) => compare(a.value(packet), b.value(packet));
  return all(...a.guards, ...b.guards, operator in NEGATED ? not(holds) : holds);
}
