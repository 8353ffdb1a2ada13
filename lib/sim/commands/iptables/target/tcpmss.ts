import type { Target } from '../../../kernel/netfilter/index.ts';
import { last, type TargetExtension } from '../extension.ts';
import { badParameter, badValue } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type Tcpmss = Extract<Target, { name: 'TCPMSS' }>;

const HEADERS = { 4: 40, 6: 60 } as const;

/** libxt_TCPMSS.c; where both are said, the clamp counts. */
export const tcpmss: TargetExtension<Tcpmss> = {
  name: 'TCPMSS',
  options: [{ name: 'set-mss' }, { name: 'clamp-mss-to-pmtu', values: 0 }],
  parse: (given, { family }) => {
    const text = last(given, 'set-mss')?.value;
    const most = 0xffff - HEADERS[family] + 20;
    const mss = text === undefined ? undefined : parseNumber(text, most);
    if (text !== undefined && mss === undefined) throw badValue('TCPMSS', 'set-mss', 'value', `0-${most}`);
    const clamp = last(given, 'clamp-mss-to-pmtu') !== undefined;
    if (!clamp && mss === undefined) throw badParameter('TCPMSS target: At least one parameter is required');
    return { name: 'TCPMSS', mss: clamp ? undefined : mss };
  },
  save: ({ mss }) => (mss === undefined ? '--clamp-mss-to-pmtu' : `--set-mss ${mss}`),
  list: ({ mss }) => `TCPMSS ${mss === undefined ? 'clamp to PMTU' : `set ${mss}`}`,
};
