import type { MatchKind } from './match.ts';

/** Also icmp6. Type 255 is any. */
export type IcmpData = {
  readonly name: 'icmp' | 'icmp6';
  readonly type: number;
  readonly codes: readonly [number, number];
  readonly invert: boolean;
};

/** icmp_match() of xt_tcpudp and ip_tables */
export const icmp: MatchKind<IcmpData> = {
  compile:
    ({ name, type, codes, invert }) =>
    ({ transport: { present, icmpType, icmpCode } }) =>
      present &&
      ((type === 255 && name === 'icmp') || (icmpType === type && icmpCode >= codes[0] && icmpCode <= codes[1])) !==
        invert,
};
