import { describe, expect, it } from 'vitest';
import { ip, Lab } from '../../testing/index.ts';
import { must } from '../../testing/result.ts';
import { dumpFdb, type NetNs, newFdb, newLink, setLink } from '../index.ts';
import { vxlanModule } from './index.ts';

/** Machines on one underlay 10.0.0.0/24, each with a VXLAN of the segment 7 in which they are 10.1.0.N. */
function overlay(count: number, remote: (n: number) => string | undefined): { lab: Lab; nodes: NetNs[] } {
  const lab = new Lab();
  lab.kernel.load(vxlanModule);
  lab.bridge(lab.host, 'br0');
  const nodes = Array.from({ length: count }, (_, i) => {
    const n = i + 1;
    const ns = lab.netns();
    for (const which of ['all', 'default']) lab.sysctl(ns, `net/ipv6/conf/${which}/disable_ipv6`, 1);
    lab.veth(lab.host, `p${n}`, ns, 'eth0', { b: `10.0.0.${n}/24` });
    lab.master(lab.host, `p${n}`, 'br0');
    const to = remote(n);
    const link = lab.link(ns, 'eth0').ifindex;
    const data = {
      kind: 'vxlan',
      id: 7,
      dstPort: 4789,
      link,
      ...(to === undefined ? {} : { remote: ip(to) }),
    } as const;
    must(newLink(ns, { kind: 'vxlan', name: 'vx', data }));
    lab.addr(ns, 'vx', `10.1.0.${n}/24`);
    lab.up(ns, 'vx');
    return ns;
  });
  return { lab, nodes };
}

const learnt = (ns: NetNs): string[] =>
  dumpFdb(ns)
    .filter((e) => e.tunnel !== undefined && e.state === '')
    .map((e) => String(e.tunnel?.dst));

describe('a VXLAN', () => {
  it('finds its peers by multicast, and sends unicast to those it learnt', () => {
    const { lab, nodes } = overlay(3, () => '239.1.1.1');
    const [first, second, third] = nodes as [NetNs, NetNs, NetNs];
    const idle = lab.capture(third, 'eth0');
    expect(lab.ping(first, '10.1.0.2').replies).toHaveLength(1);
    expect(learnt(first)).toEqual(['10.0.0.2']);
    expect(learnt(second)).toEqual(['10.0.0.1']);
    const before = idle.length;
    expect(lab.ping(first, '10.1.0.2').replies).toHaveLength(1);
    expect(idle.slice(before).filter(({ frame }) => frame.payload.kind === 'ipv4')).toHaveLength(0);
  });

  it('forgets after its age', () => {
    const { lab, nodes } = overlay(2, (n) => `10.0.0.${3 - n}`);
    lab.ping(nodes[0] as NetNs, '10.1.0.2');
    expect(learnt(nodes[0] as NetNs)).toHaveLength(1);
    lab.run(310_000);
    expect(learnt(nodes[0] as NetNs)).toHaveLength(0);
  });

  it('keeps the port of a flow, in both directions, and gives flows others', () => {
    const { lab, nodes } = overlay(2, (n) => `10.0.0.${3 - n}`);
    const [first, second] = nodes as [NetNs, NetNs];
    lab.addr(second, 'vx', '10.1.0.22/24');
    const seen = lab.capture(first, 'eth0');
    for (const to of ['10.1.0.2', '10.1.0.22']) lab.ping(first, to, { count: 2 });
    const ports = seen.flatMap(({ frame: { payload } }) =>
      payload.kind === 'ipv4' && payload.payload.kind === 'udp' && payload.payload.data.length > 60
        ? [payload.payload.srcPort]
        : [],
    );
    expect(ports).toHaveLength(8);
    expect(new Set(ports).size).toBe(2);
    for (const port of ports) expect(port).toBeGreaterThanOrEqual(32768);
  });

  it('ends a loop of tunnels that carry one another', () => {
    const lab = new Lab();
    lab.kernel.load(vxlanModule);
    const ns = lab.host;
    for (const [name, id, to, address] of [
      ['a', 1, '10.2.0.9', '10.1.0.1/24'],
      ['b', 2, '10.1.0.9', '10.2.0.1/24'],
    ] as const) {
      must(newLink(ns, { kind: 'vxlan', name, data: { kind: 'vxlan', id, dstPort: 4789, remote: ip(to) } }));
      lab.addr(ns, name, address);
      lab.up(ns, name);
      must(setLink(ns, lab.link(ns, name).ifindex, { arp: false }));
    }
    const drops = lab.recordDrops();
    lab.ping(ns, '10.1.0.5', { wait: 100 });
    expect(drops.some((drop) => drop.endsWith('RECURSION_LIMIT'))).toBe(true);
  });

  it('between two bridges twice makes a storm that is bounded and ends with the loop', () => {
    const { lab, nodes } = overlay(2, (n) => `10.0.0.${3 - n}`);
    for (const [i, ns] of nodes.entries()) {
      const link = lab.link(ns, 'eth0').ifindex;
      const data = { kind: 'vxlan', id: 8, dstPort: 4789, link, remote: ip(`10.0.0.${2 - i}`) } as const;
      must(newLink(ns, { kind: 'vxlan', name: 'vy', data }));
      lab.bridge(ns, 'br1');
      for (const name of ['vx', 'vy']) {
        lab.up(ns, name);
        lab.master(ns, name, 'br1');
      }
      lab.addr(ns, 'br1', `10.3.0.${i + 1}/24`);
    }
    lab.ping(nodes[0] as NetNs, '10.3.0.99', { wait: 200 });
    expect(lab.kernel.backlog.length).toBeLessThanOrEqual(1000);
    for (const ns of nodes) lab.down(ns, 'vy');
    lab.run(500);
    expect(lab.kernel.backlog.length).toBe(0);
    expect(lab.ping(nodes[0] as NetNs, '10.3.0.2').replies).toHaveLength(1);
  });

  it('obeys a fixed entry, and drops what contradicts it', () => {
    const { lab, nodes } = overlay(2, (n) => `10.0.0.${3 - n}`);
    const [first, second] = nodes as [NetNs, NetNs];
    const { ifindex } = lab.link(first, 'vx');
    const far = lab.link(second, 'vx').mac;
    const entry = { ifindex, mac: far, on: 'self', state: 'permanent', tunnel: { dst: ip('10.0.0.66') } } as const;
    must(newFdb(first, entry, { create: true, excl: true }));
    expect(lab.ping(first, '10.1.0.2').replies).toHaveLength(0);
  });
});
