import { describe, expect, it } from 'vitest';
import { cidr, ip, Lab } from '../../testing/index.ts';
import { ICMP, type Ipv4Packet, put16, put32, rawBytes } from '../../wire/index.ts';
import type { NetNs } from '../index.ts';
import { sendIpv4 } from '../ip/output.ts';
import { routeOutput } from '../ip/route.ts';
import {
  type Change,
  commitRules,
  conntrackOf,
  netfilter,
  newChain,
  type RuleSpec,
  type TableName,
  tablesOf,
} from './index.ts';

const masked = (text: string) => {
  const { address, prefix } = cidr(text);
  const mask = prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
  return { value: { address, mask: ip([24, 16, 8, 0].map((n) => (mask >>> n) & 255).join('.')) }, invert: false };
};

function append(ns: NetNs, table: TableName, chainName: string, rule: Partial<RuleSpec>) {
  const chain = tablesOf(ns, 4).ensure(table).chains.get(chainName);
  if (chain === undefined) throw new Error(`no chain ${chainName}`);
  const spec: RuleSpec = { selectors: {}, matches: [], action: { kind: 'none' }, ...rule };
  const change: Change = { op: 'rule-add', table, chain, at: chain.rules.length, rule: spec };
  return commitRules(ns, 4, [change]);
}

const DROP = { kind: 'verdict', verdict: 'DROP' } as const;
const ICMP_PROTOCOL = { value: 1, invert: false };

/** pod 10.1.0.2 ─ router 10.1.0.1, 192.0.2.1 ─ out 192.0.2.9 */
function routed() {
  const lab = new Lab();
  lab.kernel.load(netfilter);
  const [pod, router, out] = [lab.netns(), lab.netns(), lab.netns()];
  lab.veth(pod, 'eth0', router, 'in', { a: '10.1.0.2/24', b: '10.1.0.1/24' });
  lab.veth(router, 'out', out, 'eth0', { a: '192.0.2.1/24', b: '192.0.2.9/24' });
  lab.route(pod, 'default', { via: '10.1.0.1' });
  lab.route(out, '10.1.0.0/24', { via: '192.0.2.1' });
  lab.sysctl(router, 'net/ipv4/ip_forward', 1);
  return { lab, pod, router, out };
}

/** A TCP segment without data. */
function segment(from: number, to: number, flags: number) {
  const bytes = new Uint8Array(20);
  put16(bytes, 0, from);
  put16(bytes, 2, to);
  put32(bytes, 4, 1000);
  bytes[12] = 0x50;
  bytes[13] = flags;
  return rawBytes(bytes);
}

function send(lab: Lab, ns: NetNs, to: string, from: number, port: number, flags: number): void {
  const way = routeOutput(ns, { dst: ip(to) });
  if (!way.ok) throw new Error(way.errno);
  sendIpv4(ns, way.dst, ip(to), 6, segment(from, port, flags), { ttl: 64, tos: 0, df: true });
  lab.run(5);
}

describe('rules', () => {
  it('drop with a reason, count what they meet, and tell of themselves', () => {
    const { lab, pod, router } = routed();
    expect(lab.ping(pod, '192.0.2.9').replies).toHaveLength(1);
    append(router, 'filter', 'FORWARD', { selectors: { src: masked('10.1.0.0/24') }, action: DROP });
    const events = lab.record();
    expect(lab.ping(pod, '192.0.2.9').replies).toHaveLength(0);
    const rule = tablesOf(router, 4).get('filter')?.chains.get('FORWARD')?.rules[0];
    expect([rule?.packets, rule?.bytes]).toEqual([1, 84]);
    expect(events.find((e) => e.type === 'rule')).toMatchObject({
      table: 'filter',
      chain: 'FORWARD',
      number: 1,
      action: 'DROP',
    });
    expect(events.find((e) => e.type === 'drop')).toMatchObject({ reason: 'NETFILTER_DROP' });
  });

  it('return from a called chain to where it was called', () => {
    const { lab, pod, router } = routed();
    const table = tablesOf(router, 4).ensure('filter');
    const mine = newChain('MINE');
    expect(commitRules(router, 4, [{ op: 'chain-add', table: 'filter', chain: mine }]).ok).toBe(true);
    append(router, 'filter', 'MINE', { action: { kind: 'verdict', verdict: 'RETURN' } });
    append(router, 'filter', 'MINE', { action: DROP });
    append(router, 'filter', 'FORWARD', { action: { kind: 'jump', chain: mine } });
    append(router, 'filter', 'FORWARD', {});
    expect(lab.ping(pod, '192.0.2.9').replies).toHaveLength(1);
    expect(table.chains.get('FORWARD')?.rules.map((rule) => rule.packets)).toEqual([2, 2]);
  });

  it('are refused, all of a batch, where a chain would call itself', () => {
    const { router } = routed();
    const chains = tablesOf(router, 4).ensure('filter').chains;
    const input = chains.get('INPUT');
    if (input === undefined) throw new Error('no INPUT');
    const loop = newChain('LOOP');
    const jump: RuleSpec = { selectors: {}, matches: [], action: { kind: 'jump', chain: loop } };
    const result = commitRules(router, 4, [
      { op: 'chain-add', table: 'filter', chain: loop },
      { op: 'rule-add', table: 'filter', chain: input, at: 0, rule: jump },
      { op: 'rule-add', table: 'filter', chain: loop, at: 0, rule: jump },
    ]);
    expect(result).toEqual({ ok: false, error: { errno: 'EMLINK', failed: 2 } });
    expect([chains.has('LOOP'), input.rules.length]).toEqual([false, 0]);
  });
});

describe('address translation', () => {
  it('masquerades, and turns errors about translated packets back', () => {
    const { lab, pod, router, out } = routed();
    append(router, 'nat', 'POSTROUTING', {
      selectors: { out: { value: 'out', invert: false } },
      action: { kind: 'target', target: { name: 'MASQUERADE', range: {} } },
    });
    const seen = lab.capture(out, 'eth0');
    expect(lab.ping(pod, '192.0.2.9').replies).toHaveLength(1);
    const request = seen.map(({ frame }) => frame.payload).find((p) => p.kind === 'ipv4' && p.payload.kind === 'icmp');
    expect((request as Ipv4Packet).src).toBe(ip('192.0.2.1'));
    // 198.51.100.1 is behind `out`, which has no way there and says so.
    lab.route(router, '198.51.100.0/24', { via: '192.0.2.9' });
    lab.sysctl(out, 'net/ipv4/ip_forward', 1);
    const { errors } = lab.ping(pod, '198.51.100.1');
    expect(errors).toMatchObject([{ type: ICMP.unreachable, code: 0, dst: ip('198.51.100.1') }]);
  });

  it('gives two connections whose answers would look alike identifiers of their own', () => {
    const { lab, pod, router } = routed();
    lab.addr(pod, 'eth0', '10.1.0.3/24');
    append(router, 'nat', 'POSTROUTING', {
      action: { kind: 'target', target: { name: 'MASQUERADE', range: {} } },
    });
    expect(lab.ping(pod, '192.0.2.9', { source: ip('10.1.0.2') }).replies).toHaveLength(1);
    expect(lab.ping(pod, '192.0.2.9', { source: ip('10.1.0.3') }).replies).toHaveLength(1);
    const ids = conntrackOf(router)
      .entries()
      .map((entry) => entry.reply.sport);
    expect(new Set(ids).size).toBe(2);
    expect(ids).toContain(77);
  });

  it('forwards a port, and answers come from where the client sent to', () => {
    const { lab, pod, router, out } = routed();
    append(router, 'nat', 'PREROUTING', {
      selectors: { protocol: { value: 6, invert: false } },
      matches: [{ name: 'tcp', dst: { value: [80, 80], invert: false } }],
      action: {
        kind: 'target',
        target: { name: 'DNAT', range: { addresses: [ip('10.1.0.2'), ip('10.1.0.2')], ports: [8080, 8080] } },
      },
    });
    const atPod = lab.capture(pod, 'eth0');
    send(lab, out, '192.0.2.1', 4000, 80, 2);
    const arrived = atPod.map(({ frame }) => frame.payload).find((p) => p.kind === 'ipv4') as Ipv4Packet;
    expect([arrived.dst, arrived.payload]).toMatchObject([ip('10.1.0.2'), { kind: 'bytes' }]);
    const atOut = lab.capture(out, 'eth0');
    send(lab, pod, '192.0.2.9', 8080, 4000, 18);
    const answer = atOut.map(({ frame }) => frame.payload).find((p) => p.kind === 'ipv4') as Ipv4Packet;
    expect(answer.src).toBe(ip('192.0.2.1'));
    const [entry] = conntrackOf(router).entries();
    expect(entry).toMatchObject({ tcp: 'SYN_RECV', seenReply: true, natted: { src: false, dst: true } });
    expect(entry?.reply).toMatchObject({ sport: 8080, dport: 4000 });
  });
});

describe('connection tracking', () => {
  const tracked = { matches: [{ name: 'conntrack', states: { value: ['INVALID'], invert: false } }] } as const;

  it('works only while a rule needs it', () => {
    const { lab, pod, router } = routed();
    lab.ping(pod, '192.0.2.9');
    expect(conntrackOf(router).count).toBe(0);
    append(router, 'filter', 'FORWARD', tracked);
    lab.ping(pod, '192.0.2.9');
    expect(conntrackOf(router).count).toBe(1);
    lab.run(31_000);
    expect(conntrackOf(router).count).toBe(0);
  });

  it('follows a TCP connection from handshake to its end', () => {
    const { lab, pod, router, out } = routed();
    append(router, 'filter', 'FORWARD', tracked);
    const states: (string | undefined)[] = [];
    const both = [() => send(lab, pod, '192.0.2.9', 5000, 80, 2), () => send(lab, out, '10.1.0.2', 80, 5000, 18)];
    const steps = [
      ...both,
      () => send(lab, pod, '192.0.2.9', 5000, 80, 16),
      () => send(lab, pod, '192.0.2.9', 5000, 80, 17),
      () => send(lab, out, '10.1.0.2', 80, 5000, 16),
      () => send(lab, out, '10.1.0.2', 80, 5000, 17),
      () => send(lab, pod, '192.0.2.9', 5000, 80, 16),
    ];
    for (const step of steps) {
      step();
      states.push(conntrackOf(router).entries()[0]?.tcp);
    }
    expect(states).toEqual(['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT']);
    expect(conntrackOf(router).entries()[0]?.assured).toBe(true);
  });

  it('drops new connections when the table is full of answered ones, and lets NOTRACK pass', () => {
    const { lab, pod, router } = routed();
    lab.sysctl(router, 'net/netfilter/nf_conntrack_max', 1);
    append(router, 'filter', 'FORWARD', tracked);
    expect(lab.ping(pod, '192.0.2.9').replies).toHaveLength(1);
    for (const entry of conntrackOf(router).entries()) entry.assured = true;
    expect(lab.ping(pod, '192.0.2.1').replies).toHaveLength(0);
    append(router, 'raw', 'PREROUTING', {
      selectors: { protocol: ICMP_PROTOCOL },
      action: { kind: 'target', target: { name: 'CT', by: 'NOTRACK' } },
    });
    append(router, 'raw', 'OUTPUT', {
      selectors: { protocol: ICMP_PROTOCOL },
      action: { kind: 'target', target: { name: 'CT', by: 'NOTRACK' } },
    });
    expect(lab.ping(pod, '192.0.2.1').replies).toHaveLength(1);
  });
});
