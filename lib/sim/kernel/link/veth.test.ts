import { describe, expect, it } from 'vitest';
import { Lab, mac, must, refusal } from '../../testing/index.ts';
import { delLink, dumpLinks, getLink, IFF, newLink, nsidOf, setLink } from '../index.ts';

const names = (lab: Lab): string[] => dumpLinks(lab.host).map((link) => `${link.ifindex}:${link.name}`);

describe('a veth pair', () => {
  it('gives the peer the lower ifindex', () => {
    const lab = new Lab();
    must(newLink(lab.host, { kind: 'veth', name: 'veth0', peer: { name: 'veth1' } }));
    expect(names(lab)).toEqual(['1:lo', '2:veth1', '3:veth0']);
    expect(lab.link(lab.host, 'veth0')).toMatchObject({
      link: 2,
      linkNetnsId: undefined,
      qdisc: 'noop',
      operstate: 'DOWN',
      minMtu: 68,
      maxMtu: 65535,
      numTxQueues: 2,
    });
  });

  it('names both ends after the kind when nobody does, and numbers templates', () => {
    const lab = new Lab();
    must(newLink(lab.host, { kind: 'veth' }));
    must(newLink(lab.host, { kind: 'veth', name: 'a%d', peer: { name: 'b%d' } }));
    expect(names(lab)).toEqual(['1:lo', '2:veth0', '3:veth1', '4:b0', '5:a0']);
  });

  it('has no carrier until both ends are up, and LOWER_UP follows at once', () => {
    const lab = new Lab();
    must(newLink(lab.host, { kind: 'veth', name: 'a', peer: { name: 'b' } }));
    lab.run(200);
    lab.up(lab.host, 'a');
    lab.run(200);
    expect(lab.link(lab.host, 'a')).toMatchObject({ operstate: 'LOWERLAYERDOWN', qdisc: 'noqueue', carrier: false });
    expect(lab.link(lab.host, 'a').flags & (IFF.UP | IFF.RUNNING | IFF.LOWER_UP)).toBe(IFF.UP);
    lab.up(lab.host, 'b');
    expect(lab.link(lab.host, 'a').flags & IFF.LOWER_UP).toBe(IFF.LOWER_UP);
    expect(lab.link(lab.host, 'a').operstate).toBe('LOWERLAYERDOWN');
    lab.run(1);
    expect(lab.link(lab.host, 'a').operstate).toBe('UP');
    lab.down(lab.host, 'b');
    lab.run(200);
    expect(lab.link(lab.host, 'a').operstate).toBe('LOWERLAYERDOWN');
  });

  it('moves to another namespace with its ifindex if that is free, else with the next', () => {
    const lab = new Lab();
    const [left, right] = [lab.netns(), lab.netns()];
    must(newLink(lab.host, { kind: 'veth', name: 'v0', peer: { name: 'v1' } }));
    must(setLink(lab.host, 3, { netns: left }));
    must(setLink(lab.host, 2, { netns: right }));
    expect(lab.link(left, 'v0')).toMatchObject({ ifindex: 3, link: 2, linkNetnsId: nsidOf(left, right) });
    expect(lab.link(right, 'v1')).toMatchObject({ ifindex: 2, link: 3, linkNetnsId: nsidOf(right, left) });
    must(newLink(right, { kind: 'veth', name: 'x', peer: { name: 'y' } }));
    must(setLink(right, 4, { netns: left }));
    expect(lab.link(right, 'y').ifindex).toBe(3);
    expect(lab.link(left, 'x').ifindex).toBe(4);
    must(setLink(right, 3, { netns: left }));
    expect(lab.link(left, 'y').ifindex).toBe(2);
  });

  it('says DOWN, not LOWERLAYERDOWN, where both ends have the same ifindex in their namespaces', () => {
    const lab = new Lab();
    const [a, b] = [lab.netns(), lab.netns()];
    must(newLink(lab.host, { kind: 'veth', name: 'a0', netns: a, peer: { name: 'b0', netns: b } }));
    lab.up(a, 'a0');
    lab.run(1500);
    expect([lab.link(a, 'a0').ifindex, lab.link(b, 'b0').ifindex]).toEqual([2, 2]);
    expect(lab.link(a, 'a0').operstate).toBe('DOWN');
  });

  it('dies with its peer, and with the namespace of its peer', () => {
    const lab = new Lab();
    const ns = lab.kernel.newNetNs();
    must(newLink(lab.host, { kind: 'veth', name: 'a', peer: { name: 'b' } }));
    must(delLink(lab.host, lab.link(lab.host, 'b').ifindex));
    expect(names(lab)).toEqual(['1:lo']);
    must(newLink(lab.host, { kind: 'veth', name: 'c', peer: { name: 'd', netns: ns } }));
    ns.put();
    expect(lab.kernel.netns(ns.inode)).toBeUndefined();
    lab.run(100);
    expect(getLink(lab.host, 'c')).toBeUndefined();
  });

  it('does not outlive a name that is taken', () => {
    const lab = new Lab();
    must(newLink(lab.host, { kind: 'bridge', name: 'br0' }));
    expect(refusal(newLink(lab.host, { kind: 'veth', name: 'br0', peer: { name: 'p' } }))).toBe('EEXIST');
    expect(refusal(newLink(lab.host, { kind: 'veth', name: 'q', peer: { name: 'br0' } }))).toBe('EEXIST');
    expect(names(lab)).toEqual(['1:lo', '2:br0']);
  });
});

describe('what the kernel refuses of a link', () => {
  it('says so in its words', () => {
    const lab = new Lab();
    const ns = lab.netns();
    const { host } = lab;
    must(newLink(host, { kind: 'veth', name: 'a', peer: { name: 'b' } }));
    must(newLink(ns, { kind: 'veth', name: 'a', peer: { name: 'b' } }));
    must(newLink(host, { kind: 'bridge', name: 'br0' }));
    must(newLink(host, { kind: 'bridge', name: 'br1' }));
    const a = lab.link(host, 'a').ifindex;
    const index = (name: string): number => lab.link(host, name).ifindex;
    expect(refusal(newLink(host, { kind: 'nosuch', name: 'x' }))).toBe('Unknown device type');
    expect(refusal(setLink(host, a, { mtu: 99_999 }))).toBe('mtu greater than device maximum');
    expect(refusal(setLink(host, a, { mtu: 67 }))).toBe('mtu less than device minimum');
    expect(refusal(setLink(host, a, { name: 'b' }))).toBe('EEXIST');
    expect(refusal(setLink(host, a, { mac: mac('01:00:00:00:00:01') }))).toBe('EADDRNOTAVAIL');
    expect(refusal(setLink(host, a, { netns: ns }))).toBe('An interface with the same name exists in the target netns');
    expect(refusal(setLink(host, index('br0'), { netns: ns }))).toBe('The interface netns is immutable');
    expect(refusal(setLink(host, 1, { netns: ns }))).toBe('The interface netns is immutable');
    expect(refusal(setLink(host, index('br1'), { master: index('br0') }))).toBe('Can not enslave a bridge to a bridge');
    expect(refusal(setLink(host, 1, { master: index('br0') }))).toBe('EINVAL');
    expect(refusal(setLink(host, index('b'), { master: a }))).toBe('EOPNOTSUPP');
    expect(refusal(delLink(host, 1))).toBe('EOPNOTSUPP');
    expect(refusal(newLink(host, { kind: 'bridge', name: 'interface-too-long' }))).toBe(
      'Attribute failed policy validation',
    );
  });
});
