import { describe, expect, it } from 'vitest';
import { ethernet, expectFrames, icmp, ip, ipv4, Lab, must } from '../../testing/index.ts';
import { getRoute, type NetNs, setLink } from '../index.ts';

/** pc 10.0.1.2 — r1 — 10.0.2.0/24 — r2 — 10.0.3.2 srv, all routes in place. */
function chain(): { lab: Lab; pc: NetNs; r1: NetNs; r2: NetNs; srv: NetNs } {
  const lab = new Lab();
  const [pc, r1, r2, srv] = [lab.netns(), lab.netns(), lab.netns(), lab.netns()];
  lab.veth(pc, 'e0', r1, 'w0', { a: '10.0.1.2/24', b: '10.0.1.1/24' });
  lab.veth(r1, 'e1', r2, 'w0', { a: '10.0.2.1/24', b: '10.0.2.2/24' });
  lab.veth(r2, 'e1', srv, 'w0', { a: '10.0.3.1/24', b: '10.0.3.2/24' });
  for (const router of [r1, r2]) lab.sysctl(router, 'net/ipv4/ip_forward', 1);
  lab.route(pc, 'default', { via: '10.0.1.1' });
  lab.route(srv, 'default', { via: '10.0.3.1' });
  lab.route(r1, '10.0.3.0/24', { via: '10.0.2.2' });
  lab.route(r2, '10.0.1.0/24', { via: '10.0.2.1' });
  return { lab, pc, r1, r2, srv };
}

describe('forwarding', () => {
  it('takes one from the TTL at each router and keeps the rest', () => {
    const { lab, pc, srv } = chain();
    const seen = lab.capture(srv, 'w0');
    expect(lab.ping(pc, '10.0.3.2', { ttl: 10 }).replies).toMatchObject([{ ttl: 62 }]);
    expectFrames(
      seen.filter((c) => c.frame.payload.kind === 'ipv4'),
      [
        ethernet({}, ipv4({ src: '10.0.1.2', dst: '10.0.3.2', ttl: 8 }, icmp({ type: 8 }))),
        ethernet({}, ipv4({ src: '10.0.3.2', dst: '10.0.1.2', ttl: 64 }, icmp({ type: 0 }))),
      ],
    );
  });

  it('says where the TTL ran out', () => {
    const { lab, pc } = chain();
    expect(lab.ping(pc, '10.0.3.2', { ttl: 1 }).errors).toMatchObject([
      { type: 11, code: 0, offender: ip('10.0.1.1'), dst: ip('10.0.3.2'), seq: 1 },
    ]);
    expect(lab.ping(pc, '10.0.3.2', { ttl: 2 }).errors).toMatchObject([{ type: 11, offender: ip('10.0.2.2') }]);
  });

  it('is silent when off, and answers "network unreachable" when on but without a route', () => {
    const { lab, pc, r1 } = chain();
    expect(lab.ping(pc, '10.99.0.1').errors).toMatchObject([
      { type: 3, code: 0, errno: 'ENETUNREACH', offender: ip('10.0.1.1') },
    ]);
    const drops = lab.recordDrops();
    lab.sysctl(r1, 'net/ipv4/ip_forward', 0);
    expect(lab.ping(pc, '10.0.3.2')).toEqual({ replies: [], errors: [] });
    expect(drops).toContain(`${r1.inode} FORWARDING_DISABLED`);
  });

  it('tells of a host that does not answer on the last link', () => {
    const { lab, pc } = chain();
    expect(lab.ping(pc, '10.0.3.77', { wait: 4000 }).errors).toMatchObject([
      { type: 3, code: 1, offender: ip('10.0.2.2') },
    ]);
  });

  it('limits the errors it sends to one destination: six at once, then one a second', () => {
    const { lab, pc } = chain();
    let answered = 0;
    for (let i = 0; i < 20; i++) answered += lab.ping(pc, '10.0.3.2', { ttl: 1, wait: 10 }).errors.length;
    expect(answered).toBe(6);
    lab.run(3000);
    expect(lab.ping(pc, '10.0.3.2', { ttl: 1, wait: 10 }).errors).toHaveLength(1);
  });

  it('ends a routing loop by the TTL', () => {
    const { lab, pc, r1, r2 } = chain();
    lab.route(r1, '10.50.0.0/16', { via: '10.0.2.2' });
    lab.route(r2, '10.50.0.0/16', { via: '10.0.2.1' });
    const events = lab.record();
    expect(lab.ping(pc, '10.50.0.1').errors).toMatchObject([{ type: 11 }]);
    expect(
      events.filter(
        (e) => e.type === 'forward' && e.packet.payload.kind === 'ipv4' && e.packet.payload.dst === ip('10.50.0.1'),
      ),
    ).toHaveLength(63);
  });

  it('redirects a host that could go straight', () => {
    const { lab, pc, r1 } = chain();
    lab.addr(r1, 'w0', '10.0.1.254/24');
    lab.route(r1, '192.168.0.0/16', { via: '10.0.1.3' });
    const { errors } = lab.ping(pc, '192.168.1.1', { wait: 200 });
    expect(errors).toMatchObject([{ type: 5, code: 1, gateway: ip('10.0.1.3'), offender: ip('10.0.1.1') }]);
  });
});

describe('path MTU', () => {
  it('is learnt from the router in the middle, used at once, and forgotten on request', () => {
    const { lab, pc, r1, r2 } = chain();
    must(setLink(r1, lab.link(r1, 'e1').ifindex, { mtu: 1400 }));
    must(setLink(r2, lab.link(r2, 'w0').ifindex, { mtu: 1400 }));
    expect(lab.ping(pc, '10.0.3.2', { size: 1472, pmtu: 'do' }).errors).toMatchObject([
      { origin: 'icmp', type: 3, code: 4, info: 1400, offender: ip('10.0.1.1') },
    ]);
    expect(lab.ping(pc, '10.0.3.2', { size: 1472, pmtu: 'do' }).errors).toMatchObject([
      { origin: 'local', errno: 'EMSGSIZE', info: 1400 },
    ]);
    expect(lab.ping(pc, '10.0.3.2', { size: 1372, pmtu: 'do' }).replies).toHaveLength(1);
    expect(must(getRoute(pc, { dst: ip('10.0.3.2') }))).toMatchObject({ mtu: 1400, cacheExpires: 597 });
    lab.run(601_000);
    expect(must(getRoute(pc, { dst: ip('10.0.3.2') })).mtu).toBeUndefined();
  });

  it('does not stop packets that may be cut', () => {
    const { lab, pc, r1, r2, srv } = chain();
    must(setLink(r1, lab.link(r1, 'e1').ifindex, { mtu: 1400 }));
    must(setLink(r2, lab.link(r2, 'w0').ifindex, { mtu: 1400 }));
    const seen = lab.capture(srv, 'w0');
    expect(lab.ping(pc, '10.0.3.2', { size: 1472, pmtu: 'dont' }).replies).toMatchObject([{ data: { length: 1472 } }]);
    const pieces = seen.filter((c) => c.direction === 'in' && c.frame.payload.kind === 'ipv4');
    expectFrames(pieces, [
      ethernet({}, ipv4({ mf: true, offset: 0, df: false })),
      ethernet({}, ipv4({ mf: false, offset: 1376 })),
    ]);
  });
});

describe('fragments', () => {
  it('cross and come together, both ways, up to 64 KiB', () => {
    const { lab, pc } = chain();
    for (const size of [1473, 3000, 20_000, 65_507]) {
      const { replies } = lab.ping(pc, '10.0.3.2', { size });
      expect(replies).toMatchObject([{ data: { length: size }, checksumOk: true }]);
      expect(replies[0]?.data.every((byte, i) => byte === (i & 255))).toBe(true);
    }
    expect(lab.ping(pc, '10.0.3.2', { size: 65_508 }).errors).toMatchObject([{ origin: 'local', errno: 'EMSGSIZE' }]);
  });

  it('are given up after 30 s, and their sender is told', () => {
    const { lab, pc, srv } = chain();
    // The second fragment of each packet is lost on the way: drop what has an offset.
    srv.hooks4.register('prerouting', 0, ({ packet }) =>
      packet.kind === 'ipv4' && packet.offset > 0 ? 'drop' : 'accept',
    );
    const { errors } = lab.ping(pc, '10.0.3.2', { size: 2000, wait: 31_000 });
    expect(errors).toMatchObject([{ type: 11, code: 1, offender: ip('10.0.3.2') }]);
  });
});

describe('netfilter hooks', () => {
  it('stand where they should, in the order of the path', () => {
    const { lab, pc, r1, srv } = chain();
    const passed: string[] = [];
    for (const [name, ns] of Object.entries({ pc, r1, srv })) {
      for (const hook of ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const) {
        ns.hooks4.register(hook, 0, (skb, state) => {
          if (skb.packet.kind === 'ipv4')
            passed.push(`${name} ${hook} ${state.in?.name ?? '-'} ${state.out?.name ?? '-'}`);
          return 'accept';
        });
      }
    }
    lab.ping(pc, '10.0.3.2');
    expect(passed.slice(0, 7)).toEqual([
      'pc output - e0',
      'pc postrouting - e0',
      'r1 prerouting w0 -',
      'r1 forward w0 e1',
      'r1 postrouting w0 e1',
      'srv prerouting w0 -',
      'srv input w0 -',
    ]);
    expect(passed.slice(7)).toEqual([
      'srv output - w0',
      'srv postrouting - w0',
      'r1 prerouting e1 -',
      'r1 forward e1 w0',
      'r1 postrouting e1 w0',
      'pc prerouting e0 -',
      'pc input e0 -',
    ]);
  });

  it('may give a local packet another destination, which finds its own way', () => {
    const { lab, pc } = chain();
    pc.hooks4.register('output', 0, (skb) => {
      if (skb.packet.kind === 'ipv4' && skb.packet.dst === ip('10.77.0.1'))
        skb.packet = { ...skb.packet, dst: ip('10.0.3.2') };
      return 'accept';
    });
    expect(lab.ping(pc, '10.77.0.1').replies).toMatchObject([{ from: ip('10.0.3.2') }]);
  });
});
