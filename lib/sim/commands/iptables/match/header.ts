import { formatMac, Ip, parseMac } from '../../../base/index.ts';
import type { Inverted, Match } from '../../../kernel/netfilter/index.ts';
import { type Given, last, type MatchExtension, type ParseContext } from '../extension.ts';
import { badParameter, badValue, missingOption } from '../refusal.ts';
import { parseMasked, parseNumber, quote, saveMasked, saveRange } from '../words.ts';

type Of<N extends Match['name']> = Extract<Match, { name: N }>;
const bang = (invert: boolean): string => (invert ? '! ' : '');

function needed(given: readonly Given[], extension: string, option: string): Given {
  const one = last(given, option);
  if (one === undefined) throw missingOption(extension, option);
  return one;
}

export const comment: MatchExtension<Of<'comment'>> = {
  name: 'comment',
  options: [{ name: 'comment' }],
  parse: (given) => ({ name: 'comment', text: needed(given, 'comment', 'comment').value.slice(0, 255) }),
  save: ({ text }) => `--comment ${quote(text)}`,
  list: ({ text }) => `/* ${text} */`,
};

const markExtension = (name: 'mark' | 'connmark'): MatchExtension<Of<'mark' | 'connmark'>> => ({
  name,
  options: [{ name: 'mark' }],
  parse: (given) => {
    const { value: text, invert } = needed(given, name, 'mark');
    const masked = parseMasked(text);
    if (masked === undefined) throw badValue(name, 'mark', 'integer value');
    return { name, mark: masked.value, mask: masked.mask, invert };
  },
  save: ({ mark, mask, invert }) => `${bang(invert)}--mark ${saveMasked(mark, mask)}`,
  list: ({ mark, mask, invert }) =>
    `${name} match ${name === 'connmark' ? ' ' : ''}${bang(invert)}${saveMasked(mark, mask)}`,
});
export const mark = markExtension('mark');
export const connmark = markExtension('connmark');

const TOS_NAMES: Readonly<Record<string, number>> = {
  'minimize-delay': 0x10,
  'maximize-throughput': 8,
  'maximize-reliability': 4,
  'minimize-cost': 2,
  'normal-service': 0,
};

export function parseTos(text: string, extension: string, option: string): { value: number; mask: number } {
  const named = TOS_NAMES[text.toLowerCase()];
  if (named !== undefined) return { value: named, mask: 0x3f };
  const [first = '', second] = text.split('/');
  const value = parseNumber(first, 255);
  const mask = second === undefined ? 0xff : parseNumber(second, 255);
  if (value === undefined || mask === undefined) throw badValue(extension, option, 'value');
  return { value, mask };
}

export const tos: MatchExtension<Of<'tos'>> = {
  name: 'tos',
  options: [{ name: 'tos' }],
  parse: (given) => {
    const { value: text, invert } = needed(given, 'tos', 'tos');
    const { value, mask } = parseTos(text, 'tos', 'tos');
    return { name: 'tos', tos: value, mask, invert };
  },
  save: ({ tos, mask, invert }) => `${bang(invert)}--tos ${tosHex(tos)}/${tosHex(mask)}`,
  list: ({ tos, mask, invert }) => `tos match${invert ? '!' : ''}${tosHex(tos)}/${tosHex(mask)}`,
};
export const tosHex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

const ttlExtension = (name: 'ttl' | 'hl', word: string): MatchExtension<Of<'ttl' | 'hl'>> => ({
  name,
  options: ['eq', 'lt', 'gt'].map((mode) => ({ name: `${name}-${mode}` })),
  parse: (given) => {
    const one = given.at(-1);
    if (one === undefined)
      throw badParameter(`${word} match: You must specify one of \`--${name}-eq', \`--${name}-lt', \`--${name}-gt'`);
    const value = parseNumber(one.value, 255);
    if (value === undefined) throw badValue(name, one.name, 'value', '0-255');
    const mode = one.name.slice(-2) as 'eq' | 'lt' | 'gt';
    return { name, mode: mode === 'eq' && one.invert ? 'ne' : mode, ttl: value };
  },
  save: ({ mode, ttl }) => `${mode === 'ne' ? '! ' : ''}--${name}-${mode === 'ne' ? 'eq' : mode} ${ttl}`,
  list: ({ mode, ttl }) => `${word} match ${word} ${{ eq: '==', ne: '!=', lt: '<', gt: '>' }[mode]} ${ttl}`,
});
export const ttl = ttlExtension('ttl', 'TTL');
export const hl = ttlExtension('hl', 'HL');

export const length: MatchExtension<Of<'length'>> = {
  name: 'length',
  options: [{ name: 'length' }],
  parse: (given) => {
    const { value, invert } = needed(given, 'length', 'length');
    const match = /^(\d*)(:?)(\d*)$/.exec(value);
    if (match === null || value === '') throw badValue('length', 'length', 'value', '0-65535');
    const first = Number(match[1] || 0);
    const final = match[2] === '' ? first : Number(match[3] || 65535);
    return { name: 'length', range: [first, final], invert };
  },
  save: ({ range, invert }) => `${bang(invert)}--length ${saveRange(range)}`,
  list: ({ range, invert }) => `length ${invert ? '!' : ''}${saveRange(range)}`,
};

export const mac: MatchExtension<Of<'mac'>> = {
  name: 'mac',
  options: [{ name: 'mac-source' }],
  parse: (given) => {
    const { value, invert } = needed(given, 'mac', 'mac-source');
    const parsed = parseMac(value);
    if (parsed === undefined) throw badParameter(`Bad mac address "${value}"`);
    return { name: 'mac', mac: parsed, invert };
  },
  save: ({ mac, invert }) => `${bang(invert)}--mac-source ${formatMac(mac)}`,
  list: ({ mac, invert }) => `MAC ${invert ? '! ' : ''}${formatMac(mac)}`,
};

export const pkttype: MatchExtension<Of<'pkttype'>> = {
  name: 'pkttype',
  options: [{ name: 'pkt-type' }],
  parse: (given) => {
    const { value, invert } = needed(given, 'pkttype', 'pkt-type');
    const type = (['unicast', 'broadcast', 'multicast'] as const).find((one) => one === value.toLowerCase());
    if (type === undefined) throw badParameter(`Bad packet type '${value}'`);
    return { name: 'pkttype', type, invert };
  },
  save: ({ type, invert }) => `${bang(invert)}--pkt-type ${type}`,
  list: ({ type, invert }) => `PKTTYPE ${invert ? '!' : ''}= ${type}`,
};

function addressRange(text: string, context: ParseContext): readonly [Ip, Ip] {
  const [first = '', final] = text.split('-');
  const pair = [Ip.parse(first), Ip.parse(final ?? first)] as const;
  const [a, b] = pair;
  if (a === undefined || b === undefined || a.family !== context.family)
    throw badParameter(`iprange: Bad IP address "${text}"`);
  return [a, b];
}

export const iprange: MatchExtension<Of<'iprange'>> = {
  name: 'iprange',
  options: [{ name: 'src-range' }, { name: 'dst-range' }],
  parse: (given, context) => {
    if (given.length === 0) throw badParameter("iprange match: You must specify `--src-range' or `--dst-range'");
    const side = (name: string): Inverted<readonly [Ip, Ip]> | undefined => {
      const one = last(given, name);
      return one === undefined ? undefined : { value: addressRange(one.value, context), invert: one.invert };
    };
    const src = side('src-range');
    const dst = side('dst-range');
    return { name: 'iprange', ...(src === undefined ? {} : { src }), ...(dst === undefined ? {} : { dst }) };
  },
  save: ({ src, dst }) =>
    [
      src && `${bang(src.invert)}--src-range ${src.value.join('-')}`,
      dst && `${bang(dst.invert)}--dst-range ${dst.value.join('-')}`,
    ]
      .filter((part) => part !== undefined)
      .join(' '),
  list: ({ src, dst }) =>
    [
      src && `source IP range ${bang(src.invert)}${src.value.join('-')}`,
      dst && `destination IP range ${bang(dst.invert)}${dst.value.join('-')}`,
    ]
      .filter((part) => part !== undefined)
      .join(' '),
};
