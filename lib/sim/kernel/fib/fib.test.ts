import { describe, expect, it } from 'vitest';
import { cidr, ip, Lab, must, refusal } from '../../testing/index.ts';
import {
  delRoute,
  delRule,
  dumpRoutes,
  dumpRules,
  getRoute,
  type NetNs,
  type NewRoute,
  newRoute,
  newRule,
  type RouteType,
  routeConnect,
} from '../index.ts';

const ADD = { create: true, excl: true };

/** eth0 192.168.1.10/24 and eth1 10.8.0.1/16, cabled to `far`. */
function host(): { lab: Lab; ns: NetNs } {
  const lab = new Lab();
  const far = lab.netns();
  lab.veth(lab.host, 'eth0', far, 'p0', { a: '192.168.1.10/24' });
  lab.veth(lab.host, 'eth1', far, 'p1', { a: '10.8.0.1/16' });
  return { lab, ns: lab.host };
}

const via = (dst: string, gateway: string, more: Partial<NewRoute> = {}): NewRoute => ({
  family: 4,
  dst: cidr(dst),
  nexthops: [{ gateway: ip(gateway) }],
  ...more,
});
const special = (dst: string, type: RouteType): NewRoute => ({ family: 4, dst: cidr(dst), type });
const get = (ns: NetNs, dst: string, more: { readonly src?: string; readonly mark?: number } = {}): string => {
  const answer = getRoute(ns, {
    dst: ip(dst),
    ...(more.src === undefined ? {} : { src: ip(more.src) }),
    ...(more.mark === undefined ? {} : { mark: more.mark }),
  });
  return answer.ok
    ? `${answer.value.gateway ?? 'link'} ${answer.value.ifindex} ${answer.value.prefsrc} ${answer.value.table}`
    : answer.error.errno;
};
const list = (ns: NetNs): string[] =>
  dumpRoutes(ns, { family: 4, table: 254 }).map((r) => `${r.type} ${r.dst}${r.priority === 0 ? '' : ` ${r.priority}`}`);

describe('the routing table', () => {
  it('prefers the longest prefix, then the lowest metric', () => {
    const { ns } = host();
    for (const route of [
      via('default', '192.168.1.1'),
      via('default', '192.168.1.2', { priority: 100 }),
      via('172.16.0.0/12', '10.8.0.254'),
      via('172.16.5.0/24', '192.168.1.254'),
    ])
      must(newRoute(ns, route, ADD));
    expect([get(ns, '8.8.8.8'), get(ns, '172.16.5.1'), get(ns, '172.16.6.1'), get(ns, '10.8.99.99')]).toEqual([
      '192.168.1.1 2 192.168.1.10 254',
      '192.168.1.254 2 192.168.1.10 254',
      '10.8.0.254 3 10.8.0.1 254',
      'link 3 10.8.0.1 254',
    ]);
    must(delRoute(ns, via('default', '192.168.1.1')));
    expect(get(ns, '8.8.8.8')).toBe('192.168.1.2 2 192.168.1.10 254');
    expect(list(ns)).toEqual([
      'unicast 0.0.0.0/0 100',
      'unicast 10.8.0.0/16',
      'unicast 172.16.0.0/12',
      'unicast 172.16.5.0/24',
      'unicast 192.168.1.0/24',
    ]);
  });

  it('knows routes that lead nowhere, each in its way', () => {
    const { ns } = host();
    must(newRoute(ns, via('default', '192.168.1.1'), ADD));
    for (const [dst, type] of [
      ['10.66.0.0/16', 'blackhole'],
      ['10.67.0.0/16', 'unreachable'],
      ['10.68.0.0/16', 'prohibit'],
      ['10.69.0.0/16', 'throw'],
    ] as const)
      must(newRoute(ns, special(dst, type), ADD));
    expect(['10.66.0.1', '10.67.0.1', '10.68.0.1', '10.69.0.1'].map((dst) => get(ns, dst))).toEqual([
      'EINVAL',
      'EHOSTUNREACH',
      'EACCES',
      'ENETUNREACH',
    ]);
    expect(refusal(routeConnect(ns, { dst: ip('10.66.0.1') }))).toBe('EINVAL');
    expect(refusal(routeConnect(ns, { dst: ip('192.168.1.255') }))).toBe('EACCES');
  });

  it('refuses what cannot be, in the words of the kernel', () => {
    const { lab, ns } = host();
    const asked = (route: NewRoute): string => refusal(newRoute(ns, route, ADD));
    expect(asked(via('10.50.0.0/16', '172.30.0.1'))).toBe('Nexthop has invalid gateway');
    expect(asked(via('10.50.1.1/16', '192.168.1.1'))).toBe('Invalid prefix for given prefix length');
    expect(asked(via('10.50.0.0/16', '192.168.1.1', { prefsrc: ip('10.0.0.99') }))).toBe('Invalid prefsrc address');
    expect(asked({ family: 4, dst: cidr('10.50.0.0/16'), scope: 253 })).toBe('ENODEV');
    expect(asked({ ...special('10.50.0.0/16', 'blackhole'), nexthops: [{ gateway: ip('192.168.1.1') }] })).toBe(
      'Gateway, device and multipath can not be specified for this route type',
    );
    must(newRoute(ns, via('default', '192.168.1.1'), ADD));
    expect(asked(via('default', '192.168.1.2'))).toBe('EEXIST');
    expect(refusal(newRoute(ns, via('10.9.0.0/16', '192.168.1.1'), { replace: true }))).toBe('ENOENT');
    expect(refusal(delRoute(ns, via('10.9.0.0/16', '192.168.1.1')))).toBe('ESRCH');
    lab.down(ns, 'eth1');
    expect(asked({ family: 4, dst: cidr('10.50.0.0/16'), scope: 253, nexthops: [{ ifindex: 3 }] })).toBe(
      'Device for nexthop is not up',
    );
  });

  it('takes gateways off the link only when told that they are on it', () => {
    const { ns } = host();
    expect(
      refusal(
        newRoute(
          ns,
          { family: 4, dst: cidr('10.50.0.0/16'), nexthops: [{ gateway: ip('203.0.113.1'), ifindex: 2 }] },
          ADD,
        ),
      ),
    ).toBe('Nexthop has invalid gateway');
    must(
      newRoute(
        ns,
        { family: 4, dst: cidr('10.50.0.0/16'), nexthops: [{ gateway: ip('203.0.113.1'), ifindex: 2, onlink: true }] },
        ADD,
      ),
    );
    expect(dumpRoutes(ns, { family: 4, table: 254 })[1]).toMatchObject({
      nexthops: [{ onlink: true, gateway: ip('203.0.113.1') }],
    });
  });

  it('loses routes with their device, and those of a source address with it', () => {
    const { lab, ns } = host();
    must(newRoute(ns, via('default', '192.168.1.1'), ADD));
    must(newRoute(ns, via('10.77.0.0/16', '192.168.1.1', { prefsrc: ip('10.8.0.1') }), ADD));
    lab.down(ns, 'eth0');
    expect(list(ns)).toEqual(['unicast 10.8.0.0/16']);
    lab.up(ns, 'eth0');
    expect(list(ns)).toEqual(['unicast 10.8.0.0/16', 'unicast 192.168.1.0/24']);
  });

  it('spreads flows over several nexthops by their weights, and goes round a dead one', () => {
    const { lab, ns } = host();
    const nexthops = [
      { gateway: ip('192.168.1.1'), weight: 1 },
      { gateway: ip('10.8.0.2'), weight: 3 },
    ];
    must(newRoute(ns, { family: 4, dst: cidr('10.99.0.0/16'), nexthops }, ADD));
    const used = Array.from({ length: 400 }, (_, i) => get(ns, `10.99.${i >> 8}.${i & 255}`).split(' ')[0]);
    const share = used.filter((gateway) => gateway === '10.8.0.2').length;
    expect(share).toBeGreaterThan(260);
    expect(share).toBeLessThan(340);
    expect(get(ns, '10.99.0.7')).toBe(get(ns, '10.99.0.7'));
    lab.down(ns, 'eth1');
    expect(new Set(Array.from({ length: 50 }, (_, i) => get(ns, `10.99.0.${i}`).split(' ')[0]))).toEqual(
      new Set(['192.168.1.1']),
    );
  });
});

describe('rules', () => {
  it('choose tables by source, destination and mark', () => {
    const { ns } = host();
    must(newRoute(ns, via('default', '192.168.1.1'), ADD));
    must(newRoute(ns, via('default', '10.8.0.254', { table: 200 }), ADD));
    must(newRule(ns, { family: 4, src: cidr('10.8.0.1'), table: 200 }, ADD));
    must(newRule(ns, { family: 4, mark: 0x10, table: 200, priority: 100 }, ADD));
    must(newRule(ns, { family: 4, dst: cidr('9.9.9.0/24'), table: 200, priority: 50 }, ADD));
    expect(dumpRules(ns, 4).map((r) => r.priority)).toEqual([0, 50, 100, 32765, 32766, 32767]);
    expect([
      get(ns, '8.8.8.8'),
      get(ns, '8.8.8.8', { src: '10.8.0.1' }),
      get(ns, '8.8.8.8', { mark: 0x10 }),
      get(ns, '8.8.8.8', { mark: 0x11 }),
      get(ns, '9.9.9.9'),
    ]).toEqual([
      '192.168.1.1 2 192.168.1.10 254',
      '10.8.0.254 3 undefined 200',
      '10.8.0.254 3 10.8.0.1 200',
      '192.168.1.1 2 192.168.1.10 254',
      '10.8.0.254 3 10.8.0.1 200',
    ]);
    expect(refusal(newRule(ns, { family: 4, mark: 0x10, table: 200, priority: 100 }, ADD))).toBe('EEXIST');
    must(delRule(ns, { family: 4, priority: 50 }));
    expect(refusal(delRule(ns, { family: 4, priority: 50 }))).toBe('ENOENT');
    expect(get(ns, '9.9.9.9')).toBe('192.168.1.1 2 192.168.1.10 254');
  });

  it('refuse, and pass a table whose answer is too short', () => {
    const { ns } = host();
    must(newRoute(ns, via('default', '192.168.1.1'), ADD));
    must(newRule(ns, { family: 4, dst: cidr('203.0.113.0/24'), action: 'unreachable', priority: 10 }, ADD));
    must(newRule(ns, { family: 4, table: 254, suppressPrefixLength: 0, priority: 20 }, ADD));
    must(newRule(ns, { family: 4, action: 'prohibit', priority: 30 }, ADD));
    expect([get(ns, '203.0.113.1'), get(ns, '192.168.1.77').split(' ')[0], get(ns, '8.8.8.8')]).toEqual([
      'ENETUNREACH',
      'link',
      'EACCES',
    ]);
  });
});
