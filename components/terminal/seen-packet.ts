import type { Session } from '@/lib/sim/session';
import type { SeenPacket } from './protocol';

type TraceEvent = Parameters<Parameters<Session['world']['trace']['subscribe']>[0]>[0];

/** What a picture needs of a trace event: packets at devices; of everything else nothing. */
export function seenPacket(event: TraceEvent): SeenPacket | undefined {
  if (event.type !== 'tx' && event.type !== 'rx') return undefined;
  const { payload, id } = event.packet;
  const inner = payload.kind === 'ipv4' || payload.kind === 'ipv6' ? payload.payload.kind : payload.kind;
  return {
    at: event.at,
    id,
    netns: event.netns,
    dev: event.dev,
    way: event.type,
    protocol: PROTOCOLS[inner] ?? 'other',
  };
}

const PROTOCOLS: Partial<Record<string, SeenPacket['protocol']>> = {
  arp: 'arp',
  icmp: 'icmp',
  icmp6: 'icmp6',
  udp: 'udp',
  tcp: 'tcp',
};
