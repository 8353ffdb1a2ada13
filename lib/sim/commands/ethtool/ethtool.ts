import { dumpLinks, getLink, IFF, type LinkMessage, type NetNs } from '../../kernel/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { describeFeatures, setFeatures } from './features.ts';

/** What a query prints, or how it fails. */
type Answer = { readonly output?: string; readonly error?: string; readonly status: number };

type Query = {
  readonly flags: readonly string[];
  readonly answer: (link: LinkMessage, ns: NetNs, process: Process) => Answer;
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
  answer: (link, ns) =>
    link.kind === 'ifb'
      ? { output: 'No data available\n', status: 75 }
      : good(
          `Settings for ${link.name}:\n${settingsOf(link, ns)}\tLink detected: ${link.carrier && (link.flags & IFF.UP) !== 0 ? 'yes' : 'no'}\n`,
        ),
  absent: { output: 'No data available\n', error: NO_DEVICE.repeat(5), status: 75 },
};

const QUERIES: readonly Query[] = [
  { flags: ['-i', '--driver'], answer: driver, absent: ioctlAbsent('driver information', 71) },
  {
    flags: ['-k', '--show-features', '--show-offload'],
    answer: (link, ns) => good(`Features for ${link.name}:\n${describeFeatures(ns, link.ifindex)}`),
    absent: netlinkAbsent,
  },
  { flags: ['-S', '--statistics'], answer: statistics, absent: ioctlAbsent('stats strings information', 96) },
  { flags: ['-P', '--show-permaddr'], answer: () => good('Permanent address: not set\n'), absent: netlinkAbsent },
  { flags: ['-g', '--show-ring'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
  { flags: ['-a', '--show-pause'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
  { flags: ['-c', '--show-coalesce'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
  { flags: ['-l', '--show-channels'], answer: channels, absent: netlinkAbsent },
  { flags: ['-T', '--show-time-stamping'], answer: timeStamping, absent: netlinkAbsent },
  { flags: ['-m', '--dump-module-eeprom', '--module-info'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
  { flags: ['--show-eee'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
  { flags: ['--show-fec'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
  { flags: ['--show-priv-flags'], answer: () => netlinkUnsupported, absent: netlinkAbsent },
];

function settingsOf(link: LinkMessage, ns: NetNs): string {
  if (link.kind === undefined) return '';
  const veth = saysSpeed(link, ns);
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

/** A veth calls itself a 10 Gbit/s device, and what stands on another device is as fast as that. */
function saysSpeed({ kind, link, linkNetnsId, data }: LinkMessage, ns: NetNs): boolean {
  if (kind === 'veth') return true;
  const lower = data?.kind === 'vxlan' ? data.link : kind === 'bridge' ? undefined : link;
  if (lower === undefined) return false;
  const below = linkNetnsId === undefined ? getLink(ns, lower) : undefined;
  return below === undefined || saysSpeed(below, ns);
}

const DRIVERS: Readonly<Record<string, { readonly version: string; readonly place: string }>> = {
  veth: { version: '1.0', place: '' },
  bridge: { version: '2.3', place: 'N/A' },
  dummy: { version: '1.0', place: '' },
  macvlan: { version: '0.1', place: '' },
  vxlan: { version: '0.1', place: '' },
  vlan: { version: '1.8', place: 'N/A' },
  ipvlan: { version: '0.1', place: '' },
};

function driver(link: LinkMessage, _: NetNs, process: Process): Answer {
  const known = link.kind === 'ifb' ? { version: release(process), place: '' } : DRIVERS[link.kind ?? 'loopback'];
  if (known === undefined) return { error: 'Cannot get driver information: Operation not supported\n', status: 71 };
  return good(`driver: ${link.kind}
version: ${known.version}
firmware-version: ${known.place}
expansion-rom-version: 
bus-info: ${known.place}
supports-statistics: ${link.kind === 'veth' || link.kind === 'ifb' ? 'yes' : 'no'}
supports-test: no
supports-eeprom-access: no
supports-register-dump: no
supports-priv-flags: no
`);
}

/** A driver without a version of its own has the kernel's. */
function release(process: Process): string {
  const read = process.machine.fs.readFile('/proc/sys/kernel/osrelease', process);
  return read.ok ? decodeText(read.value).trim() : '';
}

/** Numbers of queues; only veth can have others than it has. */
function channels(link: LinkMessage): Answer {
  if (link.kind !== 'veth') return netlinkUnsupported;
  const of = (rx: number, tx: number): string => `RX:\t\t${rx}\nTX:\t\t${tx}\nOther:\t\tn/a\nCombined:\tn/a\n`;
  const most = of(link.numRxQueues, link.numTxQueues);
  return good(
    `Channel parameters for ${link.name}:\nPre-set maximums:\n${most}Current hardware settings:\n${of(1, 1)}`,
  );
}

/** Software stamps what it receives; stamps of what is sent want a driver that asks for them. */
function timeStamping(link: LinkMessage): Answer {
  const transmits = link.kind === undefined || link.kind === 'veth' || link.kind === 'macvlan' || link.kind === 'vlan';
  return good(`Time stamping parameters for ${link.name}:
Capabilities:
${transmits ? '\tsoftware-transmit\n' : ''}\tsoftware-receive
\tsoftware-system-clock
PTP Hardware Clock: none
Hardware Transmit Timestamp Modes: none
Hardware Receive Filter Modes: none
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
  if (link.kind === 'ifb') {
    const { rxPackets, rxBytes, txPackets, txBytes } = link.stats;
    const rows = {
      rx_queue_0_packets: rxPackets,
      rx_queue_0_bytes: rxBytes,
      tx_queue_0_packets: txPackets,
      tx_queue_0_bytes: txBytes,
    };
    return good(
      `NIC statistics:\n${Object.entries(rows)
        .map(([name, value]) => `     ${name}: ${value}\n`)
        .join('')}`,
    );
  }
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
  if (['-K', '--features', '--offload'].includes(first)) return yield* change(process, node, second, more);
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

const netnsOf = (process: Process, node: Node): NetNs => node.kernel.netns(process.netns) ?? node.kernel.init;

function ask(query: Query, name: string, process: Process, node: Node): Answer {
  const ns = netnsOf(process, node);
  const link = getLink(ns, name);
  return link === undefined ? query.absent : query.answer(link, ns, process);
}

/** `-K DEV FEATURE on|off …` */
function* change(
  process: Process,
  node: Node,
  name: string | undefined,
  words: readonly string[],
): Generator<Wait, number, void> {
  const ns = netnsOf(process, node);
  const link = name === undefined ? undefined : getLink(ns, name);
  if (name === undefined) {
    yield* process.printError(BAD_ARGUMENTS.error ?? '');
    return BAD_ARGUMENTS.status;
  }
  if (link === undefined) {
    yield* process.printError(NO_DEVICE);
    return 92;
  }
  const { output, error, status } = setFeatures(ns, link.ifindex, words);
  yield* process.printError(error);
  yield* process.print(output);
  return status;
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
    option('-K --features --offload', 'change protocol offloads'),
    missing('-s --change', 'change settings'),
    option('-l --show-channels', 'numbers of channels'),
    option('-T --show-time-stamping', 'time stamping'),
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
