import type { Target } from '../../../kernel/netfilter/index.ts';
import { type Given, last, type TargetExtension } from '../extension.ts';
import { badParameter } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type Ct = Extract<Target, { name: 'CT' }>;

export const notrack: TargetExtension<Ct> = {
  name: 'NOTRACK',
  options: [],
  parse: () => ({ name: 'CT', by: 'NOTRACK' }),
  save: () => '',
  list: () => 'NOTRACK',
};

const ZONES = { zone: 'both', 'zone-orig': 'original', 'zone-reply': 'reply' } as const;
const isZone = (name: string): name is keyof typeof ZONES => name in ZONES;

/** libxt_CT.c */
export const ct: TargetExtension<Ct> = {
  name: 'CT',
  options: [{ name: 'notrack', values: 0 }, ...Object.keys(ZONES).map((name) => ({ name }))],
  absent: ['helper', 'timeout', 'ctevents', 'expevents'],
  parse: (given) => {
    if (last(given, 'notrack') !== undefined) return { name: 'CT', by: '--notrack' };
    const one = given.findLast(({ name }) => isZone(name));
    return one === undefined ? { name: 'CT', by: undefined } : zoneOf(one);
  },
  save: (data) => (data.by === '--notrack' ? '--notrack' : data.by === '--zone' ? `--${zoneWords(data)}` : ''),
  list: (data) =>
    data.by === 'NOTRACK'
      ? 'NOTRACK'
      : ['CT', data.by === '--notrack' ? 'notrack' : data.by === '--zone' ? zoneWords(data) : ''].join(' '),
};

function zoneOf({ name, value }: Given): Ct {
  const zone = value === 'mark' ? value : parseNumber(value, 0xffff);
  if (zone === undefined) throw badParameter(`Cannot parse ${value} as a zone ID`);
  return { name: 'CT', by: '--zone', zone, direction: ZONES[name as keyof typeof ZONES] };
}

function zoneWords({ zone, direction }: Extract<Ct, { by: '--zone' }>): string {
  const [word = 'zone'] = Object.entries(ZONES).find(([, one]) => one === direction) ?? [];
  return `${word} ${zone}`;
}
