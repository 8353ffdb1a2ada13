import type { NftSet } from './set.ts';

/**
 * What a register may hold: numbers of up to 48 bits, addresses of IPv6 as bigint, names of devices as text. A
 * concatenation is a list of them.
 */
export type Scalar = number | bigint | string;
export type Value = Scalar | readonly Scalar[];

export type MetaKey =
  | 'length'
  | 'protocol'
  | 'nfproto'
  | 'l4proto'
  | 'priority'
  | 'mark'
  | 'iif'
  | 'oif'
  | 'iifname'
  | 'oifname'
  | 'iiftype'
  | 'oiftype'
  | 'iifkind'
  | 'oifkind'
  | 'iifgroup'
  | 'oifgroup'
  | 'ibrname'
  | 'obrname'
  | 'pkttype'
  | 'cpu'
  | 'random'
  | 'nftrace';

export type CtKey =
  | 'state'
  | 'direction'
  | 'status'
  | 'mark'
  | 'expiration'
  | 'l3proto'
  | 'saddr'
  | 'daddr'
  | 'protocol'
  | 'proto-src'
  | 'proto-dst'
  | 'zone'
  | 'bytes'
  | 'packets'
  | 'avgpkt'
  | 'id';

export type CtDirection = 'original' | 'reply';
export type PayloadProtocol = 'ether' | 'vlan' | 'arp' | 'ip' | 'ip6' | 'icmp' | 'icmpv6' | 'tcp' | 'udp' | 'th';
export type FibFlag = 'saddr' | 'daddr' | 'mark' | 'iif' | 'oif';
export type FibResult = 'type' | 'oif' | 'oifname' | 'check';
export type BitOperator = 'and' | 'or' | 'xor' | 'lshift' | 'rshift';

/** What a rule can ask of a packet (struct nft_expr that loads a register). */
export type Expression =
  | { readonly kind: 'payload'; readonly protocol: PayloadProtocol; readonly field: string }
  | { readonly kind: 'meta'; readonly key: MetaKey }
  | {
      readonly kind: 'ct';
      readonly key: CtKey;
      readonly direction?: CtDirection;
      /** Of addresses: `ct original ip saddr`. */
      readonly family?: 4 | 6;
    }
  | { readonly kind: 'fib'; readonly flags: readonly FibFlag[]; readonly result: FibResult }
  | {
      readonly kind: 'numgen';
      readonly mode: 'inc' | 'random';
      readonly modulus: number;
      readonly offset: number;
    }
  | {
      readonly kind: 'jhash';
      readonly of: Expression;
      readonly modulus: number;
      readonly seed: number | undefined;
      readonly offset: number;
    }
  | { readonly kind: 'symhash'; readonly modulus: number; readonly offset: number }
  | { readonly kind: 'bitwise'; readonly op: BitOperator; readonly left: Expression; readonly right: number | bigint }
  | { readonly kind: 'concat'; readonly parts: readonly Expression[] }
  /** The data that a map has for a key. */
  | { readonly kind: 'map'; readonly key: Expression; readonly map: NftSet }
  | { readonly kind: 'constant'; readonly value: Value };

/** One value, or all between two: what a match compares with. */
export type Operand =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'range'; readonly from: Scalar; readonly to: Scalar }
  /** An address with its first bits. */
  | { readonly kind: 'prefix'; readonly value: Scalar; readonly length: number }
  /** A device name's beginning: `eth*`. */
  | { readonly kind: 'wildcard'; readonly prefix: string }
  /** Any of these bits (`ct state established,related`). */
  | { readonly kind: 'flags'; readonly value: number };

export type CompareOperator = 'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge';
