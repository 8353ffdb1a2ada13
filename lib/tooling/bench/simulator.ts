import { Cidr, EventQueue, Ip, Random } from '../../sim/base/index.ts';
import {
  bootKernel,
  dumpLinks,
  type Kernel,
  type NetNs,
  newAddr,
  newLink,
  newRoute,
  openPing,
  setLink,
  writeSysctl,
} from '../../sim/kernel/index.ts';
import { Trace } from '../../sim/trace/index.ts';

const ROUNDS = 400;
const BURST = 100;

/** How many devices a packet passes per second of one core: echo requests and replies along bridge and routers. */
export async function benchSimulator(): Promise<{ name: string; value: number; unit: string }[]> {
  measure(40);
  const { traversals, seconds, boot } = measure(ROUNDS);
  return [
    { name: 'simulator: device traversals', value: Math.round(traversals / seconds), unit: '/s' },
    { name: 'simulator: a machine boots in', value: boot, unit: 'ms' },
  ];
}

/**
 *   client eth0 ═ p0 ┐
 *                    br0 (host) s1 ═ w0 (router) e0 ═ eth0 server
 *   other  eth0 ═ p1 ┘
 */
function measure(rounds: number): { traversals: number; seconds: number; boot: number } {
  const begin = performance.now();
  const events = new EventQueue();
  const kernel = bootKernel({ events, random: new Random(1), trace: new Trace(events), name: 'host' });
  const boot = performance.now() - begin;
  const { client, all } = build(kernel);
  const socket = openPing(client, 4);
  const server = address('10.3.0.2');
  const data = new Uint8Array(56);
  const advance = (micros: number): void => {
    const end = events.now + micros;
    while (events.runNext(end));
    events.advanceTo(end);
  };
  advance(5_000_000);
  socket.sendEcho(server, { id: 1, seq: 0, data });
  advance(1_000_000);
  while (socket.receive() !== undefined);
  const before = counted(all);
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let seq = 0; seq < BURST; seq++) socket.sendEcho(server, { id: 1, seq, data });
    advance(50_000);
    let answered = 0;
    while (socket.receive() !== undefined) answered++;
    if (answered !== BURST) throw new Error(`${answered} of ${BURST} echo replies came back`);
  }
  const seconds = (performance.now() - start) / 1000;
  return { traversals: counted(all) - before, seconds, boot };
}

function build(kernel: Kernel): { client: NetNs; all: NetNs[] } {
  const host = kernel.init;
  const [client, other, router, server] = [kernel.newNetNs(), kernel.newNetNs(), kernel.newNetNs(), kernel.newNetNs()];
  newLink(host, { kind: 'bridge', name: 'br0', up: true });
  const bridge = indexOf(host, 'br0');
  for (const [i, ns] of [client, other].entries()) {
    newLink(host, { kind: 'veth', name: `p${i}`, master: bridge, up: true, peer: { name: 'eth0', netns: ns } });
    configure(ns, 'eth0', `10.1.0.${i + 2}/24`);
    route(ns, '0.0.0.0/0', '10.1.0.1');
  }
  newLink(host, { kind: 'veth', name: 's1', peer: { name: 'w0', netns: router } });
  newLink(router, { kind: 'veth', name: 'e0', peer: { name: 'eth0', netns: server } });
  configure(host, 'br0', '10.1.0.1/24');
  configure(host, 's1', '10.2.0.1/24');
  configure(router, 'w0', '10.2.0.2/24');
  configure(router, 'e0', '10.3.0.1/24');
  configure(server, 'eth0', '10.3.0.2/24');
  route(host, '10.3.0.0/24', '10.2.0.2');
  route(router, '10.1.0.0/24', '10.2.0.1');
  route(server, '0.0.0.0/0', '10.3.0.1');
  for (const ns of [host, router]) writeSysctl(ns, 'net/ipv4/ip_forward', '1');
  return { client, all: [host, client, other, router, server] };
}

const address = (text: string): Ip => Ip.parse(text) as Ip;
const indexOf = (ns: NetNs, name: string): number => dumpLinks(ns).find((link) => link.name === name)?.ifindex ?? 0;

function configure(ns: NetNs, name: string, text: string): void {
  const { address: local, prefix } = Cidr.parse(text) as Cidr;
  const ifindex = indexOf(ns, name);
  newAddr(ns, { ifindex, local, prefix }, { create: true });
  setLink(ns, ifindex, { up: true });
}

function route(ns: NetNs, to: string, gateway: string): void {
  newRoute(ns, { family: 4, dst: Cidr.parse(to) as Cidr, nexthops: [{ gateway: address(gateway) }] }, { create: true });
}

/** Frames that devices sent or received. */
const counted = (namespaces: readonly NetNs[]): number =>
  namespaces.flatMap(dumpLinks).reduce((sum, { stats }) => sum + stats.rxPackets + stats.txPackets, 0);
