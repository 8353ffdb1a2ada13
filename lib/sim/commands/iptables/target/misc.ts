import type { Target } from '../../../kernel/netfilter/index.ts';
import { last, type TargetExtension } from '../extension.ts';
import { parseTos, tosHex } from '../match/header.ts';
import { badParameter, badValue, missingOption } from '../refusal.ts';
import { parseNumber, quote } from '../words.ts';

type Of<N extends Target['name']> = Extract<Target, { name: N }>;

/** syslog's levels; the first spelling is the one printed. */
const LEVELS: readonly (readonly string[])[] = [
  ['emerg', 'panic'],
  ['alert'],
  ['crit'],
  ['err', 'error'],
  ['warn', 'warning'],
  ['notice'],
  ['info'],
  ['debug'],
];
const LOG_FLAGS = [
  ['log-tcp-sequence', 1],
  ['log-tcp-options', 2],
  ['log-ip-options', 4],
  ['log-uid', 8],
  ['log-macdecode', 32],
] as const;
const WARN = 4;

export const log: TargetExtension<Of<'LOG'>> = {
  name: 'LOG',
  options: [
    { name: 'log-prefix' },
    { name: 'log-level' },
    ...LOG_FLAGS.map(([name]) => ({ name, values: 0 as const })),
  ],
  parse: (given) => {
    const levelText = last(given, 'log-level')?.value;
    const named = LEVELS.findIndex((names) => levelText !== undefined && names.includes(levelText.toLowerCase()));
    const level = levelText === undefined ? WARN : (parseNumber(levelText, 7) ?? named);
    if (level < 0) throw badParameter(`log level "${levelText}" unknown\n`);
    const prefix = (last(given, 'log-prefix')?.value ?? '').slice(0, 29);
    const flags = LOG_FLAGS.reduce((all, [name, bit]) => (last(given, name) ? all | bit : all), 0);
    return { name: 'LOG', prefix, level, flags };
  },
  save: ({ prefix, level, flags }) =>
    [
      ...(prefix === '' ? [] : [`--log-prefix ${quote(prefix)}`]),
      ...(level === WARN ? [] : [`--log-level ${level}`]),
      ...LOG_FLAGS.filter(([, bit]) => flags & bit).map(([name]) => `--${name}`),
    ].join(' '),
  list: ({ prefix, level, flags }, names) =>
    [
      names.numeric ? `LOG flags ${flags} level ${level}` : `LOG level ${LEVELS[level]?.[0]}`,
      ...(names.numeric ? [] : LOG_FLAGS.filter(([, bit]) => flags & bit).map(([name]) => name.slice(4))),
      ...(prefix === '' ? [] : [`prefix "${prefix}"`]),
    ].join(' '),
};

const NFLOG_NUMBERS = [
  ['nflog-group', 0xffff],
  ['nflog-size', 0xffff_ffff],
  ['nflog-threshold', 0xffff],
] as const;

/** libxt_NFLOG.c */
export const nflog: TargetExtension<Of<'NFLOG'>> = {
  name: 'NFLOG',
  options: [...NFLOG_NUMBERS.map(([name]) => ({ name })), { name: 'nflog-prefix' }],
  absent: ['nflog-range'],
  parse: (given) => {
    const [group, size, threshold] = NFLOG_NUMBERS.map(([name, most]) => {
      const text = last(given, name)?.value;
      const value = text === undefined ? undefined : parseNumber(text, most);
      if (text !== undefined && value === undefined) throw badValue('NFLOG', name, 'value', `0-${most}`);
      return value;
    });
    const prefix = (last(given, 'nflog-prefix')?.value ?? '').slice(0, 63);
    return { name: 'NFLOG', group: group ?? 0, prefix, size, threshold: threshold ?? 0 };
  },
  save: (data) => nflogWords(data, '--').join(' '),
  list: (data) => nflogWords(data, '').join(' '),
};

const nflogWords = ({ group, prefix, size, threshold }: Of<'NFLOG'>, dash: string): string[] => [
  ...(prefix === '' ? [] : [`${dash}nflog-prefix ${quote(prefix)}`]),
  ...(group === 0 ? [] : [`${dash}nflog-group ${group}`]),
  ...(size === undefined ? [] : [`${dash}nflog-size ${size}`]),
  ...(threshold === 0 ? [] : [`${dash}nflog-threshold ${threshold}`]),
];

export const trace: TargetExtension<Of<'TRACE'>> = {
  name: 'TRACE',
  options: [],
  parse: () => ({ name: 'TRACE' }),
  save: () => '',
  list: () => '',
};

export const tos: TargetExtension<Of<'TOS'>> = {
  name: 'TOS',
  options: [{ name: 'set-tos' }],
  parse: (given) => {
    const one = last(given, 'set-tos');
    if (one === undefined) throw badParameter('TOS: An action is required');
    return { name: 'TOS', ...parseTos(one.value, 'TOS', 'set-tos') };
  },
  save: ({ value, mask }) => `--set-tos ${tosHex(value)}/${tosHex(mask)}`,
  list: ({ value, mask }) => `TOS set ${tosHex(value)}/${tosHex(mask)}`,
};

const MODES = { set: 'set to', inc: 'increment by', dec: 'decrement by' } as const;

const ttlExtension = (name: 'TTL' | 'HL'): TargetExtension<Of<'TTL' | 'HL'>> => {
  const word = name.toLowerCase();
  return {
    name,
    options: ['set', 'inc', 'dec'].map((mode) => ({ name: `${word}-${mode}` })),
    parse: (given) => {
      const one = given.at(-1);
      if (one === undefined) throw missingOption(name, `${word}-set`);
      const value = parseNumber(one.value, 255);
      if (value === undefined) throw badValue(name, one.name, 'value', '0-255');
      return { name, mode: one.name.slice(-3) as keyof typeof MODES, value };
    },
    save: ({ mode, value }) => `--${word}-${mode} ${value}`,
    list: ({ mode, value }) => `${name} ${MODES[mode]} ${value}`,
  };
};
export const ttl = ttlExtension('TTL');
export const hl = ttlExtension('HL');
