import type { TcpState } from '../../kernel/inet/index.ts';

/** The states that ss tells apart, in the order of their numbers, as it prints them and as filters name them. */
const STATES: readonly (readonly [state: TcpState, printed: string, name: string])[] = [
  ['ESTABLISHED', 'ESTAB', 'established'],
  ['SYN_SENT', 'SYN-SENT', 'syn-sent'],
  ['SYN_RECV', 'SYN-RECV', 'syn-recv'],
  ['FIN_WAIT1', 'FIN-WAIT-1', 'fin-wait-1'],
  ['FIN_WAIT2', 'FIN-WAIT-2', 'fin-wait-2'],
  ['TIME_WAIT', 'TIME-WAIT', 'time-wait'],
  ['CLOSE', 'UNCONN', 'unconnected'],
  ['CLOSE_WAIT', 'CLOSE-WAIT', 'close-wait'],
  ['LAST_ACK', 'LAST-ACK', 'last-ack'],
  ['LISTEN', 'LISTEN', 'listening'],
  ['CLOSING', 'CLOSING', 'closing'],
];

export type StateSet = ReadonlySet<TcpState>;

export const ALL: StateSet = new Set(STATES.map(([state]) => state));

export const without = (set: StateSet, ...states: TcpState[]): StateSet =>
  new Set([...set].filter((state) => !states.includes(state)));

/** What is shown when nothing is asked: what has a peer and is alive. */
export const CONNECTED = without(ALL, 'LISTEN', 'CLOSE', 'TIME_WAIT', 'SYN_RECV');

export const LISTENING: StateSet = new Set(['LISTEN', 'CLOSE']);

const GROUPS: Readonly<Record<string, StateSet>> = {
  all: ALL,
  connected: without(ALL, 'CLOSE', 'LISTEN'),
  synchronized: without(ALL, 'CLOSE', 'LISTEN', 'SYN_SENT'),
  bucket: new Set(['SYN_RECV', 'TIME_WAIT']),
  big: without(ALL, 'SYN_RECV', 'TIME_WAIT'),
  close: new Set(['CLOSE']),
  closed: new Set(['CLOSE']),
  'syn-rcv': new Set(['SYN_RECV']),
};

/** The states that a filter's word means; undefined: it is no word. */
export function parseState(word: string): StateSet | undefined {
  const name = word.toLowerCase();
  if (Object.hasOwn(GROUPS, name)) return GROUPS[name];
  const found = STATES.find(([, , known]) => known === name);
  return found === undefined ? undefined : new Set([found[0]]);
}

export const printedState = (state: TcpState): string => STATES.find(([known]) => known === state)?.[1] ?? 'UNKNOWN';
