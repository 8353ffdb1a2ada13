import { describe, expect, it } from 'vitest';
import { Lab, must } from '../../testing/index.ts';
import { type NetNs, newLink, setLink } from '../index.ts';
import { stpModule } from './index.ts';

const SECOND = 1000;

/** Bridges `br1`… in a namespace each, STP on with delays of 2 s, priorities in order; pairs of them are cabled. */
function bridges(count: number, cables: readonly (readonly [number, number])[]): { lab: Lab; spaces: NetNs[] } {
  const lab = new Lab();
  lab.kernel.load(stpModule);
  const spaces = Array.from({ length: count }, (_, i) => {
    const ns = lab.netns();
    must(
      newLink(ns, { kind: 'bridge', name: 'br', bridge: { stpState: 1, forwardDelay: 200, priority: 4096 * (i + 1) } }),
    );
    lab.up(ns, 'br');
    lab.addr(ns, 'br', `10.0.0.${i + 1}/24`);
    return ns;
  });
  cables.forEach(([a, b], i) => {
    const [left, right] = [spaces[a - 1] as NetNs, spaces[b - 1] as NetNs];
    must(newLink(left, { kind: 'veth', name: `c${i}`, peer: { name: `d${i}`, netns: right } }));
    for (const [ns, name] of [
      [left, `c${i}`],
      [right, `d${i}`],
    ] as const) {
      must(setLink(ns, lab.link(ns, name).ifindex, { master: lab.link(ns, 'br').ifindex, up: true }));
    }
  });
  return { lab, spaces };
}

const states = (lab: Lab, spaces: readonly NetNs[], ...ports: readonly (readonly [number, string])[]): string[] =>
  ports.map(([n, name]) => lab.link(spaces[n - 1] as NetNs, name).bridgePort?.state ?? 'none');

describe('the spanning tree protocol', () => {
  it('opens a triangle: the far ends of the longest way block', () => {
    const { lab, spaces } = bridges(3, [
      [1, 2],
      [2, 3],
      [1, 3],
    ]);
    lab.run(10 * SECOND);
    expect(states(lab, spaces, [1, 'c0'], [2, 'd0'], [1, 'c2'], [3, 'd2'])).toEqual(Array(4).fill('forwarding'));
    expect(states(lab, spaces, [2, 'c1'], [3, 'd1'])).toEqual(['forwarding', 'blocking']);
    const facts = lab.link(spaces[2] as NetNs, 'br').bridge;
    expect(facts).toMatchObject({ rootPathCost: 2, rootPort: 2, designatedRoot: { priority: 4096 } });
    expect(lab.ping(spaces[2] as NetNs, '10.0.0.2').replies).toHaveLength(1);
    expect(lab.kernel.backlog.length).toBe(0);
  });

  it('takes the blocked way when the other breaks', () => {
    const { lab, spaces } = bridges(3, [
      [1, 2],
      [2, 3],
      [1, 3],
    ]);
    lab.run(10 * SECOND);
    lab.down(spaces[0] as NetNs, 'c2');
    lab.run(30 * SECOND);
    expect(states(lab, spaces, [3, 'd1'])).toEqual(['forwarding']);
    expect(lab.ping(spaces[2] as NetNs, '10.0.0.1').replies).toHaveLength(1);
  });

  it('blocks a cable that leads back into the same bridge', () => {
    const { lab, spaces } = bridges(1, [[1, 1]]);
    lab.run(10 * SECOND);
    expect(states(lab, spaces, [1, 'c0'], [1, 'd0']).sort()).toEqual(['blocking', 'forwarding']);
  });

  it('says hello every two seconds, and takes ports through listening and learning', () => {
    const { lab, spaces } = bridges(2, [[1, 2]]);
    const [first] = spaces as [NetNs];
    expect(states(lab, spaces, [1, 'c0'])[0]).toMatch(/listening|disabled/);
    lab.run(2.5 * SECOND);
    expect(states(lab, spaces, [1, 'c0'])).toEqual(['learning']);
    lab.run(5 * SECOND);
    const seen = lab.capture(first, 'c0');
    lab.run(10 * SECOND);
    const hellos = seen.filter(({ direction, frame }) => direction === 'out' && frame.payload.kind === 'unknown');
    expect(hellos).toHaveLength(5);
    expect(hellos[0]?.bytes.length).toBe(52);
  });

  it('gives the crown to a better priority', () => {
    const { lab, spaces } = bridges(2, [[1, 2]]);
    const second = spaces[1] as NetNs;
    lab.run(8 * SECOND);
    must(setLink(second, lab.link(second, 'br').ifindex, { bridge: { priority: 0 } }));
    lab.run(8 * SECOND);
    for (const ns of spaces) expect(lab.link(ns, 'br').bridge?.designatedRoot.priority).toBe(0);
  });
});
