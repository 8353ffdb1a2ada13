import { describe, expect, it } from 'vitest';
import { formatMac } from '../../base/index.ts';
import { arp, ethernet, Lab, mac, must, refusal } from '../../testing/index.ts';
import { delFdb, dumpFdb, IFF, type NetNs, newFdb, newLink, setLink } from '../index.ts';

/** A bridge `br0` on the host with `count` namespaces, 10.0.0.N on their eth0, behind ports portN. */
function bridged(count: number): { lab: Lab; pods: NetNs[] } {
  const lab = new Lab();
  lab.bridge(lab.host, 'br0');
  const pods = Array.from({ length: count }, (_, i) => {
    const ns = lab.netns();
    lab.veth(lab.host, `port${i + 1}`, ns, 'eth0', { b: `10.0.0.${i + 1}/24` });
    lab.master(lab.host, `port${i + 1}`, 'br0');
    return ns;
  });
  lab.run(3000);
  return { lab, pods };
}

const learnt = (lab: Lab): string[] =>
  dumpFdb(lab.host)
    .filter((e) => e.state === '')
    .map((e) => `${formatMac(e.mac)} ${e.ifindex}`);

describe('a bridge', () => {
  it('floods what it does not know and forwards what it has learnt', () => {
    const { lab, pods } = bridged(3);
    const [one, two, three] = pods as [NetNs, NetNs, NetNs];
    const atTwo = lab.capture(two, 'eth0');
    const atThree = lab.capture(three, 'eth0');
    expect(lab.ping(one, '10.0.0.2', { wait: 100 }).replies).toHaveLength(1);
    expect(atTwo.map((c) => c.frame.payload.kind)).toEqual(['arp', 'arp', 'ipv4', 'ipv4']);
    expect(
      atThree.map((c) => ethernet({ dst: 'ff:ff:ff:ff:ff:ff' }, arp({ op: 'request', target: '10.0.0.2' }))(c.frame)),
    ).toEqual([undefined]);
    const macs = [one, two].map((ns) => formatMac(lab.link(ns, 'eth0').mac));
    for (const text of macs) expect(learnt(lab).some((entry) => entry.startsWith(text))).toBe(true);
  });

  it('is a member of its own network when it has an address', () => {
    const { lab, pods } = bridged(2);
    lab.addr(lab.host, 'br0', '10.0.0.254/24');
    expect(lab.ping(pods[0] as NetNs, '10.0.0.254').replies).toHaveLength(1);
    expect(lab.ping(lab.host, '10.0.0.2').replies).toHaveLength(1);
  });

  it('forgets what it learnt after ageing_time, and at once when the port goes down', () => {
    const { lab, pods } = bridged(2);
    must(setLink(lab.host, lab.link(lab.host, 'br0').ifindex, { bridge: { ageingTime: 1000 } }));
    // Router solicitations would keep the entries young.
    for (const ns of pods) lab.sysctl(ns, 'net/ipv6/conf/all/disable_ipv6', 1);
    lab.ping(pods[0] as NetNs, '10.0.0.2');
    expect(learnt(lab)).toHaveLength(2);
    lab.run(60_000);
    expect(learnt(lab)).toHaveLength(0);
    lab.ping(pods[0] as NetNs, '10.0.0.2');
    lab.down(lab.host, 'port1');
    expect(learnt(lab).every((entry) => entry.endsWith(String(lab.link(lab.host, 'port2').ifindex)))).toBe(true);
  });

  it('takes the lowest MAC address of its ports, unless one was chosen', () => {
    const lab = new Lab();
    must(newLink(lab.host, { kind: 'bridge', name: 'br0' }));
    must(newLink(lab.host, { kind: 'bridge', name: 'br1', mac: mac('02:00:00:00:00:fe') }));
    for (const [name, address] of [
      ['p1', '02:00:00:00:00:22'],
      ['p2', '02:00:00:00:00:11'],
    ] as const) {
      must(newLink(lab.host, { kind: 'veth', name, mac: mac(address), peer: { name: `${name}x` } }));
      lab.master(lab.host, name, 'br0');
    }
    expect(formatMac(lab.link(lab.host, 'br0').mac)).toBe('02:00:00:00:00:11');
    must(setLink(lab.host, lab.link(lab.host, 'p2').ifindex, { master: lab.link(lab.host, 'br1').ifindex }));
    expect(formatMac(lab.link(lab.host, 'br0').mac)).toBe('02:00:00:00:00:22');
    expect(formatMac(lab.link(lab.host, 'br1').mac)).toBe('02:00:00:00:00:fe');
    const own = dumpFdb(lab.host)
      .filter((e) => e.state === 'permanent' && !e.self)
      .map((e) => `${formatMac(e.mac)} ${e.ifindex}`);
    expect(own.sort()).toEqual([
      `02:00:00:00:00:11 ${lab.link(lab.host, 'p2').ifindex}`,
      `02:00:00:00:00:22 ${lab.link(lab.host, 'p1').ifindex}`,
      `02:00:00:00:00:fe ${lab.link(lab.host, 'br1').ifindex}`,
    ]);
  });

  it('has carrier when a port has; without ports it is UNKNOWN and carries', () => {
    const lab = new Lab();
    lab.bridge(lab.host, 'br0');
    lab.run(10);
    expect(lab.link(lab.host, 'br0')).toMatchObject({ operstate: 'UNKNOWN', carrier: true });
    must(newLink(lab.host, { kind: 'veth', name: 'p', peer: { name: 'q' } }));
    lab.master(lab.host, 'p', 'br0');
    lab.run(1100);
    expect(lab.link(lab.host, 'br0')).toMatchObject({ operstate: 'DOWN', carrier: false });
    lab.up(lab.host, 'p', 'q');
    lab.run(10);
    expect(lab.link(lab.host, 'br0')).toMatchObject({ operstate: 'UP', carrier: true });
    expect(lab.link(lab.host, 'p').bridgePort).toMatchObject({
      state: 'forwarding',
      cost: 2,
      priority: 32,
      portId: 0x8001,
    });
    expect(lab.link(lab.host, 'p')).toMatchObject({ promiscuity: 1, allmulti: 1 });
  });

  it('keeps port flags: no learning, no flooding, isolation, hairpin', () => {
    const { lab, pods } = bridged(3);
    const index = (name: string): number => lab.link(lab.host, name).ifindex;
    must(setLink(lab.host, index('port1'), { bridgePort: { learning: false, fdbFlush: true } }));
    lab.ping(pods[0] as NetNs, '10.0.0.2');
    expect(learnt(lab).some((entry) => entry.endsWith(` ${index('port1')}`))).toBe(false);
    for (const port of ['port1', 'port2']) must(setLink(lab.host, index(port), { bridgePort: { isolated: true } }));
    expect(lab.ping(pods[0] as NetNs, '10.0.0.2').replies).toHaveLength(0);
    expect(lab.ping(pods[0] as NetNs, '10.0.0.3').replies).toHaveLength(1);
  });

  it('shrinks its MTU to that of its smallest port, and drops what does not fit the other', () => {
    const { lab } = bridged(2);
    must(setLink(lab.host, lab.link(lab.host, 'port2').ifindex, { mtu: 1400 }));
    expect(lab.link(lab.host, 'br0').mtu).toBe(1400);
  });

  it('survives a loop of cables: the storm is bounded, and ends with the loop', () => {
    const { lab, pods } = bridged(2);
    for (const n of [1, 2]) {
      must(newLink(lab.host, { kind: 'veth', name: `loop${n}`, peer: { name: `pool${n}` } }));
      lab.up(lab.host, `loop${n}`, `pool${n}`);
      lab.run(1);
      lab.master(lab.host, `loop${n}`, 'br0');
      lab.master(lab.host, `pool${n}`, 'br0');
    }
    lab.ping(pods[0] as NetNs, '10.0.0.99', { wait: 200 });
    expect(lab.kernel.backlog.length).toBeGreaterThan(500);
    expect(lab.kernel.backlog.length).toBeLessThanOrEqual(1000);
    for (const n of [1, 2]) lab.down(lab.host, `loop${n}`);
    lab.run(200);
    expect(lab.kernel.backlog.length).toBe(0);
    expect(lab.ping(pods[0] as NetNs, '10.0.0.2').replies).toHaveLength(1);
  });
});

describe('the forwarding database by hand', () => {
  it('takes static entries once, and gives them back', () => {
    const { lab } = bridged(1);
    const ifindex = lab.link(lab.host, 'port1').ifindex;
    const entry = { ifindex, mac: mac('02:de:ad:be:ef:01'), on: 'master', state: 'static' } as const;
    const add = { create: true, excl: true };
    must(newFdb(lab.host, entry, add));
    expect(refusal(newFdb(lab.host, entry, add))).toBe('EEXIST');
    expect(dumpFdb(lab.host).find((e) => e.mac === entry.mac)).toMatchObject({ state: 'static', ifindex });
    must(delFdb(lab.host, entry));
    expect(refusal(delFdb(lab.host, entry))).toBe('ENOENT');
    expect(refusal(newFdb(lab.host, { ...entry, ifindex: 1 }, add))).toBe('EOPNOTSUPP');
  });

  it('lists the groups that devices listen to', () => {
    const { lab } = bridged(1);
    const of = (name: string): string[] =>
      dumpFdb(lab.host)
        .filter((e) => e.self && e.ifindex === lab.link(lab.host, name).ifindex)
        .map((e) => formatMac(e.mac));
    expect(of('br0')).toEqual(
      expect.arrayContaining(['33:33:00:00:00:01', '01:00:5e:00:00:01', '01:00:5e:00:00:6a', '33:33:00:00:00:6a']),
    );
    expect(of('port1')[0]).toBe('33:33:00:00:00:01');
    expect(lab.link(lab.host, 'port1').flags & IFF.PROMISC).toBe(0);
  });
});
