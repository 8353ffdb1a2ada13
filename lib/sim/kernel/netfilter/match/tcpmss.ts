import { mssOf, segmentOf } from '../tcp-options.ts';
import { inRange, type MatchKind, type PortRange } from './match.ts';

export type TcpmssData = { readonly name: 'tcpmss'; readonly range: PortRange; readonly invert: boolean };

/** xt_tcpmss.c */
export const tcpmss: MatchKind<TcpmssData> = {
  check: (_, { selectors: { protocol } }) => (protocol?.value === 6 && !protocol.invert ? undefined : 'EINVAL'),
  compile:
    ({ range, invert }) =>
    ({ packet }) => {
      const segment = segmentOf(packet);
      const mss = segment === undefined ? undefined : mssOf(segment);
      return segment !== undefined && (mss !== undefined && inRange(mss, range)) !== invert;
    },
};
