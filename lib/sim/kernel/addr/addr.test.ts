import { describe, expect, it } from 'vitest';
import { ip, Lab, must, refusal } from '../../testing/index.ts';
import { delAddr, dumpAddrs, dumpRoutes, type NetNs, newAddr, newLink, setLink } from '../index.ts';

const ADD = { create: true, excl: true };

/** A host with eth0, cabled to nowhere in particular. */
function host(up: boolean): { lab: Lab; ns: NetNs; eth0: number } {
  const lab = new Lab();
  must(newLink(lab.host, { kind: 'veth', name: 'eth0', peer: { name: 'peer0' } }));
  if (up) lab.up(lab.host, 'eth0', 'peer0');
  lab.run(1);
  return { lab, ns: lab.host, eth0: lab.link(lab.host, 'eth0').ifindex };
}

const shown = (ns: NetNs, eth0: number): string[] =>
  dumpAddrs(ns, { family: 4, ifindex: eth0 }).map(
    (a) => `${a.local}/${a.prefix}${a.flags.secondary ? ' secondary' : ''} ${a.label}`,
  );
const routes = (ns: NetNs, table: number): string[] =>
  dumpRoutes(ns, { family: 4, table })
    .filter((r) => !String(r.dst).startsWith('127.'))
    .map((r) => `${r.type} ${r.dst} src ${r.prefsrc}`);

describe('IPv4 addresses', () => {
  it('stand behind the primaries, secondaries of a subnet at the end', () => {
    const { ns, eth0 } = host(false);
    for (const [address, prefix] of [
      ['10.20.30.40', 24],
      ['10.20.30.41', 24],
      ['10.20.30.50', 32],
    ] as const)
      must(newAddr(ns, { ifindex: eth0, local: ip(address), prefix }, ADD));
    expect(shown(ns, eth0)).toEqual(['10.20.30.40/24 eth0', '10.20.30.50/32 eth0', '10.20.30.41/24 secondary eth0']);
    must(delAddr(ns, { ifindex: eth0, local: ip('10.20.30.40'), prefix: 24 }));
    expect(shown(ns, eth0)).toEqual(['10.20.30.50/32 eth0']);
  });

  it('promote a secondary when told to', () => {
    const { lab, ns, eth0 } = host(true);
    lab.sysctl(ns, 'net/ipv4/conf/eth0/promote_secondaries', 1);
    for (const last of [1, 2, 3]) must(newAddr(ns, { ifindex: eth0, local: ip(`10.1.0.${last}`), prefix: 24 }, ADD));
    must(delAddr(ns, { ifindex: eth0, local: ip('10.1.0.1'), prefix: 24 }));
    expect(shown(ns, eth0)).toEqual(['10.1.0.2/24 eth0', '10.1.0.3/24 secondary eth0']);
    expect(routes(ns, 254)).toEqual(['unicast 10.1.0.0/24 src 10.1.0.2']);
  });

  it('bring their routes with them while the device is up', () => {
    const { lab, ns, eth0 } = host(false);
    must(newAddr(ns, { ifindex: eth0, local: ip('10.3.3.1'), prefix: 24 }, ADD));
    expect(routes(ns, 254)).toEqual([]);
    expect(routes(ns, 255)).toEqual(['local 10.3.3.1/32 src 10.3.3.1']);
    lab.up(ns, 'eth0');
    expect(routes(ns, 254)).toEqual(['unicast 10.3.3.0/24 src 10.3.3.1']);
    expect(routes(ns, 255)).toEqual(['local 10.3.3.1/32 src 10.3.3.1', 'broadcast 10.3.3.255/32 src 10.3.3.1']);
    expect(dumpRoutes(ns, { family: 4, table: 254 })[0]?.nexthops[0]?.linkdown).toBe(true);
    lab.up(ns, 'peer0');
    expect(dumpRoutes(ns, { family: 4, table: 254 })[0]?.nexthops[0]?.linkdown).toBe(false);
    lab.down(ns, 'eth0');
    expect(routes(ns, 254)).toEqual([]);
    expect(routes(ns, 255)).toEqual(['local 10.3.3.1/32 src 10.3.3.1']);
  });

  it('share a connected route only when they are alike', () => {
    const { ns, eth0 } = host(true);
    must(newAddr(ns, { ifindex: eth0, local: ip('10.20.1.130'), prefix: 25 }, ADD));
    must(newAddr(ns, { ifindex: eth0, local: ip('10.20.1.130'), prefix: 24 }, ADD));
    expect(routes(ns, 254)).toEqual(['unicast 10.20.1.0/24 src 10.20.1.130', 'unicast 10.20.1.128/25 src 10.20.1.130']);
    must(delAddr(ns, { ifindex: eth0, local: ip('10.20.1.130'), prefix: 25 }));
    expect(routes(ns, 254)).toEqual(['unicast 10.20.1.0/24 src 10.20.1.130']);
    expect(routes(ns, 255)).toContain('local 10.20.1.130/32 src 10.20.1.130');
  });

  it('are refused in the words of the kernel', () => {
    const { ns, eth0 } = host(false);
    const one = { ifindex: eth0, local: ip('10.0.0.1'), prefix: 24 };
    must(newAddr(ns, one, ADD));
    expect(refusal(newAddr(ns, one, ADD))).toBe('ipv4: Address already assigned');
    must(newAddr(ns, one, { create: true, replace: true }));
    expect(refusal(newAddr(ns, { ...one, local: ip('10.0.0.2'), scope: 253 }, ADD))).toBe('ipv4: Invalid scope value');
    expect(refusal(delAddr(ns, { ...one, local: ip('10.0.0.9') }))).toBe('ipv4: Address not found');
    expect(refusal(delAddr(ns, { ...one, prefix: 25 }))).toBe('ipv4: Address not found');
    expect(refusal(newAddr(ns, { ...one, ifindex: 99 }, ADD))).toBe('ipv4: Device not found');
  });

  it('end when their lifetime does', () => {
    const { lab, ns, eth0 } = host(false);
    must(newAddr(ns, { ifindex: eth0, local: ip('10.0.0.1'), prefix: 24, validLft: 10, preferredLft: 5 }, ADD));
    lab.run(6000);
    expect(dumpAddrs(ns, { ifindex: eth0 })[0]).toMatchObject({
      validLft: 4,
      flags: { deprecated: true, permanent: false },
    });
    lab.run(5000);
    expect(shown(ns, eth0)).toEqual([]);
  });

  it('keep their labels through a renaming', () => {
    const { ns, eth0 } = host(false);
    must(newAddr(ns, { ifindex: eth0, local: ip('10.0.0.1'), prefix: 24, label: 'eth0:web' }, ADD));
    must(setLink(ns, eth0, { name: 'lan0' }));
    expect(shown(ns, eth0)).toEqual(['10.0.0.1/24 lan0:web']);
  });

  it('go with the device into no other namespace', () => {
    const { lab, ns, eth0 } = host(true);
    const pod = lab.netns();
    must(newAddr(ns, { ifindex: eth0, local: ip('10.0.0.1'), prefix: 24 }, ADD));
    must(setLink(ns, eth0, { netns: pod }));
    expect(dumpAddrs(pod, { family: 4 }).map((a) => String(a.local))).toEqual(['127.0.0.1']);
    expect(lab.link(pod, 'eth0')).toMatchObject({ operstate: 'DOWN', qdisc: 'noop' });
    expect(routes(ns, 254)).toEqual([]);
  });
});

describe('lo', () => {
  it('gets its addresses when it comes up, and stays reachable only while it is', () => {
    const lab = new Lab();
    const ns = lab.kernel.newNetNs();
    expect(dumpAddrs(ns)).toEqual([]);
    lab.up(ns, 'lo');
    expect(dumpAddrs(ns).map((a) => `${a.local}/${a.prefix} ${a.scope}`)).toEqual(['127.0.0.1/8 254', '::1/128 254']);
    expect(lab.ping(ns, '127.0.0.1').replies).toHaveLength(1);
    expect(lab.ping(ns, '127.200.0.9').replies).toHaveLength(1);
    expect(lab.ping(ns, '::1').replies).toHaveLength(1);
    lab.down(ns, 'lo');
    expect(lab.ping(ns, '127.0.0.1').replies).toHaveLength(0);
  });
});
