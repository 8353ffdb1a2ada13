import { describe, expect, it } from 'vitest';
import { cidr, ethernet, expectFrames, icmp6, ip, ipv6, Lab, mac, must, refusal } from '../../testing/index.ts';
import {
  dumpAddrs,
  dumpNeighs,
  dumpRoutes,
  getRoute,
  type NetNs,
  newAddr,
  newLink,
  newRoute,
  setLink,
} from '../index.ts';

/** Two namespaces on one cable, MAC addresses :0a and :0b. */
function cable(): { lab: Lab; a: NetNs; b: NetNs } {
  const lab = new Lab();
  const [a, b] = [lab.netns(), lab.netns()];
  must(
    newLink(a, {
      kind: 'veth',
      name: 'ea',
      mac: mac('02:00:00:00:00:0a'),
      peer: { name: 'eb', mac: mac('02:00:00:00:00:0b'), netns: b },
    }),
  );
  return { lab, a, b };
}

const addresses = (ns: NetNs, ifindex: number): string[] =>
  dumpAddrs(ns, { family: 6, ifindex }).map(
    (a) => `${a.local}/${a.prefix}${a.flags.tentative ? ' tentative' : ''}${a.flags.dadFailed ? ' dadfailed' : ''}`,
  );

describe('link-local addresses', () => {
  it('come when the device carries, are asked for before they are used, and tell the link', () => {
    const { lab, a, b } = cable();
    lab.up(a, 'ea');
    lab.run(500);
    expect(addresses(a, 2)).toEqual([]);
    const seen = lab.capture(a, 'ea');
    lab.up(b, 'eb');
    lab.run(1);
    expect(addresses(a, 2)).toEqual(['fe80::ff:fe00:a/64 tentative']);
    lab.run(3500);
    expect(addresses(a, 2)).toEqual(['fe80::ff:fe00:a/64']);
    const own = seen.filter((c) => c.direction === 'out');
    const report = ipv6({ dst: 'ff02::16', hopLimit: 1 }, icmp6({ type: 143 }));
    const bySource = (src: string): typeof own =>
      own.filter((c) => c.frame.payload.kind === 'ipv6' && c.frame.payload.src === ip(src));
    expect(bySource('::').filter((c) => report(c.frame.payload) === undefined).length).toBeGreaterThanOrEqual(1);
    expectFrames(
      bySource('::').filter((c) => report(c.frame.payload) !== undefined),
      [
        ethernet(
          { dst: '33:33:ff:00:00:0a' },
          ipv6({ dst: 'ff02::1:ff00:a', hopLimit: 255 }, icmp6({ type: 135, target: 'fe80::ff:fe00:a' })),
        ),
      ],
    );
    expectFrames(bySource('fe80::ff:fe00:a'), [
      ethernet({}, report),
      ethernet({ dst: '33:33:00:00:00:02' }, ipv6({ dst: 'ff02::2' }, icmp6({ type: 133 }))),
      ethernet({}, report),
    ]);
  });

  it('fail when somebody else has them', () => {
    const { lab, a, b } = cable();
    must(setLink(b, 2, { mac: mac('02:00:00:00:00:0a') }));
    lab.up(a, 'ea');
    lab.up(b, 'eb');
    lab.run(5000);
    const states = [addresses(a, 2), addresses(b, 2)].flat();
    expect(states.some((s) => s.endsWith('tentative dadfailed'))).toBe(true);
  });

  it('are not made where IPv6 is off or the MTU too small', () => {
    const { lab, a, b } = cable();
    lab.sysctl(a, 'net/ipv6/conf/all/disable_ipv6', 1);
    must(setLink(b, 2, { mtu: 1200 }));
    lab.up(a, 'ea');
    lab.up(b, 'eb');
    lab.run(3000);
    expect([addresses(a, 2), addresses(b, 2)]).toEqual([[], []]);
    expect(lab.link(b, 'eb').addrGenMode).toBeUndefined();
    lab.sysctl(a, 'net/ipv6/conf/ea/disable_ipv6', 0);
    lab.run(3000);
    expect(addresses(a, 2)).toEqual(['fe80::ff:fe00:a/64']);
  });
});

/** a 2001:db8:1::2 — r — 2001:db8:2::2 b */
function routed(): { lab: Lab; a: NetNs; r: NetNs; b: NetNs } {
  const lab = new Lab();
  const [a, r, b] = [lab.netns(), lab.netns(), lab.netns()];
  lab.veth(a, 'ea', r, 'ra', { a: '2001:db8:1::2/64', b: '2001:db8:1::1/64' });
  lab.veth(b, 'eb', r, 'rb', { a: '2001:db8:2::2/64', b: '2001:db8:2::1/64' });
  lab.sysctl(r, 'net/ipv6/conf/all/forwarding', 1);
  lab.route(a, 'default', { via: '2001:db8:1::1' });
  lab.route(b, 'default', { via: '2001:db8:2::1' });
  lab.run(3000);
  return { lab, a, r, b };
}

describe('IPv6 on the way', () => {
  it('is resolved by neighbour discovery and forwarded by a router', () => {
    const { lab, a, r } = routed();
    expect(lab.ping(a, '2001:db8:1::1').replies).toMatchObject([{ ttl: 64 }]);
    expect(lab.ping(a, '2001:db8:2::2').replies).toMatchObject([{ ttl: 63, from: ip('2001:db8:2::2') }]);
    expect(dumpNeighs(a, 6).find((n) => n.dst === ip('2001:db8:1::1'))).toMatchObject({
      state: 'REACHABLE',
      router: true,
    });
    expect(lab.ping(a, '2001:db8:2::2', { ttl: 1 }).errors).toMatchObject([
      { type: 3, code: 0, offender: ip('2001:db8:1::1') },
    ]);
    lab.sysctl(r, 'net/ipv6/conf/all/forwarding', 0);
    expect(lab.ping(a, '2001:db8:2::2').replies).toEqual([]);
  });

  it('reaches link-local addresses by their device', () => {
    const { lab, a, r } = routed();
    const there = dumpAddrs(r, { family: 6 }).find(
      (x) => x.local.isLinkLocal && x.ifindex === lab.link(r, 'ra').ifindex,
    )?.local;
    expect(lab.ping(a, String(there), { oif: lab.link(a, 'ea').ifindex }).replies).toHaveLength(1);
  });

  it('learns the path MTU from "packet too big", and fragments at the source', () => {
    const { lab, a, r, b } = routed();
    must(setLink(r, lab.link(r, 'rb').ifindex, { mtu: 1400 }));
    must(setLink(b, lab.link(b, 'eb').ifindex, { mtu: 1400 }));
    expect(lab.ping(a, '2001:db8:2::2', { size: 1440, pmtu: 'do' }).errors).toMatchObject([
      { origin: 'icmp6', type: 2, info: 1400, errno: 'EMSGSIZE' },
    ]);
    expect(lab.ping(a, '2001:db8:2::2', { size: 1440, pmtu: 'do' }).errors).toMatchObject([
      { origin: 'local', errno: 'EMSGSIZE', info: 1400 },
    ]);
    expect(lab.ping(a, '2001:db8:2::2', { size: 5000 }).replies).toMatchObject([
      { data: { length: 5000 }, checksumOk: true },
    ]);
  });

  it('tells of addresses that do not answer, and of missing routes', () => {
    const { lab, a, r } = routed();
    expect(lab.ping(a, '2001:db8:1::77', { wait: 4000 }).errors).toMatchObject([
      { type: 1, code: 3, errno: 'EHOSTUNREACH' },
    ]);
    expect(lab.ping(a, '2001:db8:77::1').errors).toMatchObject([
      { type: 1, code: 0, errno: 'ENETUNREACH', offender: ip('2001:db8:1::1') },
    ]);
    expect(refusal(getRoute(r, { dst: ip('2001:db8:77::1') }))).toBe('ENETUNREACH');
  });
});

describe('IPv6 routes', () => {
  it('are listed with defaults last, and go with the device', () => {
    const { lab, a } = routed();
    expect(dumpRoutes(a, { family: 6, table: 254 }).map((r) => `${r.dst} ${r.priority}`)).toEqual([
      '2001:db8:1::/64 256',
      'fe80::/64 256',
      '::/0 1024',
    ]);
    expect(must(getRoute(a, { dst: ip('2001:db8:2::2') }))).toMatchObject({
      gateway: ip('2001:db8:1::1'),
      prefsrc: ip('2001:db8:1::2'),
      priority: 1024,
    });
    lab.down(a, 'ea');
    expect(dumpRoutes(a, { family: 6, table: 254 })).toEqual([]);
    expect(dumpAddrs(a, { family: 6, ifindex: lab.link(a, 'ea').ifindex })).toEqual([]);
  });

  it('are refused in the words of the kernel', () => {
    const { lab, a } = routed();
    const add = { create: true, excl: true };
    const via = (text: string, dst = 'fd00::/8'): string => {
      return refusal(newRoute(a, { family: 6, dst: cidr(dst), nexthops: [{ gateway: ip(text) }] }, add));
    };
    expect(via('2001:db8:7::1')).toBe('EHOSTUNREACH');
    expect(via('2001:db8:1::2')).toBe('Gateway can not be a local address');
    expect(via('fe80::1')).toBe('Egress device not specified');
    expect(via('2001:db8:1::1', '::/0')).toBe('EEXIST');
    const ea = lab.link(a, 'ea').ifindex;
    expect(refusal(newAddr(a, { ifindex: ea, local: ip('2001:db8:1::2'), prefix: 64 }, add))).toBe(
      'ipv6: address already assigned',
    );
  });
});
