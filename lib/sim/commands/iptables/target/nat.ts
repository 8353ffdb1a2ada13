import { Ip } from '../../../base/index.ts';
import type { Family } from '../../../kernel/index.ts';
import type { MaskedAddress, NatRange, Target } from '../../../kernel/netfilter/index.ts';
import { maskedAddress, prefixOf } from '../address.ts';
import { type Given, last, type ParseContext, type TargetExtension } from '../extension.ts';
import { badParameter, missingOption } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type Nat = Extract<Target, { name: 'SNAT' | 'DNAT' | 'MASQUERADE' | 'REDIRECT' }>;

const WITH_PORTS = [6, 17, 33, 132];

function needPorts({ selectors: { protocol } }: ParseContext): void {
  if (protocol === undefined || protocol.invert || !WITH_PORTS.includes(protocol.value))
    throw badParameter('Need TCP, UDP, SCTP or DCCP with port specification');
}

/** `80`, `80-90` */
function parsePorts(text: string, context: ParseContext): readonly [number, number] {
  if (text.includes(':')) throw badParameter('Invalid port:port syntax - use dash');
  const [first = '', final] = text.split('-');
  const port = (word: string): number => {
    const value = parseNumber(word, 0xffff) ?? context.names.service(word);
    if (value === undefined) throw badParameter(`Port \`${word}' not valid`);
    return value;
  };
  const range = [port(first), port(final ?? first)] as const;
  if (range[1] < range[0]) throw badParameter(`Port range \`${text}' funky\n`);
  return range;
}

function parseAddress(text: string, family: Family): Ip {
  const ip = Ip.parse(text);
  if (ip?.family !== family) throw badParameter(`Bad IP address "${text}"`);
  return ip;
}

/** `ADDRESS[-ADDRESS][:PORT[-PORT]]`, IPv6 addresses in brackets before a port. */
function parseRange(text: string, context: ParseContext): NatRange {
  const { family } = context;
  if (text.startsWith('[') && !text.includes(']')) throw badParameter('Invalid address format');
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const colon = text.indexOf(':');
  const [host, ports] = bracketed
    ? [bracketed[1] ?? '', bracketed[2]]
    : family === 6 || colon < 0
      ? [text, undefined]
      : [text.slice(0, colon), text.slice(colon + 1)];
  if (ports !== undefined) needPorts(context);
  const portRange = ports === undefined ? undefined : parsePorts(ports, context);
  const [first = '', final] = host.split('-');
  const addresses =
    host === '' ? undefined : ([parseAddress(first, family), parseAddress(final ?? first, family)] as const);
  return {
    ...(addresses === undefined ? {} : { addresses }),
    ...(portRange === undefined ? {} : { ports: portRange }),
  };
}

const flags = (given: readonly Given[]): Partial<NatRange> => ({
  ...(last(given, 'random') ? { random: true } : {}),
  ...(last(given, 'random-fully') ? { fullyRandom: true } : {}),
  ...(last(given, 'persistent') ? { persistent: true } : {}),
});

const flagWords = (range: NatRange, dash: string): string[] => [
  ...(range.random ? [`${dash}random`] : []),
  ...(range.fullyRandom ? [`${dash}random-fully`] : []),
  ...(range.persistent ? [`${dash}persistent`] : []),
];

const portWords = ([first, final]: readonly [number, number]): string =>
  first === final ? `${first}` : `${first}-${final}`;

function rangeWords({ addresses, ports }: NatRange): string {
  let host = '';
  if (addresses !== undefined) {
    const [first, final] = addresses;
    host = first === final ? `${first}` : `${first}-${final}`;
    if (first.family === 6 && ports !== undefined) host = `[${host}]`;
  }
  return ports === undefined ? host : `${host}:${portWords(ports)}`;
}

const SHUFFLE = [
  { name: 'random', values: 0 },
  { name: 'random-fully', values: 0 },
] as const;

const addressed = (name: 'SNAT' | 'DNAT', option: string): TargetExtension<Nat> => ({
  name,
  options: [{ name: option }, ...SHUFFLE, { name: 'persistent', values: 0 }],
  parse: (given, context) => {
    const one = last(given, option);
    if (one === undefined) throw missingOption(name, option);
    return { name, range: { ...parseRange(one.value, context), ...flags(given) } };
  },
  save: ({ range }) => [`--${option} ${rangeWords(range)}`, ...flagWords(range, '--')].join(' '),
  list: ({ range }) => [`to:${rangeWords(range)}`, ...flagWords(range, '')].join(' '),
});

const ported = (name: 'MASQUERADE' | 'REDIRECT', label: string): TargetExtension<Nat> => ({
  name,
  options: [{ name: 'to-ports' }, ...SHUFFLE],
  parse: (given, context) => {
    const one = last(given, 'to-ports');
    if (one !== undefined) needPorts(context);
    return {
      name,
      range: { ...(one === undefined ? {} : { ports: parsePorts(one.value, context) }), ...flags(given) },
    };
  },
  save: ({ range }) =>
    [...(range.ports === undefined ? [] : [`--to-ports ${portWords(range.ports)}`]), ...flagWords(range, '--')].join(
      ' ',
    ),
  list: ({ range }) =>
    [...(range.ports === undefined ? [] : [`${label} ${portWords(range.ports)}`]), ...flagWords(range, '')].join(' '),
});

export const snat = addressed('SNAT', 'to-source');
export const dnat = addressed('DNAT', 'to-destination');
export const masquerade = ported('MASQUERADE', 'masq ports:');
export const redirect = ported('REDIRECT', 'redir ports');

/** libxt_NETMAP.c */
export const netmap: TargetExtension<Extract<Target, { name: 'NETMAP' }>> = {
  name: 'NETMAP',
  options: [{ name: 'to' }],
  parse: (given, { family }) => {
    const one = last(given, 'to');
    if (one === undefined) throw missingOption('NETMAP', 'to');
    return { name: 'NETMAP', to: maskedAddress(one.value, family) };
  },
  save: ({ to }) => `--to ${networkText(to)}`,
  list: ({ to }) => `to:${networkText(to)}`,
};

/** The library knows prefix lengths only; a mask with holes counts as a whole address. */
const networkText = (to: MaskedAddress): string => `${to.address}/${prefixOf(to) ?? to.address.bits}`;
