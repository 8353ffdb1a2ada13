import type { Direction } from '../../ct-ref.ts';
import type { Entry } from './entry.ts';

/** States of a TCP connection as a router sees them, in the kernel's words. */
export const TCP_STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
] as const;
export type TcpState = (typeof TCP_STATES)[number];

const SHORT: Readonly<Record<string, TcpState | 'invalid' | 'ignore'>> = {
  NO: 'NONE',
  SS: 'SYN_SENT',
  SR: 'SYN_RECV',
  ES: 'ESTABLISHED',
  FW: 'FIN_WAIT',
  CW: 'CLOSE_WAIT',
  LA: 'LAST_ACK',
  TW: 'TIME_WAIT',
  CL: 'CLOSE',
  S2: 'SYN_SENT2',
  IV: 'invalid',
  IG: 'ignore',
};

type Segment = 'syn' | 'synack' | 'fin' | 'ack' | 'rst' | 'none';

type Next = TcpState | 'invalid' | 'ignore';

const row = (words: string): ReadonlyMap<TcpState, Next> =>
  new Map(words.split(' ').map((word, i) => [TCP_STATES[i] as TcpState, SHORT[word] as Next]));

/** tcp_conntracks[][] of nf_conntrack_proto_tcp.c: columns are the states above. */
const TABLE: Readonly<Record<Direction, Readonly<Record<Segment, ReadonlyMap<TcpState, Next>>>>> = {
  original: {
    syn: row('SS SS IG IG IG IG IG SS SS S2'),
    synack: row('IV IV SR IV IV IV IV IV IV SR'),
    fin: row('IV IV FW FW LA LA LA TW CL IV'),
    ack: row('ES IV ES ES CW CW TW TW CL IV'),
    rst: row('IV CL CL CL CL CL CL CL CL CL'),
    none: row('IV IV IV IV IV IV IV IV IV IV'),
  },
  reply: {
    syn: row('IV S2 IV IV IV IV IV SS IV S2'),
    synack: row('IV SR IG IG IG IG IG IG IG SR'),
    fin: row('IV IV FW FW LA LA LA TW CL IV'),
    ack: row('IV IG SR ES CW CW TW TW CL IG'),
    rst: row('IV CL CL CL CL CL CL CL CL CL'),
    none: row('IV IV IV IV IV IV IV IV IV IV'),
  },
};

function segmentOf(flags: number): Segment {
  if (flags & 4) return 'rst';
  if (flags & 2) return flags & 16 ? 'synack' : 'syn';
  if (flags & 1) return 'fin';
  return flags & 16 ? 'ack' : 'none';
}

const next = (direction: Direction, flags: number, state: TcpState): Next =>
  TABLE[direction][segmentOf(flags)].get(state) as Next;

/** The state after the first segment; undefined: none may begin so (nf_conntrack_tcp_loose lets an ACK). */
export function firstState(flags: number): TcpState | undefined {
  const state = next('original', flags, 'NONE');
  return state === 'invalid' || state === 'ignore' || state === 'CLOSE' ? undefined : state;
}

/**
 * What a segment makes of a connection (nf_conntrack_tcp_packet; without the window checks).
 * 'reopen': it begins a new one in the old one's place. 'refused': the answer to the first SYN was RST.
 */
export function tcpPacket(entry: Entry, direction: Direction, flags: number): 'ok' | 'invalid' | 'reopen' | 'refused' {
  const old = entry.tcp ?? 'NONE';
  const state = next(direction, flags, old);
  if (state === 'invalid') return 'invalid';
  if (state === 'ignore') return 'ok';
  if (state === 'SYN_SENT' && (old === 'TIME_WAIT' || old === 'CLOSE')) return 'reopen';
  entry.tcp = state;
  if (!entry.seenReply && direction === 'reply' && segmentOf(flags) === 'rst') return 'refused';
  if (entry.seenReply && (old === 'SYN_RECV' || old === 'ESTABLISHED') && state === 'ESTABLISHED') entry.assured = true;
  return 'ok';
}

/** The name of the sysctl that holds how long a state lasts. */
export const tcpTimeout = (state: TcpState): string =>
  `nf_conntrack_tcp_timeout_${state === 'NONE' || state === 'SYN_SENT2' ? 'syn_sent' : state.toLowerCase()}`;
