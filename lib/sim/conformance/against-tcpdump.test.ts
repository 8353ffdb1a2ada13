import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { World } from '../world/index.ts';
import { runTranscript } from './run.ts';

const FILES = ['eth.pcap', 'any.pcap'];
const OPTIONS = [
  '-nn',
  '-nn -e',
  '-nn -v',
  '-nn -vv -e',
  '-nn -q',
  '-nn -t',
  '-nn -tt',
  '-nn -ttt',
  '-nn -tttt',
  '-nn -ttttt',
  '-nn -A',
  '-nn -X',
  '-nn -x',
  '-nn -xx',
  '-nn -XX',
  '-nn -#',
  '-nn -S -c 3',
  '-nn --count',
];
const FILTERS = [
  'icmp',
  'arp or icmp6',
  'not ip',
  'host 10.1.0.2 and icmp',
  'src net 10.1.0.0/24 and not arp',
  'icmp[icmptype] == icmp-echoreply',
  'ip[8] < 64',
  'ip proto 1 and greater 1000',
  'ip[6:2] & 0x1fff != 0',
  'ether src 02:00:00:00:00:01',
  'ether broadcast or ether multicast',
  'icmp6 and ip6[40] == 135',
  'arp[6:2] == 2',
  'len <= 60',
  'tcp port 7000 and tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'tcp[13] = 18',
  'udp and port 5300',
  'portrange 7000-7002 and ip',
  'tcp dst port 7000 and greater 200',
  'ip6 and tcp',
  'tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420',
];

const STORY = `
ip netns add a
ip link add v0 address 02:00:00:00:00:01 type veth peer name e0 address 02:00:00:00:00:02 netns a
ip addr add 10.1.0.1/24 dev v0; ip link set v0 up; ip -n a addr add 10.1.0.2/24 dev e0; ip -n a link set lo up
tcpdump -i v0 -U -w eth.pcap & tcpdump -i any -U -w any.pcap & sleep 0.5
ip -n a link set e0 up; sleep 3
ping -c 1 10.1.0.2; ping -c 1 -s 3000 10.1.0.2; ping -c 1 -t 5 -Q 0x10 10.1.0.2; ping -c 1 fe80::ff:fe00:2%v0; ping -c 1 -W 1 10.1.0.9
traceroute -q 1 -m 2 10.1.0.2
ip addr add fd00::1/64 dev v0 nodad; ip -n a addr add fd00::2/64 dev e0 nodad
ip netns exec a nc -lk 7000 > /dev/null & ip netns exec a nc -6 -lk 7001 > /dev/null & sleep 0.2
echo 'GET / HTTP/1.0' | nc -N 10.1.0.2 7000; nc -z 10.1.0.2 7002; echo six | nc -N fd00::2 7001; nc -z fd00::2 7002
echo question | nc -u -w 1 10.1.0.2 5300; head -c 4000 /dev/zero | nc -u -w 1 10.1.0.2 5400
ip netns exec a iptables -A INPUT -p tcp --dport 7000 -m statistic --mode nth --every 4 --packet 3 -j DROP
head -c 60000 /dev/zero | nc -N 10.1.0.2 7000; sleep 2
kill %3 %4
kill %1 %2; wait
`;

const commands = [
  ...OPTIONS.flatMap((options) => FILES.map((file) => ({ options, file, filter: '' }))),
  ...FILTERS.flatMap((filter) => FILES.map((file) => ({ options: '-nn', file, filter }))),
];
let world: World | undefined;
const run = runTranscript(
  {
    header: [],
    commands: [
      STORY,
      ...commands.map(
        ({ options, file, filter }) => `tcpdump ${options} -r ${file} ${filter === '' ? '' : `'${filter}'`}`,
      ),
    ].map((command) => ({ command, output: '', status: 0 })),
  },
  {
    opened: (opened) => {
      world = opened;
    },
  },
);

const real = spawnSync('tcpdump', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'hopwise-tcpdump-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Both streams of both; devices are named as this computer names those with the same numbers. */
const linesOf = (output: string): string[] =>
  output
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => line.replace(/\S+ +(In |Out|M {2}|B {2}|P {2}) /, 'DEVICE $1 '))
    .sort();

describe.runIf(real)('the tcpdump of this computer, given a file that the simulated one wrote', () => {
  for (const file of FILES) {
    const bytes = world?.home.machine.fs.readFile(`/root/${file}`);
    if (bytes?.ok) writeFileSync(join(folder, file), bytes.value);
  }

  it.each(
    commands.map(
      (command, i) => [`tcpdump ${command.options} -r ${command.file} ${command.filter}`, command, i] as const,
    ),
  )('prints the same: %s', (_, { options, file, filter }, i) => {
    const args = [...options.split(' '), '-r', file, ...(filter === '' ? [] : [filter])];
    const { stdout, stderr, status } = spawnSync('tcpdump', args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    const mine = run.transcript.commands[i + 1];
    expect(linesOf(mine?.output ?? '')).toEqual(linesOf(`${stderr}${stdout}`));
    expect(mine?.status).toBe(status);
  });
});

describe.runIf(!real)('the tcpdump of this computer', () => {
  it('is not installed: files of the simulated one were not held against it', ({ skip }) => skip());
});
