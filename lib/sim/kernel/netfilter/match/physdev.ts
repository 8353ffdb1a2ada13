import { deviceMatches } from '../device.ts';
import type { Inverted } from '../rule.ts';
import type { MatchKind } from './match.ts';

export type PhysdevData = {
  readonly name: 'physdev';
  readonly in?: Inverted<string>;
  readonly out?: Inverted<string>;
  readonly isIn?: Inverted<true>;
  readonly isOut?: Inverted<true>;
  readonly isBridged?: Inverted<true>;
};

/** xt_physdev.c: the ports by which a bridged packet came in and goes out. */
export const physdev: MatchKind<PhysdevData> = {
  compile:
    (data) =>
    ({ skb }) => {
      const { bridged } = skb;
      const from = bridged?.from.name;
      const to = bridged?.to?.name;
      return (
        (data.isBridged === undefined || (to !== undefined) !== data.isBridged.invert) &&
        (data.isIn === undefined || (from !== undefined) !== data.isIn.invert) &&
        (data.isOut === undefined || (to !== undefined) !== data.isOut.invert) &&
        (data.in === undefined || deviceMatches(data.in.value, from ?? '') !== data.in.invert) &&
        (data.out === undefined || deviceMatches(data.out.value, to ?? '') !== data.out.invert)
      );
    },
};
