import { beforeAll, describe, expect, it } from 'vitest';
import { Random, SECOND } from '../base/index.ts';
import { cniPlugins, loadAll, programs } from '../commands/index.ts';
import { runScript } from './bench.ts';

const IPAM = '{"type":"host-local","subnet":"10.1.0.0/24","routes":[{"dst":"0.0.0.0/0"}]}';
const RESULT =
  '{"cniVersion":"1.0.0","interfaces":[{"name":"cni0"},{"name":"eth0","sandbox":"/run/netns/a"}],"ips":[{"interface":1,"address":"10.1.0.2/24","gateway":"10.1.0.1"}],"routes":[{"dst":"0.0.0.0/0"}]}';
/** Configurations that some plugin takes. */
const CONFIGURATIONS = [
  `{"cniVersion":"1.0.0","name":"n","bridge":"cni0","isGateway":true,"ipMasq":true,"mtu":1400,"ipam":${IPAM}}`,
  `{"cniVersion":"0.4.0","name":"n","ipam":{"type":"static","addresses":[{"address":"10.2.0.2/24","gateway":"10.2.0.1"}]}}`,
  `{"cniVersion":"0.2.0","name":"n","master":"eth9","device":"eth9","mode":"bridge","ipam":${IPAM}}`,
  `{"cniVersion":"1.0.0","name":"n","runtimeConfig":{"portMappings":[{"hostPort":80,"containerPort":80,"protocol":"tcp"}]},"prevResult":${RESULT}}`,
  `{"cniVersion":"1.0.0","name":"n","sysctl":{"net.ipv4.ip_forward":"1"},"mac":"02:00:00:00:00:01","promisc":true,"prevResult":${RESULT}}`,
  `{"cniVersion":"1.0.0","name":"n","ingressRate":1000,"ingressBurst":1000,"ingressPolicy":"same-bridge","prevResult":${RESULT}}`,
];
/** What stands in place of a value, or anywhere. */
const PIECES = [
  ...['null', 'true', '-1', '0', '1e9', '99999999999999999999', '""', '"x"', '[]', '{}', '[[]]', '[{}]'],
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u12',
    '\n',
    'é',
    '\u{1f600}',
    '"::/0"',
    '"0.0.0.0/0"',
    '"fd00::/127"',
  ],
  ...['"/"', '"../../x"', '"a very long name that no device has"', '"00:00:00:00:00:00"'],
];
const COMMANDS = ['ADD', 'ADD', 'ADD', 'CHECK', 'DEL', 'VERSION', 'GC', ''];

function mutated(random: Random): string {
  let text = pick(random, CONFIGURATIONS);
  for (let times = random.int(0, 3); times > 0; times--) {
    const values = [...text.matchAll(/"[^"]*"|\d+|true|\{[^{}]*\}|\[[^[\]]*\]/g)];
    const target = pick(random, values);
    const at = random.int(0, 4) === 0 || target === undefined ? random.int(0, text.length) : target.index;
    const length = target !== undefined && at === target.index ? target[0].length : random.int(0, 3);
    text = `${text.slice(0, at)}${pick(random, PIECES)}${text.slice(at + length)}`;
  }
  return text;
}

const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(0, items.length - 1)] as T;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Calls of plugins in one world, one after another, so that each finds what those before left. */
function script(random: Random): string {
  const names = cniPlugins.map(({ name }) => name);
  const calls = Array.from({ length: 6 }, () => {
    const environment = [
      `CNI_COMMAND=${pick(random, COMMANDS)}`,
      `CNI_CONTAINERID=${pick(random, ['a', 'b', '', quoted('a b')])}`,
      `CNI_NETNS=${pick(random, ['/run/netns/a', '/run/netns/a', '/proc/self/ns/net', '/nosuch', '/', ''])}`,
      `CNI_IFNAME=${pick(random, ['eth0', 'eth0', 'lo', 'cni0', '', 'a/b'])}`,
      `CNI_ARGS=${quoted(pick(random, ['', '', 'IP=10.1.0.9', 'MAC=02:00:00:00:00:09', 'x', 'IgnoreUnknown=1;x=y']))}`,
      `CNI_PATH=${pick(random, ['/opt/cni/bin', '/opt/cni/bin', '/opt/cni/bin', '', ':', '/nosuch'])}`,
    ];
    return `printf %s ${quoted(mutated(random))} | ${environment.join(' ')} /opt/cni/bin/${pick(random, names)}`;
  });
  return ['ip netns add a', ...calls].join('\n');
}

beforeAll(async () => {
  await loadAll(programs);
});

/** One call of a plugin for the container of namespace `a`. */
const callOf = (plugin: string, conf: string, command = 'ADD'): string =>
  `ip netns add a; printf %s ${quoted(conf)} | CNI_COMMAND=${command} CNI_CONTAINERID=a CNI_NETNS=/run/netns/a CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin /opt/cni/bin/${plugin}`;

/** Devices that no recording shows: the recorder's kernel has neither VLAN nor ipvlan devices. */
describe('containers on a device of the host', () => {
  const cni = `cni() { CNI_COMMAND=$1 CNI_CONTAINERID=$2 CNI_NETNS=/run/netns/$2 CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin /opt/cni/bin/$3; }
conf() { echo "{\\"cniVersion\\":\\"1.0.0\\",\\"name\\":\\"n\\",$1,\\"ipam\\":{\\"type\\":\\"host-local\\",\\"subnet\\":\\"10.1.0.0/24\\"}}"; }
ip link add up1 type veth peer name up2; ip link set up1 up; ip link set up2 up; for p in a b c; do ip netns add $p; done`;
  const run = (script: string): string[] =>
    runScript(`${cni}\n${script}`, { events: 50_000, until: 60 * SECOND })
      .output.trim()
      .split('\n');

  it('meet those of their VLAN, and go with DEL', () => {
    const lines = run(`conf '"master":"up1","vlanId":5' | cni ADD a vlan | grep address
conf '"master":"up2","vlanId":5' | cni ADD b vlan | grep address; conf '"master":"up2","vlanId":6' | cni ADD c vlan | grep address
ip netns exec a ping -c 1 -W 1 10.1.0.3 | grep -o '. received'; ip netns exec a ping -c 1 -W 1 10.1.0.4 | grep -o '. received'
ip -n a -d link show eth0 | grep -o 'vlan protocol .* id .'; conf '"master":"up1","vlanId":5' | cni DEL a vlan; ip -n a -br link | wc -l`);
    expect(lines.map((line) => line.trim())).toEqual([
      ...['"address": "10.1.0.2/24",', '"address": "10.1.0.3/24",', '"address": "10.1.0.4/24",'],
      ...['1 received', '0 received', 'vlan protocol 802.1Q id 5', '1'],
    ]);
  });

  it('share an ipvlan, and CHECK knows its mode', () => {
    const lines =
      run(`prev=$(conf '"master":"up1"' | cni ADD a ipvlan); conf '"master":"up1"' | cni ADD b ipvlan > /dev/null
ip netns exec a ping -c 1 -W 1 10.1.0.3 | grep -o '. received'
conf '"master":"up1","prevResult":'"$prev" | cni CHECK a ipvlan; echo $?
conf '"master":"up1","mode":"l3","prevResult":'"$prev" | cni CHECK a ipvlan | grep -o 'mode.*'`);
    expect(lines).toEqual(['1 received', '0', 'mode l2 does not match expected value: l3"']);
  });
});

describe('what of the plugins is not simulated', () => {
  it.each([
    ['bridge', '{"cniVersion":"1.0.0","name":"n","vlan":5}', 'vlan, which needs a bridge that filters VLANs'],
    ['bridge', '{"cniVersion":"1.0.0","name":"n","macspoofchk":true}', 'macspoofchk'],
    ['firewall', '{"cniVersion":"1.0.0","name":"n","backend":"firewalld"}', 'the backend firewalld'],
    [
      'host-device',
      '{"cniVersion":"1.0.0","name":"n","pciBusID":"0000:00:1f.6"}',
      'devices by their place on the PCI bus',
    ],
    ['sbr', '{"cniVersion":"1.0.0","name":"n"}', 'routing by the source address'],
    ['vrf', '{"cniVersion":"1.0.0","name":"n"}', 'a virtual routing and forwarding domain'],
  ])('is said by %s: %s', (plugin, conf, what) => {
    const { output, status } = runScript(callOf(plugin, conf), { events: 5_000, until: 10 * SECOND });
    expect({ output, status }).toEqual({ output: `${plugin}: not simulated here: ${what}\n`, status: 64 });
  });

  it('is said of the daemon of dhcp', () => {
    const { output, status } = runScript('/opt/cni/bin/dhcp daemon', { events: 5_000, until: 10 * SECOND });
    expect({ output, status }).toEqual({ output: 'dhcp: not simulated here: the daemon\n', status: 64 });
  });

  it('does not come before what the real plugin refuses', () => {
    const { output, status } = runScript(callOf('sbr', '{"name":""}'), { events: 5_000, until: 10 * SECOND });
    expect(output).toContain('missing network name');
    expect(status).toBe(1);
  });
});

describe('CNI calls made by chance', () => {
  it('neither break the simulator nor hold it up', { timeout: 120_000 }, () => {
    const random = new Random('cni fuzz 1');
    for (let round = 0; round < 150; round++) {
      const text = script(random);
      const outcome = runScript(text, { events: 20_000, until: 60 * SECOND }, round);
      expect({ text, bugs: outcome.bugs.map(String) }).toEqual({ text, bugs: [] });
      expect({ text, slow: outcome.slowest > 4_000 }).toEqual({ text, slow: false });
    }
  });
});
