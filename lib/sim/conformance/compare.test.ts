import { describe, expect, it } from 'vitest';
import { compareTranscripts, describeDifference, diffLines } from './compare.ts';
import { Normaliser } from './normalise.ts';
import { parseTranscript, renderTranscript, worldOf } from './transcript.ts';

const SAMPLE = `# A sample.
# world: host
$ for i in 1 2; do
>   echo $i
> done
1
2
$ true
$ ip netns exec nosuch ls
Cannot open network namespace "nosuch": No such file or directory
[exit 255]
`;

describe('transcript', () => {
  it('parses and renders back', () => {
    const transcript = parseTranscript(SAMPLE);
    expect(transcript.commands).toEqual([
      { command: 'for i in 1 2; do\n  echo $i\ndone', output: '1\n2', status: 0 },
      { command: 'true', output: '', status: 0 },
      {
        command: 'ip netns exec nosuch ls',
        output: 'Cannot open network namespace "nosuch": No such file or directory',
        status: 255,
      },
    ]);
    expect(worldOf(transcript)).toBe('host');
    expect(renderTranscript(transcript)).toBe(SAMPLE);
  });
});

describe('normaliser', () => {
  it('keeps the identity of MAC addresses, also inside link-local addresses', () => {
    const to = new Normaliser();
    expect(to.normalise('link/ether 16:bd:41:f7:f6:bc brd ff:ff:ff:ff:ff:ff')).toBe(
      'link/ether <mac:1> brd ff:ff:ff:ff:ff:ff',
    );
    expect(to.normalise('5e:c8:01:60:c0:b1 16:bd:41:f7:f6:bc')).toBe('<mac:2> <mac:1>');
    expect(to.normalise('inet6 fe80::14bd:41ff:fef7:f6bc/64 scope link tentative ')).toBe(
      'inet6 fe80::<mac:1>/64 scope link',
    );
  });

  it('labels times, identifiers and ephemeral ports', () => {
    const to = new Normaliser();
    expect(to.normalise('64 bytes from 10.1.1.2: icmp_seq=1 ttl=64 time=0.088 ms')).toBe(
      '64 bytes from 10.1.1.2: icmp_seq=1 ttl=64 time=<t> ms',
    );
    expect(to.normalise('07:40:53.644882 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 30, seq 1, length 64')).toBe(
      '<ts> IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id <icmpid:1>, seq 1, length 64',
    );
    expect(to.normalise('10.0.0.1:40312 10.0.0.2:80')).toBe('10.0.0.1:<port:1> 10.0.0.2:80');
    expect(to.normalise('            90       1      0       0       0       0 ')).toBe('    <counters>');
  });
});

describe('compare', () => {
  it('counts commands, and those that speak', () => {
    const golden = parseTranscript('$ a\nx\n$ b\n$ c\n[exit 1]\n');
    const actual = parseTranscript('$ a\ny\n$ b\n$ c\n[exit 1]\n');
    expect(compareTranscripts(golden, actual)).toMatchObject({
      matched: 2,
      total: 3,
      speakingMatched: 1,
      speakingTotal: 2,
    });
  });

  it('counts a missing command as different', () => {
    const compared = compareTranscripts(parseTranscript('$ a\n$ b\n'), parseTranscript('$ a\n'));
    expect(compared.matched).toBe(1);
    expect(compared.commands[1]?.actualStatus).toBe(255);
  });

  it('shows what differs', () => {
    expect(diffLines(['a', 'b', 'c'], ['a', 'c', 'd'])).toEqual(['-b', '+d']);
    const [first] = compareTranscripts(parseTranscript('$ a\nx\n'), parseTranscript('$ a\ny\n[exit 2]\n')).commands;
    expect(first && describeDifference(first)).toBe('$ a  [exit 0 / 2]\n  -x\n  +y');
  });
});
