import { expect, it } from 'vitest';
import { keyOfPath, pathOfKey } from './names.ts';

it.each([
  ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
  ['net/ipv4/ip_forward', 'net/ipv4/ip_forward'],
  ['net.ipv4.conf.eth0/1.rp_filter', 'net/ipv4/conf/eth0.1/rp_filter'],
  ['net/ipv4/conf/eth0.1/rp_filter', 'net/ipv4/conf/eth0.1/rp_filter'],
])('%s lies at %s', (key, path) => {
  expect(pathOfKey(key)).toBe(path);
});

it('names a path with dots, and a dot in it with a slash', () => {
  expect(keyOfPath('net/ipv4/conf/eth0.1/rp_filter')).toBe('net.ipv4.conf.eth0/1.rp_filter');
});
