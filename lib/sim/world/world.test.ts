import { describe, expect, it } from 'vitest';
import { SECOND } from '../base/index.ts';
import { getLink, newLink, openPing, setLink } from '../kernel/index.ts';
import { ip, must } from '../testing/index.ts';
import { openWorld, type World } from './index.ts';

/** Two bridges joined by two cables, and a packet that goes round and round. */
function storm(world: World): void {
  const ns = world.home.kernel.init;
  const index = (name: string): number => getLink(ns, name)?.ifindex ?? 0;
  for (const name of ['br1', 'br2']) must(newLink(ns, { kind: 'bridge', name, up: true }));
  for (const n of [1, 2]) {
    must(newLink(ns, { kind: 'veth', name: `x${n}`, peer: { name: `y${n}` } }));
    must(setLink(ns, index(`x${n}`), { master: index('br1'), up: true }));
    must(setLink(ns, index(`y${n}`), { master: index('br2'), up: true }));
  }
  world.run(SECOND, 10_000);
  openPing(ns, 6, { oif: index('br1') }).sendEcho(ip('ff02::1'), { id: 1, seq: 1, data: new Uint8Array(8) });
}

describe('a world', () => {
  it('has one machine named host, with lo up and nothing else', () => {
    const world = openWorld('host', { seed: 1 });
    expect(world.nodes.map((node) => node.name)).toEqual(['host']);
    expect(getLink(world.home.kernel.init, 'lo')).toMatchObject({ ifindex: 1, operstate: 'UNKNOWN' });
  });

  it('gives up its slice when the budget is spent, and goes on from there', () => {
    const world = openWorld('host', { seed: 1 });
    storm(world);
    const before = world.events.now;
    expect(world.run(before + 3600 * SECOND, 5000)).toBe(5000);
    expect(world.events.now).toBeGreaterThan(before);
    expect(world.events.now).toBeLessThan(before + SECOND);
    expect(world.run(before + 3600 * SECOND, 5000)).toBe(5000);
    expect(world.home.kernel.backlog.length).toBeLessThanOrEqual(1000);
  });

  it('gives the same trace for the same seed, in slices of any size', () => {
    const hash = (slice: number): string => {
      const world = openWorld('host', { seed: 'x' });
      storm(world);
      let left = 20_000;
      while (left > 0) left -= world.run(10 * SECOND, Math.min(slice, left));
      return world.trace.hash();
    };
    expect(hash(7)).toBe(hash(20_000));
  });
});
