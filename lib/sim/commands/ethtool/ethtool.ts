import { dumpLinks, getLink, IFF, type LinkMessage } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { describeFeatures } from './features.ts';

/** What a query prints, or how it fails. */
type Answer = { readonly output?: string; readonly error?: string; readonly status: number };

type Query = {
  readonly flags: readonly string[];
  readonly answer: (link: LinkMessage) => Answer;
  readonly absent: Answer;
};

const good = (output: string): Answer => ({ output, status: 0 });
const NO_DEVICE = 'netlink error: no device matches name (offset 24)\nnetlink error: No such device\n';
const netlinkAbsent: Answer = { error: NO_DEVICE, status: 1 };
const netlinkUnsupported: Answer = { error: 'netlink error: Operation not supported\n', status: 1 };
const ioctlAbsent = (what: string, status: number): Answer => ({
  error: `Cannot get ${what}: No such device\n`,
  status,
});

const BAD_ARGUMENTS: Answer = {
  error: 'ethtool: bad command line argument(s)\nFor more information run ethtool -h\n',
  status: 1,
};

/** Five questions make up the settings, and each complains for itself. */
const settings: Query = {
  flags: [],
  answer: (link) =>
    good(
      `Settings for ${link.name}:\n${settingsOf(link)}\tLink detected: ${link.carrier && (link.flags & IFF.UP) !== 0 ? 'yes' : 'no'}\n`,
    ),
  absent: { output: 'No data available\n', error: NO_DEVICE.repeat(5), status: 75 },
};

const QUERIES: readonly Query[] = [
  { flags: ['-i', '--driver'], answer: driver, absent: ioctlAbsent('driver information', 71) },
  {
    flags: ['-k', '--show-features', '--show-offload'],
    answer: (link) => good(`Features for ${link.name}:\n${describeFeatures(link.kind ?? 'loopback')}`),
    absent: netlinkAbsent,
  },
  { flags: ['-S', '--statistics'], answer: statistics, absent: ioctlAbsent('stats strings information', 96) },
  { flags: ['-P', '--show-permaddr'], answer: () => good('Permanent address: not set\n'), absent: netlinkAbsent },
  { flags: ['-g', '--show-ring'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
  { flags: ['-a', '--show-pause'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
  { flags: ['-c', '--show-coalesce'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
];

function settingsOf(link: LinkMessage): string {
  if (link.kind === undefined) return '';
  const veth = link.kind === 'veth';
  return `	Supported ports: [  ]
	Supported link modes:   Not reported
	Supported pause frame use: No
	Supports auto-negotiation: No
	Supported FEC modes: Not reported
	Advertised link modes:  Not reported
	Advertised pause frame use: No
	Advertised auto-negotiation: No
	Advertised FEC modes: Not reported
	Speed: ${veth ? '10000Mb/s' : 'Unknown!'}
	Duplex: ${veth ? 'Full' : 'Unknown! (255)'}
	Auto-negotiation: off
	Port: ${veth ? 'Twisted Pair' : 'Other'}
	PHYAD: 0
	Transceiver: internal
${veth ? '\tMDI-X: Unknown\n' : ''}`;
}

const DRIVERS: Readonly<Record<string, { readonly version: string; readonly place: string }>> = {
  veth: { version: '1.0', place: '' },
  bridge: { version: '2.3', place: 'N/A' },
  dummy: { version: '1.0', place: '' },
};

function driver(link: LinkMessage): Answer {
  const known = DRIVERS[link.kind ?? 'loopback'];
  if (known === undefined) return { error: 'Cannot get driver information: Operation not supported\n', status: 71 };
  return good(`driver: ${link.kind}
version: ${known.version}
firmware-version: ${known.place}
expansion-rom-version: 
bus-info: ${known.place}
supports-statistics: ${link.kind === 'veth' ? 'yes' : 'no'}
supports-test: no
supports-eeprom-access: no
supports-register-dump: no
supports-priv-flags: no
`);
}

const QUEUE_COUNTERS = [
  'rx_queue_0_xdp_packets',
  'rx_queue_0_xdp_bytes',
  'rx_queue_0_drops',
  'rx_queue_0_xdp_redirect',
  'rx_queue_0_xdp_drops',
  'rx_queue_0_xdp_tx',
  'rx_queue_0_xdp_tx_errors',
  'tx_queue_0_xdp_xmit',
  'tx_queue_0_xdp_xmit_errors',
];

/** Only veth has counters of its own, and of them only the peer's number means anything without XDP. */
function statistics(link: LinkMessage): Answer {
  if (link.kind !== 'veth') return { error: 'no stats available\n', status: 94 };
  const lines = [`peer_ifindex: ${link.link ?? 0}`, ...QUEUE_COUNTERS.map((name) => `${name}: 0`)];
  return good(`NIC statistics:\n${lines.map((line) => `     ${line}\n`).join('')}`);
}

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const [, first = '', second, ...more] = process.argv;
  if (first === '--version') {
    yield* process.print('ethtool version 6.1\n');
    return 0;
  }
  const lacking = ethtool.options.find(({ flags, simulated }) => !simulated && flags.includes(first));
  if (lacking !== undefined) return yield* notSimulated(process, 'ethtool', first);
  const query = first.startsWith('-') ? QUERIES.find(({ flags }) => flags.includes(first)) : settings;
  const name = query === settings ? first : second;
  const answer =
    query === undefined || name === undefined || name === '' || more.length > 0
      ? BAD_ARGUMENTS
      : ask(query, name, process, node);
  if (answer.error !== undefined) yield* process.printError(answer.error);
  if (answer.output !== undefined) yield* process.print(answer.output);
  return answer.status;
}

function ask(query: Query, name: string, process: Process, node: Node): Answer {
  const link = getLink(node.kernel.netns(process.netns) ?? node.kernel.init, name);
  return link === undefined ? query.absent : query.answer(link);
}

export const ethtool: CommandSpec = {
  name: 'ethtool',
  path: '/usr/sbin/ethtool',
  summary: 'query network driver settings',
  options: [
    option('-i --driver', 'the driver of a device'),
    option('-k --show-features --show-offload', 'protocol offloads'),
    option('-S --statistics', 'counters of the driver'),
    option('-P --show-permaddr', 'permanent hardware address'),
    option('-g --show-ring', 'sizes of ring buffers'),
    option('-a --show-pause', 'pause parameters'),
    option('-c --show-coalesce', 'coalescing of interrupts'),
    missing('-K --features --offload', 'change protocol offloads'),
    missing('-s --change', 'change settings'),
    missing('-l --show-channels', 'numbers of channels'),
    missing('-T --show-time-stamping', 'time stamping'),
    missing('-h --help', 'usage'),
    missing('-d --register-dump', 'registers'),
    missing('-e --eeprom-dump', 'EEPROM'),
    missing('-p --identify', 'blink'),
    missing('-t --test', 'self-test'),
    missing('-x --show-rxfh', 'flow hashing'),
    missing('-A --pause', 'change pause parameters'),
    missing('-C --coalesce', 'change coalescing'),
    missing('-G --set-ring', 'change ring buffers'),
    missing('-L --set-channels', 'change channels'),
    missing('-j --json', 'JSON'),
    option('--version', 'version'),
  ],
  complete: (_, node, process) => {
    const ns = node.kernel.netns(process?.netns ?? node.kernel.init.inode);
    return ns === undefined ? [] : dumpLinks(ns).map((link) => link.name);
  },
  run,
};
