import type { Inverted, Match, PortRange, Selectors } from '../../../kernel/netfilter/index.ts';
import { type Given, last, type MatchExtension, type Names, type ParseContext } from '../extension.ts';
import { badParameter } from '../refusal.ts';
import { parsePort, parsePortRange, portName, saveRange } from '../words.ts';

type Tcp = Extract<Match, { name: 'tcp' }>;
type Udp = Extract<Match, { name: 'udp' }>;
type Multiport = Extract<Match, { name: 'multiport' }>;

const PORTS = [
  { name: 'source-port', aliases: ['sport'] },
  { name: 'destination-port', aliases: ['dport'] },
] as const;

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;

function parsePorts(given: readonly Given[], names: Names): { src?: Inverted<PortRange>; dst?: Inverted<PortRange> } {
  const side = (name: string): Inverted<PortRange> | undefined => {
    const one = last(given, name);
    return one === undefined ? undefined : { value: parsePortRange(one.value, names), invert: one.invert };
  };
  const src = side('source-port');
  const dst = side('destination-port');
  return { ...(src === undefined ? {} : { src }), ...(dst === undefined ? {} : { dst }) };
}

function requireProtocol(context: ParseContext, number: number, message: string): void {
  const { protocol } = context.selectors;
  if (protocol?.value !== number || protocol.invert) throw badParameter(message);
}

const savePort = (option: string, range: Inverted<PortRange> | undefined): string[] =>
  range === undefined ? [] : [`${range.invert ? '! ' : ''}--${option} ${saveRange(range.value)}`];

function listPort(word: string, range: Inverted<PortRange> | undefined, protocol: number, names: Names): string[] {
  if (range === undefined) return [];
  const [first, final] = range.value;
  const text = [...new Set([first, final])].map((port) => portName(port, protocol, names)).join(':');
  return [`${word}${first === final ? '' : 's'}:${range.invert ? '!' : ''}${text}`];
}

export const udp: MatchExtension<Udp> = {
  name: 'udp',
  options: PORTS,
  parse: (given, context) => {
    requireProtocol(context, 17, "UDP match requires '-p udp'");
    return { name: 'udp', ...parsePorts(given, context.names) };
  },
  save: ({ src, dst }) => [...savePort('sport', src), ...savePort('dport', dst)].join(' '),
  list: ({ src, dst }, names) =>
    ['udp', ...listPort('spt', src, 17, names), ...listPort('dpt', dst, 17, names)].join(' '),
};

/** libxt_sctp.c */
export const sctp: MatchExtension<Extract<Match, { name: 'sctp' }>> = {
  name: 'sctp',
  options: PORTS,
  absent: ['chunk-types'],
  parse: (given, { names }) => ({ name: 'sctp', ...parsePorts(given, names) }),
  save: ({ src, dst }) => [...savePort('sport', src), ...savePort('dport', dst)].join(' '),
  list: ({ src, dst }, names) =>
    ['sctp', ...listPort('spt', src, 132, names), ...listPort('dpt', dst, 132, names)].join(' '),
};

function parseFlags(text: string): number {
  if (text === 'ALL') return 0x3f;
  if (text === 'NONE') return 0;
  return text.split(',').reduce((all, word) => {
    const bit = FLAGS.indexOf(word.toUpperCase() as (typeof FLAGS)[number]);
    if (bit < 0) throw badParameter(`Unknown TCP flag \`${word}'`);
    return all | (1 << bit);
  }, 0);
}

const flagNames = (bits: number): string => FLAGS.filter((_, i) => (bits >> i) & 1).join(',') || 'NONE';
const flagHex = (bits: number): string => `0x${bits.toString(16).toUpperCase().padStart(2, '0')}`;

export const tcp: MatchExtension<Tcp> = {
  name: 'tcp',
  options: [...PORTS, { name: 'syn', values: 0 }, { name: 'tcp-flags', values: 2 }],
  parse: (given, context) => {
    requireProtocol(context, 6, "TCP match requires '-p tcp'");
    const one = given.findLast(({ name }) => name === 'syn' || name === 'tcp-flags');
    if (one === undefined) return { name: 'tcp', ...parsePorts(given, context.names) };
    const syn = one.name === 'syn';
    const value = { mask: syn ? 0x17 : parseFlags(one.value), compare: syn ? 2 : parseFlags(one.more) };
    return { name: 'tcp', ...parsePorts(given, context.names), flags: { value, invert: one.invert } };
  },
  save: ({ src, dst, flags }) => {
    const parts = [...savePort('sport', src), ...savePort('dport', dst)];
    if (flags !== undefined)
      parts.push(
        `${flags.invert ? '! ' : ''}--tcp-flags ${flagNames(flags.value.mask)} ${flagNames(flags.value.compare)}`,
      );
    return parts.join(' ');
  },
  list: ({ src, dst, flags }, names) => {
    const parts = ['tcp', ...listPort('spt', src, 6, names), ...listPort('dpt', dst, 6, names)];
    if (flags !== undefined) {
      const show = names.numeric ? flagHex : flagNames;
      parts.push(`flags:${flags.invert ? '!' : ''}${show(flags.value.mask)}/${show(flags.value.compare)}`);
    }
    return parts.join(' ');
  },
};

const WITH_PORTS = [6, 17, 33, 132, 136];
const MULTI = {
  'source-ports': 'sports',
  'destination-ports': 'dports',
  ports: 'ports',
} as const;

const portList = (ports: readonly PortRange[], show: (port: number) => string): string =>
  ports.map(([first, final]) => (first === final ? show(first) : `${show(first)}:${show(final)}`)).join(',');

export const multiport: MatchExtension<Multiport> = {
  name: 'multiport',
  options: [
    { name: 'source-ports', aliases: ['sports'] },
    { name: 'destination-ports', aliases: ['dports'] },
    { name: 'ports' },
  ],
  parse: (given, { selectors: { protocol }, names }) => {
    const one = given.at(-1);
    if (one !== undefined && (protocol === undefined || protocol.invert || !WITH_PORTS.includes(protocol.value)))
      throw badParameter("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'");
    if (one === undefined) throw badParameter('multiport expection an option');
    const ports = one.value.split(',').map((text): PortRange => {
      const [first = '', final] = text.split(':');
      const range: PortRange = [parsePort(first, names), parsePort(final ?? first, names)];
      if (range[0] > range[1]) throw badParameter('invalid portrange specified');
      return range;
    });
    // A range takes two of the fifteen places.
    if (ports.reduce((n, [first, final]) => n + (first === final ? 1 : 2), 0) > 15)
      throw badParameter('too many ports specified');
    return { name: 'multiport', which: MULTI[one.name as keyof typeof MULTI], ports, invert: one.invert };
  },
  save: ({ which, ports, invert }) => `${invert ? '! ' : ''}--${which} ${portList(ports, String)}`,
  list: ({ which, ports, invert }, names, selectors: Selectors) =>
    `multiport ${which} ${invert ? ' !' : ''}${portList(ports, (port) => portName(port, selectors.protocol?.value, names))}`,
};
