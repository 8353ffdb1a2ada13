import type { Match } from '../../../kernel/netfilter/index.ts';
import { checkTogether, last, type MatchExtension } from '../extension.ts';
import { badParameter, badValue, missingOption } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type Of<N extends Match['name']> = Extract<Match, { name: N }>;

/** libxt_connlimit.c */
export const connlimit: MatchExtension<Of<'connlimit'>> = {
  name: 'connlimit',
  options: [
    ...['upto', 'above', 'mask'].map((name) => ({ name: `connlimit-${name}` })),
    ...['saddr', 'daddr'].map((name) => ({ name: `connlimit-${name}`, values: 0 as const })),
  ],
  parse: (given, { family }) => {
    const number = (name: string): number | undefined => {
      const text = last(given, name)?.value;
      const value = text === undefined ? undefined : parseNumber(text);
      if (text !== undefined && value === undefined) throw badValue('connlimit', name, 'value', '0-4294967295');
      return value;
    };
    const [upto, above] = [number('connlimit-upto'), number('connlimit-above')];
    const mask = number('connlimit-mask');
    checkTogether('connlimit', given, [
      ['connlimit-upto', { excludes: ['connlimit-above'] }],
      ['connlimit-saddr', { excludes: ['connlimit-daddr'] }],
    ]);
    const limit = upto ?? above;
    if (limit === undefined) throw badParameter('You must specify "--connlimit-above" or "--connlimit-upto".');
    const invert = last(given, upto === undefined ? 'connlimit-above' : 'connlimit-upto')?.invert === true;
    return {
      name: 'connlimit',
      limit,
      above: (upto === undefined) !== invert,
      mask: Math.min(mask ?? 128, family === 4 ? 32 : 128),
      side: last(given, 'connlimit-daddr') === undefined ? 'saddr' : 'daddr',
    };
  },
  save: ({ limit, above, mask, side }) =>
    `--connlimit-${above ? 'above' : 'upto'} ${limit} --connlimit-mask ${mask} --connlimit-${side}`,
  list: ({ limit, above, mask, side }) =>
    `#conn ${side === 'saddr' ? 'src' : 'dst'}/${mask} ${above ? '>' : '<='} ${limit}`,
};

/** libxt_quota.c */
export const quota: MatchExtension<Of<'quota'>> = {
  name: 'quota',
  options: [{ name: 'quota' }],
  parse: (given) => {
    const one = last(given, 'quota');
    if (one === undefined) throw missingOption('quota', 'quota');
    const value = parseNumber(one.value, Number.MAX_SAFE_INTEGER);
    if (value === undefined) throw badValue('quota', 'quota', 'value', '0-18446744073709551615');
    return { name: 'quota', quota: value, invert: one.invert };
  },
  save: ({ quota, invert }) => `${invert ? '! ' : ''}--quota ${quota}`,
  list: ({ quota }) => `quota: ${quota} bytes`,
};

const RPFILTER_FLAGS = [
  ['loose', 'loose'],
  ['validmark', 'validmark'],
  ['accept-local', 'acceptLocal'],
  ['invert', 'invert'],
] as const;

/** libxt_rpfilter.c */
export const rpfilter: MatchExtension<Of<'rpfilter'>> = {
  name: 'rpfilter',
  options: RPFILTER_FLAGS.map(([name]) => ({ name, values: 0 })),
  parse: (given) => {
    const has = (name: string): boolean => last(given, name) !== undefined;
    return {
      name: 'rpfilter',
      loose: has('loose'),
      validmark: has('validmark'),
      acceptLocal: has('accept-local'),
      invert: has('invert'),
    };
  },
  save: (data) => flagWords(data, '--').join(' '),
  list: (data) => ['rpfilter', ...flagWords(data, '')].join(' '),
};

const flagWords = (data: Of<'rpfilter'>, dash: string): string[] =>
  RPFILTER_FLAGS.filter(([, key]) => data[key]).map(([name]) => `${dash}${name}`);
