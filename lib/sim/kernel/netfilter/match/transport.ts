import type { Inverted } from '../rule.ts';
import { inRange, type MatchKind, type PortRange } from './match.ts';

export type PortsData = {
  readonly src?: Inverted<PortRange>;
  readonly dst?: Inverted<PortRange>;
};
export type UdpData = PortsData & { readonly name: 'udp' };
export type SctpData = PortsData & { readonly name: 'sctp' };
export type TcpData = PortsData & {
  readonly name: 'tcp';
  /** The flags looked at, and those of them that must be set. */
  readonly flags?: Inverted<{ readonly mask: number; readonly compare: number }>;
};

/** xt_tcpudp.c */
export const udp: MatchKind<UdpData> = {
  compile:
    ({ src, dst }) =>
    ({ transport }) =>
      transport.present &&
      (src === undefined || inRange(transport.srcPort, src.value) !== src.invert) &&
      (dst === undefined || inRange(transport.dstPort, dst.value) !== dst.invert),
};

/** xt_sctp.c, without chunk types. */
export const sctp: MatchKind<SctpData> = {
  check: (_, { selectors: { protocol } }) => (protocol?.value === 132 && !protocol.invert ? undefined : 'EINVAL'),
  compile: ({ src, dst }) => udp.compile({ name: 'udp', ...(src && { src }), ...(dst && { dst }) }),
};

export const tcp: MatchKind<TcpData> = {
  compile: ({ src, dst, flags }) => {
    return ({ transport }) =>
      transport.present &&
      (src === undefined || inRange(transport.srcPort, src.value) !== src.invert) &&
      (dst === undefined || inRange(transport.dstPort, dst.value) !== dst.invert) &&
      (flags === undefined || ((transport.tcpFlags & flags.value.mask) === flags.value.compare) !== flags.invert);
  },
};

export type MultiportData = {
  readonly name: 'multiport';
  readonly which: 'sports' | 'dports' | 'ports';
  readonly ports: readonly PortRange[];
  readonly invert: boolean;
};

/** xt_multiport.c */
export const multiport: MatchKind<MultiportData> = {
  compile:
    ({ which, ports, invert }) =>
    ({ transport: { present, srcPort, dstPort } }) => {
      if (!present) return false;
      const found = ports.some(
        (range) => (which !== 'dports' && inRange(srcPort, range)) || (which !== 'sports' && inRange(dstPort, range)),
      );
      return found !== invert;
    },
};
