import { describe, expect, it } from 'vitest';
import { Lab, must, refusal } from '../../testing/index.ts';
import { listSysctls, type NetNs, newLink, readSysctl, setLink, writeSysctl } from '../index.ts';

const read = (ns: NetNs, path: string): string => must(readSysctl(ns, path));

describe('sysctls', () => {
  it('start as on Linux', () => {
    const { host } = new Lab();
    const wanted = {
      'net/ipv4/ip_forward': '0',
      'net/ipv4/ip_default_ttl': '64',
      'net/ipv4/ip_local_port_range': '32768\t60999',
      'net/core/somaxconn': '4096',
      'net/ipv4/conf/lo/rp_filter': '0',
      'net/ipv4/neigh/lo/base_reachable_time_ms': '30000',
      'net/ipv4/neigh/lo/base_reachable_time': '30',
      'net/ipv6/conf/lo/mtu': '65536',
      'net/ipv6/icmp/ratelimit': '100',
    };
    for (const [path, value] of Object.entries(wanted)) expect([path, read(host, path)]).toEqual([path, value]);
  });

  it('belong to a namespace; machine-wide ones only to the first', () => {
    const lab = new Lab();
    const ns = lab.netns();
    lab.sysctl(lab.host, 'net/ipv4/ip_forward', 1);
    expect(read(ns, 'net/ipv4/ip_forward')).toBe('0');
    expect(refusal(readSysctl(ns, 'net/core/netdev_max_backlog'))).toBe('ENOENT');
    lab.sysctl(lab.host, 'net/core/netdev_max_backlog', 50);
    expect(lab.kernel.backlog.limit).toBe(50);
  });

  it('are checked as proc_dointvec checks them', () => {
    const { host } = new Lab();
    const write = (path: string, text: string): string => {
      const written = writeSysctl(host, path, text);
      return written.ok ? read(host, path) : written.error.errno;
    };
    expect(write('net/ipv4/ip_forward', 'yes')).toBe('EINVAL');
    expect(write('net/ipv4/ip_forward', ' 0x2 \n')).toBe('2');
    expect(write('net/ipv4/ip_default_ttl', '256')).toBe('EINVAL');
    expect(write('net/ipv4/ip_default_ttl', '')).toBe('64');
    expect(write('net/ipv4/ip_local_port_range', '40000 41000')).toBe('40000\t41000');
    expect(write('net/ipv4/tcp_available_congestion_control', 'x')).toBe('EACCES');
    expect(write('net/ipv4/conf/eth9/rp_filter', '1')).toBe('ENOENT');
    expect(write('net/ipv4/tcp_congestion_control', 'reno\n')).toBe('reno');
  });

  it('switch forwarding everywhere with ip_forward, and on one device alone', () => {
    const lab = new Lab();
    const { host } = lab;
    const all = (): string[] => ['all', 'default', 'lo'].map((d) => read(host, `net/ipv4/conf/${d}/forwarding`));
    lab.sysctl(host, 'net/ipv4/ip_forward', 1);
    expect(all()).toEqual(['1', '1', '1']);
    must(newLink(host, { kind: 'veth', name: 'e0', peer: { name: 'e1' } }));
    expect(read(host, 'net/ipv4/conf/e0/forwarding')).toBe('1');
    lab.sysctl(host, 'net/ipv4/conf/e0/forwarding', 0);
    expect(read(host, 'net/ipv4/ip_forward')).toBe('1');
    lab.sysctl(host, 'net/ipv4/conf/all/forwarding', 0);
    expect([...all(), read(host, 'net/ipv4/ip_forward')]).toEqual(['0', '0', '0', '0']);
  });

  it('give new defaults to devices whose value nobody chose', () => {
    const lab = new Lab();
    const { host } = lab;
    must(newLink(host, { kind: 'veth', name: 'e0', peer: { name: 'e1' } }));
    lab.sysctl(host, 'net/ipv4/conf/e0/rp_filter', 2);
    lab.sysctl(host, 'net/ipv4/conf/default/rp_filter', 1);
    expect(['e0', 'e1', 'lo'].map((d) => read(host, `net/ipv4/conf/${d}/rp_filter`))).toEqual(['2', '1', '1']);
  });

  it('are listed in order, with the names of the devices that are there', () => {
    const lab = new Lab();
    must(newLink(lab.host, { kind: 'veth', name: 'e0.100', peer: { name: 'e1' } }));
    const before = listSysctls(lab.host);
    expect(before.map((e) => e.path)).toEqual([...before].map((e) => e.path).sort());
    expect(listSysctls(lab.host)).toBe(before);
    expect(before.some((e) => e.path === 'net/ipv4/conf/e0.100/forwarding')).toBe(true);
    must(setLink(lab.host, lab.link(lab.host, 'e0.100').ifindex, { name: 'lan0' }));
    expect(listSysctls(lab.host).some((e) => e.path === 'net/ipv4/conf/lan0/forwarding')).toBe(true);
    for (const { path, mode } of listSysctls(lab.host)) if (mode !== 'w') must(readSysctl(lab.host, path));
  });

  it('switch behaviour', () => {
    const lab = new Lab();
    expect(lab.ping(lab.host, '127.0.0.1').replies).toHaveLength(1);
    lab.sysctl(lab.host, 'net/ipv4/icmp_echo_ignore_all', 1);
    expect(lab.ping(lab.host, '127.0.0.1').replies).toHaveLength(0);
    lab.sysctl(lab.host, 'net/ipv4/icmp_echo_ignore_all', 0);
    lab.sysctl(lab.host, 'net/ipv4/ip_default_ttl', 40);
    expect(lab.ping(lab.host, '127.0.0.1').replies).toMatchObject([{ ttl: 40 }]);
  });
});
