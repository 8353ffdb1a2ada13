import type { Part } from '../../ipset/index.ts';
import { type AddressSet, type Element, networkOf, SetList, type SetType, type Slot } from '../../ipset/index.ts';
import type { Context } from '../packet.ts';
import { fragmentOffset } from '../packet.ts';
import type { MatchKind } from './match.ts';

export type SetSide = 'src' | 'dst';
/** A set, and which side of the packet each of its dimensions is. */
export type SetReference = { readonly slot: Slot; readonly sides: readonly SetSide[] };

export type CounterTest = { readonly op: 'eq' | 'ne' | 'lt' | 'gt'; readonly value: number };

export type SetData = SetReference & {
  readonly name: 'set';
  readonly invert: boolean;
  /** Exceptions match, other elements do not. */
  readonly returnNomatch: boolean;
  readonly updateCounters: boolean;
  readonly updateSubcounters: boolean;
  readonly packets?: CounterTest;
  readonly bytes?: CounterTest;
};

/** xt_set.c */
export const set: MatchKind<SetData> = {
  hold: ({ slot }, change) => {
    slot.references += change;
  },
  compile: (data) => (context) => inSet(data, context) !== data.invert,
};

function inSet(data: SetData, context: Context): boolean {
  const { set } = data.slot;
  if (!(set instanceof SetList)) return holds(data, set, context);
  const now = context.ns.kernel.events.now;
  return set.members(now).some(({ slot }) => !(slot.set instanceof SetList) && holds(data, slot.set, context));
}

function holds(data: SetData, set: AddressSet, context: Context): boolean {
  const parts = partsOf(set, data.sides, context);
  if (parts === undefined) return false;
  const found = set.find(parts, context.ns.kernel.events.now);
  if (found === undefined) return false;
  const { element, excluded } = found;
  if (data.packets !== undefined && !passes(data.packets, element.packets)) return false;
  if (data.bytes !== undefined && !passes(data.bytes, element.bytes)) return false;
  count(data, set, element, context);
  return excluded === data.returnNomatch;
}

function count(data: SetData, { created }: AddressSet, element: Element, { skb }: Context): void {
  if (created.counters !== true || !data.updateCounters) return;
  element.packets++;
  element.bytes += skb.length;
}

function passes({ op, value }: CounterTest, counter: number): boolean {
  switch (op) {
    case 'eq':
      return counter === value;
    case 'ne':
      return counter !== value;
    case 'lt':
      return counter < value;
    case 'gt':
      return counter > value;
  }
}

/** The packet as an element of the set; undefined: it has not what the set is of, or too few sides are given. */
export function partsOf(
  { type, family, created }: AddressSet,
  sides: readonly SetSide[],
  context: Context,
): Part[] | undefined {
  const { packet } = context;
  const isFamilyBound = type.dimensions.includes('ip') || type.dimensions.includes('net');
  if (sides.length < type.dimensions.length || (isFamilyBound && (packet.kind === 'ipv4') !== (family === 4)))
    return undefined;
  const parts: Part[] = [];
  for (const [i, dimension] of type.dimensions.entries()) {
    const part = partOf(dimension, sides[i] === 'src', created.netmask, context);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

function partOf(
  dimension: SetType['dimensions'][number],
  isSource: boolean,
  netmask: number | undefined,
  context: Context,
): Part | undefined {
  const { packet, skb } = context;
  switch (dimension) {
    case 'ip':
    case 'net': {
      const ip = isSource ? packet.src : packet.dst;
      return { kind: 'net', ip: netmask === undefined ? ip : networkOf(ip, netmask), prefix: ip.bits };
    }
    case 'port':
      return portOf(isSource, context);
    case 'iface': {
      const link = isSource ? context.in : context.out;
      return link === undefined ? undefined : { kind: 'iface', name: link.name, physdev: false };
    }
    case 'mac':
      return context.in === undefined ? undefined : { kind: 'mac', mac: isSource ? skb.src : skb.dst };
    case 'set':
      return undefined;
  }
}

const WITH_PORTS = new Set([6, 17, 132, 136]);
const ICMP = new Set([1, 58]);

/** ip_set_get_ip4_port(): ports, type and code of ICMP, 0 of what has neither. */
function portOf(isSource: boolean, { packet, transport }: Context): Part | undefined {
  const { protocol } = packet;
  if (fragmentOffset(packet) !== 0) return undefined;
  if (WITH_PORTS.has(protocol))
    return transport.present
      ? { kind: 'port', protocol, port: isSource ? transport.srcPort : transport.dstPort }
      : undefined;
  if (ICMP.has(protocol)) return { kind: 'port', protocol, port: (transport.icmpType << 8) | transport.icmpCode };
  return { kind: 'port', protocol, port: 0 };
}
