import { describe, expect, it } from 'vitest';
import { cidr, ip, Lab, toHex } from '../../testing/index.ts';
import { must } from '../../testing/result.ts';
import { dumpAddrs, type NetNs, newLink, newRoute } from '../index.ts';
import { greModule, ipipModule, sitModule } from './index.ts';

/** Two namespaces, each in its own network, with a router between them. */
function apart(kind: 'ipip' | 'gre' | 'sit'): { lab: Lab; a: NetNs; b: NetNs } {
  const lab = new Lab();
  lab.kernel.load({ ipip: ipipModule, gre: greModule, sit: sitModule }[kind]);
  const [a, b] = [lab.netns(), lab.netns()];
  lab.veth(a, 'e0', b, 'e0');
  lab.addr(a, 'e0', '10.0.0.1/24');
  lab.addr(b, 'e0', '10.0.0.2/24');
  lab.run(1);
  return { lab, a, b };
}

function tunnel(
  lab: Lab,
  ns: NetNs,
  kind: 'ipip' | 'gre' | 'sit',
  ends: [string, string],
  address: string,
  key?: number,
): void {
  const [local, remote] = [ip(ends[0]), ip(ends[1])];
  must(newLink(ns, { kind, name: 'tun9', data: { kind, local, remote, ...(key === undefined ? {} : { key }) } }));
  lab.addr(ns, 'tun9', address);
  lab.up(ns, 'tun9');
  lab.run(1);
}

describe('an IP tunnel', () => {
  it.each([
    ['ipip', 1480],
    ['gre', 1476],
  ] as const)('%s carries packets between its ends', (kind, mtu) => {
    const { lab, a, b } = apart(kind);
    tunnel(lab, a, kind, ['10.0.0.1', '10.0.0.2'], '10.9.0.1/30');
    tunnel(lab, b, kind, ['10.0.0.2', '10.0.0.1'], '10.9.0.2/30');
    expect(lab.link(a, 'tun9').mtu).toBe(mtu);
    expect(dumpAddrs(a).map(({ local }) => String(local))).toContain('fe80::5efe:a00:1');
    const seen = lab.capture(b, 'e0');
    expect(lab.ping(a, '10.9.0.2').replies).toHaveLength(1);
    const first = seen.find(({ frame }) => frame.payload.kind === 'ipv4');
    expect(first?.bytes[23]).toBe(kind === 'ipip' ? 4 : 47);
    if (kind === 'gre') expect(toHex(first?.bytes.slice(34, 38) ?? new Uint8Array())).toBe('00000800');
  });

  it('tells keys apart, and answers what no tunnel takes', () => {
    const { lab, a, b } = apart('gre');
    tunnel(lab, a, 'gre', ['10.0.0.1', '10.0.0.2'], '10.9.0.1/30', 7);
    tunnel(lab, b, 'gre', ['10.0.0.2', '10.0.0.1'], '10.9.0.2/30', 8);
    const seen = lab.capture(b, 'e0');
    expect(lab.ping(a, '10.9.0.2').replies).toHaveLength(0);
    expect(seen.some(({ frame }) => frame.payload.kind === 'ipv4' && frame.payload.protocol === 1)).toBe(true);
  });

  it('takes packets of IPv6 as sit', () => {
    const { lab, a, b } = apart('sit');
    tunnel(lab, a, 'sit', ['10.0.0.1', '10.0.0.2'], 'fd00::1/64');
    tunnel(lab, b, 'sit', ['10.0.0.2', '10.0.0.1'], 'fd00::2/64');
    lab.run(3);
    expect(lab.ping(a, 'fd00::2').replies).toHaveLength(1);
  });

  it('to many goes to the gateway that the route names', () => {
    const { lab, a, b } = apart('ipip');
    for (const [ns, host] of [
      [a, 1],
      [b, 2],
    ] as const) {
      lab.up(ns, 'tunl0');
      lab.addr(ns, 'tunl0', `10.9.${host}.1/32`);
      const gateway = `10.0.0.${3 - host}`;
      const nexthops = [{ gateway: ip(gateway), ifindex: lab.link(ns, 'tunl0').ifindex, onlink: true }];
      must(
        newRoute(
          ns,
          { family: 4, dst: cidr(`10.9.${3 - host}.0/24`), nexthops, scope: 0 },
          { create: true, excl: true },
        ),
      );
    }
    expect(lab.ping(a, '10.9.2.1').replies).toHaveLength(1);
  });

  it('whose way leads through itself sends nothing', () => {
    const { lab, a } = apart('ipip');
    tunnel(lab, a, 'ipip', ['10.0.0.1', '10.9.0.2'], '10.9.0.1/30');
    expect(lab.ping(a, '10.9.0.2').replies).toHaveLength(0);
    expect(lab.link(a, 'tun9').stats.collisions).toBeGreaterThan(0);
  });
});
