import { describe, expect, it } from 'vitest';
import { arp, ethernet, expectFrames, icmp, ip, ipv4, Lab, mac, must, refusal } from '../../testing/index.ts';
import { delNeigh, dumpNeighs, type NetNs, newNeigh, openPing, setLink } from '../index.ts';

/** Two namespaces on one cable: 10.0.0.1 and 10.0.0.2, without IPv6. */
function pair(): { lab: Lab; red: NetNs; blue: NetNs } {
  const lab = new Lab();
  const [red, blue] = [lab.netns(), lab.netns()];
  for (const ns of [red, blue]) lab.sysctl(ns, 'net/ipv6/conf/all/disable_ipv6', 1);
  lab.veth(red, 'vr', blue, 'vb', { a: '10.0.0.1/24', b: '10.0.0.2/24' });
  lab.run(10);
  return { lab, red, blue };
}

const stateOf = (ns: NetNs, address: string): string | undefined =>
  dumpNeighs(ns, 4).find((n) => n.dst === ip(address))?.state;

describe('ARP', () => {
  it('asks once, then sends what waited', () => {
    const { lab, red, blue } = pair();
    const seen = lab.capture(blue, 'vb');
    expect(lab.ping(red, '10.0.0.2').replies).toHaveLength(1);
    expectFrames(seen, [
      ethernet({ dst: 'ff:ff:ff:ff:ff:ff' }, arp({ op: 'request', sender: '10.0.0.1', target: '10.0.0.2' })),
      ethernet({}, arp({ op: 'reply', sender: '10.0.0.2', target: '10.0.0.1' })),
      ethernet({}, ipv4({ src: '10.0.0.1', dst: '10.0.0.2', ttl: 64, df: true }, icmp({ type: 8, seq: 1 }))),
      ethernet({}, ipv4({ src: '10.0.0.2', dst: '10.0.0.1', ttl: 64, df: false }, icmp({ type: 0, seq: 1 }))),
    ]);
    expect(stateOf(red, '10.0.0.2')).toBe('REACHABLE');
    expect(stateOf(blue, '10.0.0.1')).toBe('DELAY');
  });

  it('lets a neighbour grow stale, and probes it by unicast before it trusts it again', () => {
    const { lab, red, blue } = pair();
    lab.ping(red, '10.0.0.2');
    lab.run(60_000);
    expect(stateOf(red, '10.0.0.2')).toBe('STALE');
    const seen = lab.capture(blue, 'vb');
    lab.ping(red, '10.0.0.2', { wait: 100 });
    expect(stateOf(red, '10.0.0.2')).toBe('DELAY');
    lab.run(5100);
    expect(stateOf(red, '10.0.0.2')).toBe('REACHABLE');
    const probe = seen.find((c) => c.frame.payload.kind === 'arp' && c.frame.payload.op === 1 && c.direction === 'in');
    expect(probe?.frame.dst).toBe(lab.link(blue, 'vb').mac);
  });

  it('gives up after three questions a second apart, and tells the sender over lo', () => {
    const { lab, red } = pair();
    const seen = lab.capture(red, 'vr');
    const { errors } = lab.ping(red, '10.0.0.77', { wait: 4000 });
    expect(seen.map((c) => Math.round(((c.at - (seen[0]?.at ?? 0)) / 1000) * 10) / 10)).toEqual([0, 1000, 2000]);
    expect(errors).toMatchObject([{ type: 3, code: 1, errno: 'EHOSTUNREACH', offender: ip('10.0.0.1'), seq: 1 }]);
    expect(stateOf(red, '10.0.0.77')).toBe('FAILED');
  });

  it('tells nobody while lo is down', () => {
    const { lab, red } = pair();
    lab.down(red, 'lo');
    expect(lab.ping(red, '10.0.0.77', { wait: 4000 }).errors).toEqual([]);
  });

  it('asks anew after a failure', () => {
    const { lab, red, blue } = pair();
    lab.ping(red, '10.0.0.3', { wait: 4000 });
    lab.addr(blue, 'vb', '10.0.0.3/24');
    expect(lab.ping(red, '10.0.0.3').replies).toHaveLength(1);
  });

  it('keeps at most 101 packets waiting', () => {
    const { lab, red } = pair();
    const events = lab.record();
    const socket = openPing(red, 4);
    for (let seq = 0; seq < 120; seq++) must(socket.sendEcho(ip('10.0.0.77'), { id: 1, seq, data: new Uint8Array(8) }));
    expect(events.filter((e) => e.type === 'drop' && e.reason === 'NEIGH_QUEUEFULL')).toHaveLength(19);
  });

  it('forgets neighbours when its device goes down or changes its address', () => {
    const { lab, red } = pair();
    lab.ping(red, '10.0.0.2');
    must(setLink(red, lab.link(red, 'vr').ifindex, { mac: mac('02:00:00:00:00:99') }));
    expect(stateOf(red, '10.0.0.2')).toBeUndefined();
  });

  it('answers for others when it is told to: proxy_arp, proxy entries', () => {
    const { lab, red, blue } = pair();
    const far = lab.netns();
    lab.veth(blue, 'out', far, 'in', { a: '10.9.0.1/24', b: '10.9.0.2/24' });
    lab.route(red, '10.9.0.0/24', { dev: 'vr' });
    lab.route(far, 'default', { via: '10.9.0.1' });
    lab.sysctl(blue, 'net/ipv4/ip_forward', 1);
    expect(lab.ping(red, '10.9.0.2', { wait: 4000 }).replies).toHaveLength(0);
    lab.sysctl(blue, 'net/ipv4/conf/vb/proxy_arp', 1);
    expect(lab.ping(red, '10.9.0.2', { wait: 2000 }).replies).toMatchObject([{ ttl: 63 }]);
  });

  it('minds arp_ignore', () => {
    const { lab, red, blue } = pair();
    lab.addr(blue, 'lo', '192.0.2.9/32');
    lab.route(red, '192.0.2.9/32', { dev: 'vr' });
    expect(lab.ping(red, '192.0.2.9').replies).toHaveLength(1);
    for (const entry of dumpNeighs(red, 4)) must(delNeigh(red, { ifindex: entry.ifindex, dst: entry.dst }));
    lab.sysctl(blue, 'net/ipv4/conf/all/arp_ignore', 1);
    expect(lab.ping(red, '192.0.2.9', { wait: 4000 }).replies).toHaveLength(0);
  });
});

describe('neighbours by hand', () => {
  it('stay as they were made, and override what was learnt', () => {
    const { lab, red } = pair();
    const ifindex = lab.link(red, 'vr').ifindex;
    const wrong = { ifindex, dst: ip('10.0.0.2'), lladdr: mac('02:be:ef:00:00:09') };
    must(newNeigh(red, wrong, { create: true, excl: true }));
    expect(refusal(newNeigh(red, wrong, { create: true, excl: true }))).toBe('EEXIST');
    expect(lab.ping(red, '10.0.0.2', { wait: 3000 }).replies).toHaveLength(0);
    expect(stateOf(red, '10.0.0.2')).toBe('PERMANENT');
    must(
      newNeigh(
        red,
        { ...wrong, lladdr: lab.link(lab.kernel.namespaces()[2] as NetNs, 'vb').mac, state: 'REACHABLE' },
        { create: true, replace: true },
      ),
    );
    expect(lab.ping(red, '10.0.0.2').replies).toHaveLength(1);
    must(delNeigh(red, wrong));
    expect(refusal(delNeigh(red, wrong))).toBe('ENOENT');
    expect(refusal(newNeigh(red, { ifindex, dst: ip('10.0.0.5') }, { create: true, excl: true }))).toBe(
      'No link layer address given',
    );
  });
});
