import {
  CT_STATES,
  CT_STATUSES,
  type CtState,
  type Inverted,
  type Match,
  type PortRange,
} from '../../../kernel/netfilter/index.ts';
import { maskedAddress, saveAddress } from '../address.ts';
import { type Given, last, type MatchExtension, type ParseContext } from '../extension.ts';
import { parseProtocol } from '../protocol.ts';
import { badParameter, missingOption } from '../refusal.ts';
import { parsePortRange, saveRange } from '../words.ts';

type Conntrack = Extract<Match, { name: 'conntrack' | 'state' }>;

/** The order in which iptables prints them is the order of the bits, not that of the option. */
function words<W extends string>(text: string, all: readonly W[], what: string): W[] {
  const given = text.split(',').map((word) => {
    const found = all.find((one) => one === word.toUpperCase());
    if (found === undefined) throw badParameter(`Bad ${what} "${word}"`);
    return found;
  });
  return all.filter((one) => given.includes(one));
}

const STATE_WORDS = CT_STATES.filter((state) => state !== 'SNAT' && state !== 'DNAT');

export const state: MatchExtension<Conntrack> = {
  name: 'state',
  options: [{ name: 'state' }],
  parse: (given) => {
    const one = last(given, 'state');
    if (one === undefined) throw missingOption('state', 'state');
    return { name: 'state', states: { value: words<CtState>(one.value, STATE_WORDS, 'state'), invert: one.invert } };
  },
  save: ({ states }) => `${states?.invert ? '! ' : ''}--state ${states?.value.join(',')}`,
  list: ({ states }) => `${states?.invert ? '! ' : ''}state ${states?.value.join(',')}`,
};

/** Options with an address or ports, and where they go; in the order in which they are printed. */
const ADDRESSES = [
  ['ctorigsrc', 'origSrc'],
  ['ctorigdst', 'origDst'],
  ['ctreplsrc', 'replSrc'],
  ['ctrepldst', 'replDst'],
] as const;
const PORTS = [
  ['ctorigsrcport', 'origSrcPort'],
  ['ctorigdstport', 'origDstPort'],
  ['ctreplsrcport', 'replSrcPort'],
  ['ctrepldstport', 'replDstPort'],
] as const;

type Draft = { -readonly [K in keyof Conntrack]: Conntrack[K] };

export const conntrack: MatchExtension<Conntrack> = {
  name: 'conntrack',
  options: [
    'ctstate',
    'ctproto',
    ...ADDRESSES.map(([o]) => o),
    ...PORTS.map(([o]) => o),
    'ctstatus',
    'ctexpire',
    'ctdir',
  ].map((name) => ({ name })),
  parse: (given, context) => {
    if (given.length === 0) throw badParameter('conntrack: At least one option is required');
    const data: Draft = { name: 'conntrack' };
    for (const one of given) parseOption(data, one, context);
    return data;
  },
  save: (data) => parts(data, '--').join(' '),
  list: (data) => parts(data, '').join(' '),
};

function parseOption(data: Draft, { name, value, invert }: Given, context: ParseContext): void {
  const address = ADDRESSES.find(([option]) => option === name);
  const port = PORTS.find(([option]) => option === name);
  if (address !== undefined) data[address[1]] = { value: maskedAddress(value, context.family), invert };
  else if (port !== undefined) data[port[1]] = { value: parsePortRange(value, context.names), invert };
  else if (name === 'ctstate') data.states = { value: words<CtState>(value, CT_STATES, 'ctstate'), invert };
  else if (name === 'ctproto') data.protocol = { value: parseProtocol(value), invert };
  else if (name === 'ctstatus') data.statuses = { value: words(value, CT_STATUSES, 'ctstatus'), invert };
  else if (name === 'ctexpire') data.expire = { value: seconds(value), invert };
  else data.direction = direction(value);
}

function seconds(text: string): PortRange {
  const match = /^(\d+)(?::(\d+))?$/.exec(text);
  if (match === null)
    throw badParameter(`conntrack: bad value for option "--ctexpire", or out of range (0-4294967295).\n`);
  return [Number(match[1]), Number(match[2] ?? match[1])];
}

function direction(text: string): 'ORIGINAL' | 'REPLY' {
  const upper = text.toUpperCase();
  if (upper === 'ORIGINAL' || upper === 'REPLY') return upper;
  throw badParameter(`conntrack: --ctdir: "${text}" is not a valid direction`);
}

function parts(data: Conntrack, dash: '--' | ''): string[] {
  const out: string[] = [];
  const add = <T>(option: string, one: Inverted<T> | undefined, show: (value: T) => string): void => {
    if (one !== undefined) out.push(`${one.invert ? '! ' : ''}${dash}${option} ${show(one.value)}`);
  };
  add('ctstate', data.states, (value) => value.join(','));
  add('ctproto', data.protocol, String);
  for (const [option, key] of ADDRESSES) add(option, data[key], (address) => saveAddress(address, dash === ''));
  for (const [option, key] of PORTS) add(option, data[key], saveRange);
  add('ctstatus', data.statuses, (value) => value.join(','));
  add('ctexpire', data.expire, saveRange);
  if (data.direction !== undefined) out.push(`${dash}ctdir ${data.direction}`);
  return out;
}
