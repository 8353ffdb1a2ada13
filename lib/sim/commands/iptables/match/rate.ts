import type { Match } from '../../../kernel/netfilter/index.ts';
import { last, type MatchExtension } from '../extension.ts';
import { badParameter, badValue } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type Limit = Extract<Match, { name: 'limit' }>;
type Statistic = Extract<Match, { name: 'statistic' }>;

const UNITS = { second: 1, minute: 60, hour: 3600, day: 86400 } as const;
/** XT_LIMIT_SCALE: the kernel counts in 1/10000 s, so that not every rate can be kept. */
const SCALE = 10_000;

/** `5/min`; undefined: no rate. */
export function rateOf(text: string): { rate: number; per: number } | undefined {
  const [count = '', unit = 'second', ...rest] = text.split('/');
  const rate = /^\d+$/.test(count) ? Number(count) : 0;
  const per = Object.entries(UNITS).find(([name]) => unit !== '' && name.startsWith(unit.toLowerCase()))?.[1];
  return rate === 0 || per === undefined || rest.length > 0 ? undefined : { rate, per };
}

function parseRate(text: string): { rate: number; per: number } {
  const found = rateOf(text);
  if (found === undefined) throw badParameter(`bad rate "${text}"'`);
  if (found.rate / found.per > SCALE) throw badParameter(`Rate too fast "${text}"`);
  return found;
}

/** print_rate(): the largest unit in which the rate is a whole number, as the kernel's period gives it back. */
export function showRate({ rate, per }: { readonly rate: number; readonly per: number }, scale = SCALE): string {
  const period = Math.floor((scale * per) / rate);
  const scales = [
    ['day', 86400 * scale],
    ['hour', 3600 * scale],
    ['min', 60 * scale],
    ['sec', scale],
  ] as const;
  let i = 1;
  for (; i < scales.length; i++) {
    const multiple = scales[i]?.[1] ?? 0;
    if (period > multiple || multiple / period < multiple % period) break;
  }
  const [word, multiple] = scales[i - 1] as (typeof scales)[number];
  return `${Math.floor(multiple / period)}/${word}`;
}

export const limit: MatchExtension<Limit> = {
  name: 'limit',
  options: [{ name: 'limit' }, { name: 'limit-burst' }],
  parse: (given) => {
    const rate = parseRate(last(given, 'limit')?.value ?? '3/hour');
    const burstText = last(given, 'limit-burst')?.value ?? '5';
    const burst = parseNumber(burstText, 10000);
    if (burst === undefined) throw badValue('limit', 'limit-burst', 'value', '0-10000');
    return { name: 'limit', ...rate, burst };
  },
  save: (data) => `--limit ${showRate(data)}${data.burst === 5 ? '' : ` --limit-burst ${data.burst}`}`,
  list: (data) => `limit: avg ${showRate(data)} burst ${data.burst}`,
};

const UNIT = 0x8000_0000;
const MODES = ['random', 'nth'] as const;

export const statistic: MatchExtension<Statistic> = {
  name: 'statistic',
  options: [{ name: 'mode' }, { name: 'probability' }, { name: 'every' }, { name: 'packet' }],
  parse: (given) => {
    const modeText = last(given, 'mode')?.value ?? 'random';
    const mode = MODES.find((one) => one === modeText);
    if (mode === undefined) throw badParameter(`Bad mode "${modeText}"`);
    const probability = last(given, 'probability');
    const every = last(given, 'every');
    const packet = last(given, 'packet');
    const share = probability === undefined ? undefined : Number(probability.value);
    if (share !== undefined && !(share >= 0 && share <= 1)) throw badValue('statistic', 'probability', 'value', '0-1');
    const count = every === undefined ? undefined : parseNumber(every.value);
    if (every !== undefined && (count === undefined || count < 1))
      throw badValue('statistic', 'every', 'value', '1-4294967295');
    if (mode === 'random') {
      if (share === undefined) throw badParameter('--probability must be specified when using random mode');
      if (every !== undefined || packet !== undefined)
        throw badParameter('statistic: --every and --packet only with --mode nth');
      return { name: 'statistic', mode, probability: Math.round(share * UNIT), invert: probability?.invert === true };
    }
    if (count === undefined) throw badParameter('--every and --packet must be specified when using nth mode');
    const first = packet === undefined ? 0 : parseNumber(packet.value);
    if (first === undefined) throw badValue('statistic', 'packet', 'value', '0-4294967295');
    if (first >= count) throw badParameter('the --packet p must be 0 <= p <= n-1');
    return { name: 'statistic', mode, every: count, packet: first, invert: every?.invert === true };
  },
  save: (data) => details(data, '--'),
  list: (data) => `statistic ${details(data, '')}`,
};

function details(data: Statistic, dash: string): string {
  const bang = data.invert ? '! ' : '';
  if (data.mode === 'random')
    return `${dash}mode random ${bang}${dash}probability ${(data.probability / UNIT).toFixed(11)}`;
  const packet = data.packet === 0 && dash === '' ? '' : ` ${dash}packet ${data.packet}`;
  return `${dash}mode nth ${bang}${dash}every ${data.every}${packet}`;
}
