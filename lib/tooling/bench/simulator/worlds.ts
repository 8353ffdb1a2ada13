import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SECOND } from '../../../sim/base/index.ts';
import { loadCommands, Session, Standby } from '../../../sim/session/index.ts';
import type { Figure } from '../figure.ts';
import { median } from './world.ts';

const ROUNDS = 20;
const WORLD = { world: 'host', seed: 1, columns: 80, rows: 24 };
const SILENT = { output: () => undefined, tell: () => undefined };

/** What a learner of namespaces has typed after a while. */
const COMMANDS = [
  'ip netns add red; ip netns add blue',
  'ip link add br0 type bridge; ip addr add 10.0.0.1/24 dev br0; ip link set br0 up',
  'for n in red blue; do ip link add $n type veth peer name eth0 netns $n; ip link set $n master br0 up; done',
  'ip -n red addr add 10.0.0.2/24 dev eth0; ip -n blue addr add 10.0.0.3/24 dev eth0',
  'for n in red blue; do ip -n $n link set eth0 up; ip -n $n link set lo up; done',
  'ip netns exec red ping -c 3 10.0.0.3',
  'iptables -A FORWARD -i br0 -j ACCEPT; iptables -t nat -A POSTROUTING -s 10.0.0.0/24 -j MASQUERADE',
  'ip netns exec red ping -c 3 10.0.0.1',
  'ip neigh; bridge fdb show br br0; iptables-save -c; conntrack -L',
];

/** A world is ready when its first prompt may be typed at. */
export async function worlds(): Promise<Figure[]> {
  await loadCommands();
  const ready: number[] = [];
  const undo: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    const session = Session.open({ ...WORLD, ...SILENT });
    session.advance(session.now, 10_000);
    ready.push(performance.now() - start);
  }
  for (let i = 0; i < ROUNDS; i++) undo.push(undoing());
  return [
    { name: 'simulator: a world of one machine is ready in', value: median(ready), unit: 'ms', limit: { atMost: 5 } },
    { name: 'simulator: undo of a command', value: median(undo), unit: 'ms', limit: { atMost: 10 } },
    { name: 'simulator: memory of a world', value: memory(), unit: 'MB', limit: { atMost: 10 } },
  ];
}

function typed(standby: Standby | undefined): Session {
  const session = Session.open({
    ...WORLD,
    output: () => undefined,
    tell: (event) => void (event.kind === 'entry' && standby?.follow(event.entry)),
  });
  for (const command of COMMANDS) {
    session.run(0, command);
    const end = session.now + 5 * SECOND;
    while (session.advance(end, 100_000).now < end);
  }
  return session;
}

function undoing(): number {
  const standby = new Standby(WORLD);
  typed(standby);
  while (!standby.advance(10_000));
  const start = performance.now();
  if (standby.undo(SILENT) === undefined) throw new Error('there was nothing to undo');
  return performance.now() - start;
}

function memory(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const kept: Session[] = [];
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < ROUNDS; i++) kept.push(typed(undefined));
  collect();
  return (process.memoryUsage().heapUsed - before) / kept.length / 1_000_000;
}
