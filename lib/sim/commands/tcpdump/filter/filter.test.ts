import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../testing/index.ts';
import { compileFilter, FilterError, FilterNotSimulated, type LinkType } from './filter.ts';

/** One packet of each kind, from its Ethernet header. */
const PACKETS: Readonly<Record<string, string>> = {
  arp: 'ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a010001 000000000000 0a010002',
  echo: '020000000002 020000000001 0800 45000024 00010000 40010000 0a010001 0a010002 0800 0000 00070001 4141414141414141',
  reply:
    '020000000001 020000000002 0800 45000024 00010000 3f010000 0a010002 0a010001 0000 0000 00070001 4141414141414141',
  dns: '020000000002 020000000001 0800 45000020 00010000 40110000 0a010001 0a010035 c001 0035 000c 0000 41414141',
  fragment: '020000000002 020000000001 0800 45000020 00010005 40110000 0a010001 0a010002 0035 0035 000c 0000 41414141',
  syn: '020000000002 020000000001 0800 45000028 00014000 40060000 0a010001 0a010002 d000 0050 00000001 00000000 5002 ffff 00000000',
  solicit:
    '3333ff000002 020000000001 86dd 60000000 0018 3a ff fe80000000000000000000fffe000001 ff0200000000000000000001ff000002 8700 0000 00000000 fe80000000000000000000fffe000002',
  tagged:
    '020000000002 020000000001 8100 0005 0800 45000024 00010000 40010000 0a010001 0a010002 0800 0000 00070001 4141414141414141',
};

const names = {
  host: () => [],
  service: (name: string) =>
    name === 'domain' ? { port: 53, protocols: ['tcp' as const, 'udp' as const] } : undefined,
};

function compile(expression: string, linkType: LinkType = 'EN10MB') {
  return compileFilter(expression, { linkType, live: false, names });
}

function matched(expression: string): string[] {
  const filter = compile(expression);
  return Object.entries(PACKETS).flatMap(([name, hex]) => {
    const bytes = fromHex(hex.replaceAll(' ', ''));
    return filter({ bytes, wireLength: bytes.length }) ? [name] : [];
  });
}

describe('a filter lets through', () => {
  it.each([
    ['', Object.keys(PACKETS)],
    ['arp', ['arp']],
    ['ip', ['echo', 'reply', 'dns', 'fragment', 'syn']],
    ['ip6', ['solicit']],
    ['icmp', ['echo', 'reply']],
    ['icmp6', ['solicit']],
    ['not (ip or arp)', ['solicit', 'tagged']],
    ['! ip && ! arp', ['solicit', 'tagged']],
    ['host 10.1.0.2', ['arp', 'echo', 'reply', 'fragment', 'syn']],
    ['src host 10.1.0.2', ['reply']],
    ['dst 10.1.0.2 and icmp', ['echo']],
    ['src or dst 10.1.0.53', ['dns']],
    ['net 10.1.0.0/26', ['arp', 'echo', 'reply', 'dns', 'fragment', 'syn']],
    ['dst net 10.1.0.48 mask 255.255.255.240', ['dns']],
    ['port 53', ['dns']],
    ['port domain', ['dns']],
    ['udp port 53 or tcp dst port 80', ['dns', 'syn']],
    ['portrange 70-90', ['syn']],
    ['udp', ['dns', 'fragment']],
    ['ip[6:2] & 0x1fff != 0', ['fragment']],
    ['tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn', ['syn']],
    ['tcp[13] & 2 != 0', ['syn']],
    ['icmp[icmptype] == icmp-echo', ['echo']],
    ['icmp[0] = 0', ['reply']],
    ['ip[8] < 64', ['reply']],
    ['icmp6 and ip6[40] == 135', ['solicit']],
    ['ether src 02:00:00:00:00:02', ['reply']],
    ['ether broadcast', ['arp']],
    ['ether multicast', ['arp', 'solicit']],
    ['ether proto 0x86dd', ['solicit']],
    ['ip proto 17', ['dns', 'fragment']],
    ['proto \\udp', ['dns', 'fragment']],
    ['vlan', ['tagged']],
    ['vlan 5 and icmp', ['tagged']],
    ['vlan 6', []],
    ['ip6 host fe80::ff:fe00:1', ['solicit']],
    ['less 46', ['arp', 'dns', 'fragment']],
    ['greater 60', ['solicit']],
    ['arp[6:2] == 1', ['arp']],
    // Both bind equally, from the left.
    ['arp or icmp and src 10.1.0.2', ['reply']],
  ])('%s', (expression, expected) => {
    expect(matched(expression)).toEqual(expected);
  });
});

describe('an expression is refused in libpcap’s words', () => {
  it.each([
    ['foo bar', 'syntax error'],
    ['host nosuch', 'unknown host'],
    ['icmp and', 'syntax error'],
    ['(icmp', 'syntax error'],
    ['port nosuchport', 'port'],
    ['net 10.1.0.1/24', 'non-network bits set'],
    ['host 10.1.0.256', 'invalid IPv4 address'],
    ['ip[0', 'syntax error'],
  ])('%s', (expression, words) => {
    expect(() => compile(expression)).toThrow(FilterError);
    expect(() => compile(expression)).toThrow(words);
  });

  it('and what is not simulated is named', () => {
    expect(() => compile('ip broadcast')).toThrow(FilterNotSimulated);
  });
});
