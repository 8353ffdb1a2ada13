import { expect, test } from 'vitest';
import { EventQueue, Random } from '../base/index.ts';
import { ip, Lab } from '../testing/index.ts';
import { Trace } from '../trace/index.ts';
import { rawBytes } from '../wire/index.ts';
import { bootKernel, type KernelModule, type NetNs, newLink, readSysctl, writeSysctl } from './index.ts';
import { sendIpv4 } from './ip/output.ts';
import { routeOutput } from './ip/route.ts';
import { KernelGroup } from './module.ts';
import { slot } from './slot.ts';
import { int } from './sysctl/spec.ts';

const PROTOCOL = 253;
const SPECS = { answer: int(42) };

/** A protocol of our own that writes down what came, and hears of devices. */
function sample(more: Partial<KernelModule> = {}) {
  const heard: string[] = [];
  const stateOf = slot((_: NetNs) => ({ received: 0, values: { answer: 42 } }));
  const module: KernelModule = {
    name: 'sample',
    notifier: {
      netnsInit: (ns) => heard.push(`ns ${ns.number}`),
      register: (link) => heard.push(`register ${link.name}`),
      up: (link) => heard.push(`up ${link.name}`),
    },
    ipProtocols: [{ number: PROTOCOL, receive: (ns) => void stateOf(ns).received++ }],
    sysctls: [{ path: 'net/sample', specs: SPECS, values: (ns) => stateOf(ns).values }],
    ...more,
  };
  return { module, heard, stateOf };
}

function send(lab: Lab, ns: NetNs, to: string): void {
  const way = routeOutput(ns, { dst: ip(to) });
  if (!way.ok) throw new Error(way.errno);
  sendIpv4(ns, way.dst, ip(to), PROTOCOL, rawBytes(new Uint8Array(8)), { ttl: 64, tos: 0, df: true });
  lab.run(5);
}

test('a module hears of the namespaces and devices that are there, once', () => {
  const lab = new Lab();
  newLink(lab.host, { kind: 'dummy', name: 'd0' });
  const { module, heard } = sample();
  lab.kernel.load(module);
  expect(heard).toEqual(['ns 1', 'register lo', 'up lo', 'register d0']);
  lab.kernel.load(module);
  lab.kernel.newNetNs();
  expect(heard.slice(4)).toEqual(['ns 2', 'register lo']);
});

test('its protocol takes packets that were refused before, and its state is the namespace’s own', () => {
  const lab = new Lab();
  const drops = lab.recordDrops();
  send(lab, lab.host, '127.0.0.1');
  expect(drops.some((drop) => drop.endsWith('UNHANDLED_PROTO'))).toBe(true);
  const { module, stateOf } = sample();
  lab.kernel.load(module);
  send(lab, lab.host, '127.0.0.1');
  expect(stateOf(lab.host).received).toBe(1);
  expect(stateOf(lab.netns()).received).toBe(0);
});

test('its sysctls and kinds of devices come with it', () => {
  const lab = new Lab();
  expect(newLink(lab.host, { kind: 'sample' })).toMatchObject({ ok: false, error: { errno: 'EOPNOTSUPP' } });
  expect(readSysctl(lab.host, 'net/sample/answer').ok).toBe(false);
  const kind = lab.kernel.linkKind('dummy');
  if (kind === undefined) throw new Error('no kind dummy');
  lab.kernel.load(sample({ linkKinds: [{ ...kind, template: 'sample%d' }] }).module);
  lab.sysctl(lab.host, 'net/sample/answer', 43);
  expect(readSysctl(lab.host, 'net/sample/answer')).toEqual({ ok: true, value: '43' });
  expect(writeSysctl(lab.netns(), 'net/sample/answer', 'x').ok).toBe(false);
  expect(newLink(lab.host, { kind: 'dummy' }).ok).toBe(true);
  expect(lab.link(lab.host, 'sample0').name).toBe('sample0');
});

test('what Linux has built in is on every machine of the world, also on those that come later', () => {
  const events = new EventQueue();
  const trace = new Trace(events);
  const group = new KernelGroup();
  const boot = (name: string) => bootKernel({ name, events, random: new Random(1), trace, group });
  const [first, second] = [boot('first'), boot('second')];
  first.load(sample({ builtIn: true }).module);
  expect([first, second, boot('third')].map((kernel) => kernel.modules().map(({ name }) => name))).toEqual([
    ['sample'],
    ['sample'],
    ['sample'],
  ]);
});
