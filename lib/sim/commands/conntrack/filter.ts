import { Cidr, type Ip } from '../../base/index.ts';
import type { ConntrackEntry } from '../../kernel/netfilter/index.ts';
import { ConntrackError } from './options.ts';
import { protocolNumber } from './protocol.ts';

export type Filter = (entry: ConntrackEntry) => boolean;

/** Options that -U and -I set and others look for. */
const SETTABLE = ['-m', '-u', '-n', '-g', '-t', '--state'];

/** Which entries are meant. `changes`: marks, states and translations are what they shall become, not what they are. */
export function filterOf(values: ReadonlyMap<string, string>, changes = false): Filter {
  const filters: Filter[] = [];
  for (const [flag, value] of values) {
    if (changes && SETTABLE.includes(flag)) continue;
    const filter = FILTERS[flag]?.(value);
    if (filter !== undefined) filters.push(filter);
  }
  return (entry) => filters.every((test) => test(entry));
}

const equals =
  (of: (entry: ConntrackEntry) => number) =>
  (value: string): Filter =>
  (entry) =>
    of(entry) === Number(value);

const FILTERS: Readonly<Record<string, (value: string) => Filter | undefined>> = {
  '-s': (value) => byAddress(value, (e) => e.original.src),
  '-d': (value) => byAddress(value, (e) => e.original.dst),
  '-r': (value) => byAddress(value, (e) => e.reply.src),
  '-q': (value) => byAddress(value, (e) => e.reply.dst),
  '-p': (value) => {
    const protocol = protocolNumber(value);
    return (e) => e.original.protocol === protocol;
  },
  '-f': (value) => (e) => e.family === (value === 'ipv6' ? 6 : 4),
  '-m': byMark,
  '-u': byStatus,
  // Without an address they mean every entry.
  '-n': (value) => (value === '' ? undefined : (e) => e.natted.src && String(e.reply.dst) === value),
  '-g': (value) => (value === '' ? undefined : (e) => e.natted.dst && String(e.reply.src) === value),
  '-j': (value) =>
    value === ''
      ? undefined
      : (e) => (e.natted.src && String(e.reply.dst) === value) || (e.natted.dst && String(e.reply.src) === value),
  '-w': (value) => (e) => e.zone.direction === 'both' && e.zone.id === (Number.parseInt(value, 10) || 0),
  '--orig-zone': (value) => (e) => e.zone.direction === 'original' && e.zone.id === Number(value),
  '--reply-zone': (value) => (e) => e.zone.direction === 'reply' && e.zone.id === Number(value),
  '--sport': equals((e) => e.original.sport),
  '--dport': equals((e) => e.original.dport),
  '--reply-port-src': equals((e) => e.reply.sport),
  '--reply-port-dst': equals((e) => e.reply.dport),
  '--icmp-type': equals((e) => e.original.dport >> 8),
  '--icmp-code': equals((e) => e.original.dport & 255),
  '--icmp-id': equals((e) => e.original.sport),
  '--state': (value) => {
    const state = tcpState(value);
    return (e) => e.tcp === state;
  },
};

const TCP_STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
] as const;

export function tcpState(text: string): (typeof TCP_STATES)[number] {
  const state = TCP_STATES.find((one) => one === text);
  if (state === undefined) throw new ConntrackError(`unknown TCP state \`${text}'`);
  return state;
}

function byAddress(text: string, of: (entry: ConntrackEntry) => Ip): Filter {
  const cidr = Cidr.parse(text);
  if (cidr === undefined) throw new ConntrackError(`Invalid IP address \`${text}'`);
  return (entry) => cidr.contains(of(entry));
}

/** `5`, `0x10/0xf0` */
export function markOf(text: string): { mark: number; mask: number } {
  const [mark = 0, mask = 0xffff_ffff] = text.split('/').map(Number);
  return { mark, mask };
}

function byMark(text: string): Filter {
  const { mark, mask } = markOf(text);
  return (entry) => (entry.mark & mask) >>> 0 === mark;
}

const STATUSES: Readonly<Record<string, Filter>> = {
  ASSURED: (e) => e.assured,
  SEEN_REPLY: (e) => e.seenReply,
  UNSET: () => true,
  UNREPLIED: (e) => !e.seenReply,
  CONFIRMED: (e) => e.confirmed,
  SRC_NAT: (e) => e.natted.src,
  DST_NAT: (e) => e.natted.dst,
  FIXED_TIMEOUT: () => false,
  EXPECTED: () => false,
  OFFLOAD: () => false,
  HW_OFFLOAD: () => false,
};

export function statusWords(text: string): string[] {
  return text.split(',').map((word) => {
    if (!Object.hasOwn(STATUSES, word.toUpperCase())) throw new ConntrackError(`Bad parameter \`${word}'`);
    return word.toUpperCase();
  });
}

function byStatus(text: string): Filter {
  const tests = statusWords(text).map((word) => STATUSES[word] as Filter);
  return (entry) => tests.every((test) => test(entry));
}
