import { expect, it } from 'vitest';
import { cidr, ip, Lab, must, refusal } from '../../testing/index.ts';
import { getRoute, type NetNs, newNeigh, newRoute } from '../index.ts';

/** a and b on two cables; requests go over the first, answers come back over the second. */
function asymmetric(): { lab: Lab; a: NetNs; b: NetNs } {
  const lab = new Lab();
  const [a, b] = [lab.netns(), lab.netns()];
  for (const i of [1, 2]) lab.veth(a, `a${i}`, b, `b${i}`, { a: `10.0.${i}.1/24`, b: `10.0.${i}.2/24` });
  lab.addr(a, 'lo', '192.0.2.1/32');
  lab.addr(b, 'lo', '192.0.2.99/32');
  const host = (ns: NetNs, dst: string, via: string, src: string): void => {
    must(
      newRoute(ns, { family: 4, dst: cidr(dst), nexthops: [{ gateway: ip(via) }], prefsrc: ip(src) }, { create: true }),
    );
  };
  host(a, '192.0.2.99', '10.0.1.2', '192.0.2.1');
  host(b, '192.0.2.1', '10.0.2.1', '192.0.2.99');
  return { lab, a, b };
}

it.each([
  ['all 0, device 0', 0, 0, true],
  ['device 1 (strict) drops', 0, 1, false],
  ['device 2 (loose) lets in', 0, 2, true],
  ['all 1 counts when it is the greater', 1, 0, false],
  ['all 1, device 2: the greater is loose', 1, 2, true],
])('rp_filter: %s', (_, all, device, arrives) => {
  const { lab, a } = asymmetric();
  // Neighbours first: ARP from such a source would not be answered either.
  expect(lab.ping(a, '192.0.2.99').replies).toHaveLength(1);
  lab.sysctl(a, 'net/ipv4/conf/all/rp_filter', all);
  lab.sysctl(a, 'net/ipv4/conf/a2/rp_filter', device);
  expect(lab.ping(a, '192.0.2.99').replies).toHaveLength(arrives ? 1 : 0);
  expect(a.mib.get('Ext.IPReversePathFilter')).toBe(arrives ? 0 : 1);
});

it('shows in route questions about incoming packets', () => {
  const { lab, a } = asymmetric();
  const question = { dst: ip('192.0.2.1'), src: ip('192.0.2.99'), iif: lab.link(a, 'a2').ifindex };
  expect(must(getRoute(a, question))).toMatchObject({ type: 'local' });
  lab.sysctl(a, 'net/ipv4/conf/a2/rp_filter', 1);
  expect(refusal(getRoute(a, question))).toBe('EINVAL');
});

it('never takes a packet from outside that claims to come from here', () => {
  const { lab, a, b } = asymmetric();
  const drops = lab.recordDrops();
  lab.addr(b, 'lo', '10.0.1.1/32');
  // Not even ARP would answer such a sender.
  must(
    newNeigh(
      b,
      { ifindex: lab.link(b, 'b2').ifindex, dst: ip('10.0.2.1'), lladdr: lab.link(a, 'a2').mac },
      { create: true },
    ),
  );
  lab.ping(b, '10.0.2.1', { source: ip('10.0.1.1') });
  expect(drops).toContain(`${a.inode} IP_LOCAL_SOURCE`);
});
