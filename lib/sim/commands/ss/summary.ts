import type { NetNs } from '../../kernel/index.ts';
import { dumpTcp, dumpUdp } from '../../kernel/inet/index.ts';

/** print_summary(): counts of the sockets of a namespace. */
export function summaryText(ns: NetNs): string {
  const tcp = dumpTcp(ns);
  const udp = dumpUdp(ns);
  const memories = tcp.filter(({ socket, state }) => socket === undefined && state !== 'SYN_RECV');
  const alive = tcp.filter(({ socket }) => socket !== undefined);
  const established = alive.filter(({ state }) => state === 'ESTABLISHED' || state === 'CLOSE_WAIT').length;
  const orphans = alive.filter(({ ino }) => ino === 0).length;
  const row = (name: string, four: number, six: number): string =>
    `${name}\t  ${String(four + six).padEnd(9)} ${String(four).padEnd(9)} ${String(six).padEnd(9)}\n`;
  const by = (list: readonly { readonly family: 4 | 6 }[], family: 4 | 6): number =>
    list.filter((one) => one.family === family).length;
  const raw = ns.rawSockets.length;
  const rows: [string, number, number][] = [
    ['RAW', by(ns.rawSockets, 4), by(ns.rawSockets, 6)],
    ['UDP', by(udp, 4), by(udp, 6)],
    ['TCP', by(alive, 4), by(alive, 6)],
    ['INET', by([...ns.rawSockets, ...udp, ...alive], 4), by([...ns.rawSockets, ...udp, ...alive], 6)],
    ['FRAG', 0, 0],
  ];
  return (
    `Total: ${alive.length + udp.length + raw}\n` +
    `TCP:   ${alive.length + memories.length} (estab ${established}, closed ${memories.length}, orphaned ${orphans}, timewait ${memories.length})\n\n` +
    `Transport Total     IP        IPv6\n${rows.map(([name, four, six]) => row(name, four, six)).join('')}\n`
  );
}
