import {
  type Expression,
  HEADERS,
  type NftFamily,
  type PayloadProtocol,
  type Statement,
} from '../../kernel/nftables/index.ts';

export type ProtocolBase = 'link' | 'network' | 'transport';

const NFPROTO: Readonly<Record<number, string>> = { 2: 'ip', 10: 'ip6' };
const ETHERTYPE: Readonly<Record<number, string>> = { 2048: 'ip', 34525: 'ip6', 2054: 'arp' };
const TRANSPORT: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

const NUMBER_OF: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };
const NFPROTO_OF: Readonly<Record<string, number>> = { ip: 2, ip6: 10 };
const ETHERTYPE_OF: Readonly<Record<string, number>> = { ip: 0x0800, ip6: 0x86dd, arp: 0x0806 };

/** What is known of a packet's headers at one place in a rule (struct proto_ctx). */
export class ProtocolContext {
  readonly family: NftFamily;
  readonly #known: Partial<Record<ProtocolBase, string>> = {};

  constructor(family: NftFamily) {
    this.family = family;
    if (family === 'ip' || family === 'ip6' || family === 'arp') this.#known.network = family;
    if (family === 'bridge' || family === 'netdev') this.#known.link = 'ether';
  }

  get(base: ProtocolBase): string | undefined {
    return this.#known[base];
  }

  set(base: ProtocolBase, protocol: string): void {
    this.#known[base] = protocol;
  }

  /** A statement that holds says something of the headers behind it. */
  learn(statement: Statement): void {
    if (statement.kind !== 'match' || statement.op !== 'eq' || statement.right.kind !== 'value') return;
    const { value } = statement.right;
    const told = typeof value === 'number' ? protocolTold(statement.left, value, this.family) : undefined;
    if (told !== undefined) this.set(told.base, told.protocol);
  }
}

/** Which protocol a comparison with a number names, and of which header. */
export function protocolTold(
  left: Expression,
  value: number,
  family: NftFamily,
): { readonly base: ProtocolBase; readonly protocol: string } | undefined {
  const base = toldBase(left, family);
  if (base === undefined) return undefined;
  const isNfproto = left.kind === 'meta' && left.key === 'nfproto';
  const protocol = base === 'transport' ? TRANSPORT[value] : (isNfproto ? NFPROTO : ETHERTYPE)[value];
  return protocol === undefined ? undefined : { base, protocol };
}

/** Of which header an expression tells the protocol. */
export function toldBase(left: Expression, family: NftFamily): ProtocolBase | undefined {
  if (left.kind === 'meta') {
    if (left.key === 'l4proto') return 'transport';
    // In family inet the protocol of the frame is not what tells the family.
    return left.key === 'nfproto' || (left.key === 'protocol' && family !== 'inet') ? 'network' : undefined;
  }
  if (left.kind !== 'payload') return undefined;
  const { protocol, field } = left;
  if ((protocol === 'ip' && field === 'protocol') || (protocol === 'ip6' && field === 'nexthdr')) return 'transport';
  return protocol === 'ether' && field === 'type' ? 'network' : undefined;
}

/** The statement that makes sure of a protocol: what tcp's ports ask of a packet besides. */
export function dependencyOn(protocol: PayloadProtocol, family: NftFamily): Statement {
  const match = (key: 'nfproto' | 'protocol' | 'l4proto', value: number): Statement => ({
    kind: 'match',
    left: { kind: 'meta', key },
    op: 'eq',
    right: { kind: 'value', value },
  });
  if (HEADERS[protocol].base === 'transport') return match('l4proto', NUMBER_OF[protocol] ?? 0);
  if (family === 'inet') return match('nfproto', NFPROTO_OF[protocol] ?? 0);
  return match('protocol', ETHERTYPE_OF[protocol] ?? 0);
}
