import { describe, expect, it } from 'vitest';
import { Lab } from '../../testing/index.ts';
import { must } from '../../testing/result.ts';
import { type LinkRequest, type NetNs, newLink } from '../index.ts';
import { ipvlanModule } from './index.ts';

/** A LAN with a gateway, a host on it, and Pods behind the host's device. */
function lan(data: LinkRequest): { lab: Lab; gateway: NetNs; pods: NetNs[] } {
  const lab = new Lab();
  lab.kernel.load(ipvlanModule);
  const gateway = lab.netns();
  lab.veth(lab.host, 'eth0', gateway, 'lan0', { a: '192.168.1.10/24', b: '192.168.1.254/24' });
  const pods = [1, 2].map((n) => {
    const pod = lab.netns();
    must(
      newLink(lab.host, {
        kind: 'ipvlan',
        name: `ipv${n}`,
        netns: pod,
        link: lab.link(lab.host, 'eth0').ifindex,
        data,
      }),
    );
    lab.addr(pod, `ipv${n}`, `192.168.1.10${n}/24`);
    lab.up(pod, `ipv${n}`);
    return pod;
  });
  lab.run(1);
  return { lab, gateway, pods };
}

describe('ipvlan', () => {
  it('in mode l2 reaches the LAN and its siblings, not its own host', () => {
    const { lab, gateway, pods } = lan({ kind: 'ipvlan', mode: 'l2' });
    const [first, second] = pods as [NetNs, NetNs];
    expect(lab.ping(first, '192.168.1.102').replies).toHaveLength(1);
    expect(lab.ping(second, '192.168.1.254').replies).toHaveLength(1);
    expect(lab.ping(first, '192.168.1.10').replies).toHaveLength(0);
    expect(lab.ping(gateway, '192.168.1.101').replies).toHaveLength(1);
  });

  it('in mode l3 is routed by the namespace underneath, and nobody answers ARP for it', () => {
    const { lab, gateway, pods } = lan({ kind: 'ipvlan', mode: 'l3' });
    const [first, second] = pods as [NetNs, NetNs];
    expect(lab.ping(first, '192.168.1.102').replies).toHaveLength(1);
    expect(lab.ping(gateway, '192.168.1.101').replies).toHaveLength(0);
    lab.addr(second, 'ipv2', '10.9.0.2/24');
    lab.route(second, '192.168.1.254/32', { dev: 'ipv2' });
    lab.route(gateway, '10.9.0.0/24', { via: '192.168.1.10' });
    expect(lab.ping(gateway, '10.9.0.2').replies).toHaveLength(1);
  });

  it('shares the address of the device underneath, and asks for others only in l2', () => {
    const { lab, pods } = lan({ kind: 'ipvlan', mode: 'l3' });
    const link = lab.link(pods[0] as NetNs, 'ipv1');
    expect(link.mac).toBe(lab.link(lab.host, 'eth0').mac);
    expect(link.flags & 0x80).toBe(0x80);
    expect(link.data).toEqual({ kind: 'ipvlan', mode: 'l3', flag: 'bridge' });
  });
});
