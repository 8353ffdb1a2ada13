import type { Match } from '../../../kernel/netfilter/index.ts';
import { checkTogether, type Given, last, type MatchExtension } from '../extension.ts';
import { badParameter, badValue, missingOption } from '../refusal.ts';
import { parseNumber } from '../words.ts';
import { rateOf, showRate } from './rate.ts';

type Hashlimit = Extract<Match, { name: 'hashlimit' }>;
type Mode = Hashlimit['mode'][number];

/** In the order in which they are printed. */
const MODES: readonly Mode[] = ['srcip', 'srcport', 'dstip', 'dstport'];
const BURST = 5;
/** XT_HASHLIMIT_SCALE_v2 */
const SCALE = 1_000_000;
const GC_INTERVAL = 1000;
const NUMBERS = ['srcmask', 'dstmask', 'htable-size', 'htable-max', 'htable-gcinterval', 'htable-expire'] as const;

const option = (name: string): string => `hashlimit-${name}`;

/** libxt_hashlimit.c */
export const hashlimit: MatchExtension<Hashlimit> = {
  name: 'hashlimit',
  options: [
    { name: 'hashlimit-upto', aliases: ['hashlimit'] },
    ...['above', 'burst', 'mode', 'name', ...NUMBERS].map((name) => ({ name: option(name) })),
  ],
  parse: (given, { family }) => {
    checkTogether('hashlimit', given, [['hashlimit-upto', { excludes: ['hashlimit-above'] }]]);
    const table = last(given, 'hashlimit-name')?.value;
    const upto = last(given, 'hashlimit-upto');
    const one = upto ?? last(given, 'hashlimit-above');
    const amount = one === undefined ? undefined : amountOf(one);
    const number = (name: (typeof NUMBERS)[number]): number | undefined => numberOf(given, option(name));
    const [srcmask, dstmask] = [number('srcmask'), number('dstmask')];
    if (table === undefined) throw missingOption('hashlimit', 'hashlimit-name');
    if (one === undefined || amount === undefined) throw badParameter('You have to specify --hashlimit');
    const most = family === 4 ? 32 : 128;
    return {
      name: 'hashlimit',
      table,
      above: (upto === undefined) !== one.invert,
      ...amount,
      burst: burstOf(given, amount.bytes, amount.rate),
      mode: modeOf(given),
      srcmask: srcmask ?? most,
      dstmask: dstmask ?? most,
      size: number('htable-size') ?? 0,
      max: number('htable-max') ?? 0,
      gcinterval: number('htable-gcinterval') ?? GC_INTERVAL,
      expire: number('htable-expire') ?? usualExpiry(amount),
    };
  },
  save: (data) => {
    const most = data.srcmask > 32 || data.dstmask > 32 ? 128 : 32;
    return [
      `--hashlimit-${data.above ? 'above' : 'upto'} ${rateText(data)} --hashlimit-burst ${burstText(data)}`,
      ...(data.mode.length === 0 ? [] : [`--hashlimit-mode ${data.mode.join(',')}`]),
      `--hashlimit-name ${data.table}`,
      ...details(data, most).map(([name, value]) => `--hashlimit-${name} ${value}`),
    ].join(' ');
  },
  list: (data) =>
    [
      `limit: ${data.above ? 'above' : 'up to'} ${rateText(data)} burst ${burstText(data)}`,
      ...(data.mode.length === 0 ? [] : [`mode ${data.mode.join('-')}`]),
      ...details(data, data.srcmask > 32 || data.dstmask > 32 ? 128 : 32).map(([name, value]) => `${name} ${value}`),
    ].join(' '),
};

/** What differs from the usual. `most`: the whole length of an address. */
const details = (data: Hashlimit, most: number): [string, number][] =>
  (
    [
      ['htable-size', data.size, 0],
      ['htable-max', data.max, 0],
      ['htable-gcinterval', data.gcinterval, GC_INTERVAL],
      ['htable-expire', data.expire, usualExpiry(data)],
      ['srcmask', data.srcmask, most],
      ['dstmask', data.dstmask, most],
    ] as const
  )
    .filter(([, value, usual]) => value !== usual)
    .map(([name, value]) => [name, value]);

type Amount = Pick<Hashlimit, 'rate' | 'per' | 'bytes'>;

/** An entry that nothing meets for the unit's time goes (in milliseconds). */
const usualExpiry = ({ per }: Pick<Amount, 'per'>): number => per * 1000;

/** `5/min`, or bytes: `512kb/s` */
function amountOf({ name, value }: Given): Amount {
  const bytes = bytesOf(value.replace(/\/s$/, ''));
  if (bytes !== undefined) return { rate: bytes, per: 1, bytes: true };
  const rate = rateOf(value);
  if (rate === undefined) throw badParameter(`hashlimit: Bad value for "--${name}" option: "${value}"`);
  return { ...rate, bytes: false };
}

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 * 1024 };

function bytesOf(text: string): number | undefined {
  const match = /^(\d+)(b|kb|mb)$/i.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNITS[(match[2] as string).toLowerCase()] as number);
}

/** In the largest unit in which it is a whole number. */
function showBytes(bytes: number): string {
  const [unit = 'b', size = 1] = Object.entries(UNITS).findLast(([, one]) => bytes % one === 0) ?? [];
  return `${bytes / size}${unit}`;
}

const rateText = (data: Hashlimit): string => (data.bytes ? `${showBytes(data.rate)}/s` : showRate(data, SCALE));
const burstText = ({ bytes, burst }: Hashlimit): string => (bytes ? showBytes(burst) : String(burst));

function burstOf(given: readonly Given[], bytes: boolean, rate: number): number {
  const text = last(given, 'hashlimit-burst')?.value;
  if (text === undefined) return bytes ? rate : BURST;
  const burst = bytes ? bytesOf(text) : parseNumber(text);
  if (burst === undefined) throw badValue('hashlimit', 'hashlimit-burst', 'value', '0-4294967295');
  return burst;
}

function modeOf(given: readonly Given[]): Mode[] {
  const text = last(given, 'hashlimit-mode')?.value;
  if (text === undefined || text === '') return [];
  const words = text.split(',');
  if (words.some((word) => !MODES.some((mode) => mode === word)))
    throw badParameter(`hashlimit: Bad value for "--hashlimit-mode" option: "${text}"`);
  return MODES.filter((mode) => words.includes(mode));
}

function numberOf(given: readonly Given[], name: string): number | undefined {
  const one = last(given, name);
  if (one === undefined) return undefined;
  const value = parseNumber(one.value);
  if (value === undefined) throw badValue('hashlimit', name, 'value', '0-4294967295');
  return value;
}
