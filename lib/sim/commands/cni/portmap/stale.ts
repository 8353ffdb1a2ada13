import type { NetNs } from '../../../kernel/index.ts';
import { conntrackOf } from '../../../kernel/netfilter/index.ts';
import type { PortMapping } from './config.ts';

const UDP = 17;

/** A connection of UDP that is known from before the rules would go on past them: those to a mapped port are forgotten. */
export function forgetUdp(host: NetNs, family: 4 | 6, mappings: readonly PortMapping[]): void {
  const ports = new Set(mappings.filter(({ protocol }) => protocol.toLowerCase() === 'udp').map((one) => one.hostPort));
  if (ports.size === 0) return;
  const table = conntrackOf(host);
  for (const entry of table.entries()) {
    const { protocol, src, dport } = entry.original;
    if (protocol === UDP && src.family === family && ports.has(dport)) table.delete(entry);
  }
}
