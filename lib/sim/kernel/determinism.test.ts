import { expect, it } from 'vitest';
import { Lab } from '../testing/index.ts';

/** A bridge, a router, IPv6 coming up, a loss, a fragment: a little of everything that draws on chance and time. */
function story(seed: number, listen: boolean): { hash: string; now: number; events: number } {
  const lab = new Lab(seed);
  if (listen) lab.record();
  const [a, b, c] = [lab.netns(), lab.netns(), lab.netns()];
  lab.bridge(lab.host, 'br0');
  for (const [i, ns] of [a, b].entries()) {
    lab.veth(lab.host, `p${i}`, ns, 'eth0', { b: `10.0.0.${i + 2}/24` });
    lab.master(lab.host, `p${i}`, 'br0');
    lab.route(ns, 'default', { via: '10.0.0.1' });
  }
  lab.addr(lab.host, 'br0', '10.0.0.1/24');
  lab.veth(lab.host, 'out', c, 'eth0', { a: '10.9.0.1/24', b: '10.9.0.2/24' });
  lab.route(c, 'default', { via: '10.9.0.1' });
  lab.sysctl(lab.host, 'net/ipv4/ip_forward', 1);
  lab.ping(a, '10.0.0.3', { count: 2 });
  lab.ping(b, '10.9.0.2', { size: 4000 });
  lab.ping(c, '10.0.0.77', { wait: 4000 });
  lab.run(20_000);
  return { hash: lab.trace.hash(), now: lab.events.now, events: lab.happened.length };
}

it('gives the same trace for the same seed, whoever listens', () => {
  const first = story(7, false);
  expect(story(7, false)).toEqual(first);
  const heard = story(7, true);
  expect(heard.hash).toBe(first.hash);
  expect(heard.events).toBeGreaterThan(300);
});

it('gives another trace for another seed', () => {
  expect(story(8, false).hash).not.toBe(story(7, false).hash);
});
