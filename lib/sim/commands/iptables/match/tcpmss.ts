import type { Match } from '../../../kernel/netfilter/index.ts';
import { last, type MatchExtension } from '../extension.ts';
import { badValue, missingOption } from '../refusal.ts';
import { parseNumber, saveRange } from '../words.ts';

type Tcpmss = Extract<Match, { name: 'tcpmss' }>;

/** libxt_tcpmss.c */
export const tcpmss: MatchExtension<Tcpmss> = {
  name: 'tcpmss',
  options: [{ name: 'mss' }],
  parse: (given) => {
    const one = last(given, 'mss');
    if (one === undefined) throw missingOption('tcpmss', 'mss');
    const [low = '', high = low, ...rest] = one.value.split(':');
    const first = low === '' ? 0 : parseNumber(low, 0xffff);
    const final = high === '' ? 0xffff : parseNumber(high, 0xffff);
    if (first === undefined || final === undefined || rest.length > 0)
      throw badValue('tcpmss', 'mss', 'value', '0-65535');
    return { name: 'tcpmss', range: [first, final], invert: one.invert };
  },
  save: ({ range, invert }) => `${invert ? '! ' : ''}--mss ${saveRange(range)}`,
  list: ({ range, invert }) => `tcpmss match ${invert ? '!' : ''}${saveRange(range)}`,
};
