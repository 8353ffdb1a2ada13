import { formatMac, strerror } from '../../base/index.ts';
import {
  delLink,
  dumpFdb,
  dumpLinks,
  getLink,
  IFF,
  type LinkChange,
  type LinkMessage,
  type NetNs,
  newLink,
  setLink,
} from '../../kernel/index.ts';
import { stpModule } from '../../kernel/stp/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';

/** Ends brctl: `text` on standard error, then exit 1. */
class BrctlError extends Error {}

type Verb = {
  readonly name: string;
  readonly least: number;
  readonly help: string;
  readonly run: (ns: NetNs, args: readonly string[]) => string;
};

const VERBS: readonly Verb[] = [
  { name: 'addbr', least: 1, help: '<bridge>\t\tadd bridge', run: addBridge },
  { name: 'delbr', least: 1, help: '<bridge>\t\tdelete bridge', run: deleteBridge },
  {
    name: 'addif',
    least: 2,
    help: '<bridge> <device>\tadd interface to bridge',
    run: (ns, args) => eachDevice(args, (device) => addInterface(ns, args[0] ?? '', device)),
  },
  {
    name: 'delif',
    least: 2,
    help: '<bridge> <device>\tdelete interface from bridge',
    run: (ns, args) => eachDevice(args, (device) => deleteInterface(ns, args[0] ?? '', device)),
  },
  {
    name: 'hairpin',
    least: 3,
    help: '<bridge> <port> {on|off}\tturn hairpin on/off',
    run: (ns, [br = '', port = '', on = '']) => setPort(ns, br, port, { hairpin: onOff(on) }),
  },
  {
    name: 'setageing',
    least: 2,
    help: '<bridge> <time>\t\tset ageing time',
    run: (ns, [br = '', time = '']) => setBridge(ns, br, { ageingTime: hundredths(time) }, 'ageing time'),
  },
  {
    name: 'setbridgeprio',
    least: 2,
    help: '<bridge> <prio>\t\tset bridge priority',
    run: (ns, [br = '', priority = '']) =>
      setBridge(ns, br, { priority: number(priority, 'priority') }, 'bridge priority'),
  },
  {
    name: 'setfd',
    least: 2,
    help: '<bridge> <time>\t\tset bridge forward delay',
    run: (ns, [br = '', time = '']) => setBridge(ns, br, { forwardDelay: hundredths(time) }, 'forward delay'),
  },
  {
    name: 'sethello',
    least: 2,
    help: '<bridge> <time>\t\tset hello time',
    run: (ns, [br = '', time = '']) => setBridge(ns, br, { helloTime: hundredths(time) }, 'hello timer'),
  },
  {
    name: 'setmaxage',
    least: 2,
    help: '<bridge> <time>\t\tset max message age',
    run: (ns, [br = '', time = '']) => setBridge(ns, br, { maxAge: hundredths(time) }, 'max age'),
  },
  {
    name: 'setpathcost',
    least: 3,
    help: '<bridge> <port> <cost>\tset path cost',
    run: (ns, [br = '', port = '', cost = '']) => setPort(ns, br, port, { cost: number(cost, 'path cost') }),
  },
  {
    name: 'setportprio',
    least: 3,
    help: '<bridge> <port> <prio>\tset port priority',
    run: (ns, [br = '', port = '', priority = '']) =>
      setPort(ns, br, port, { priority: number(priority, 'port priority') }),
  },
  { name: 'show', least: 0, help: '[ <bridge> ]\t\tshow a list of bridges', run: show },
  {
    name: 'showmacs',
    least: 1,
    help: '<bridge>\t\tshow a list of mac addrs',
    run: (ns, [br = '']) => showMacs(ns, br),
  },
  { name: 'showstp', least: 1, help: '<bridge>\t\tshow bridge stp info', run: (ns, [br = '']) => showStp(ns, br) },
  {
    name: 'stp',
    least: 2,
    help: '<bridge> {on|off}\tturn stp on/off',
    run: (ns, [br = '', on = '']) => setStp(ns, br, on),
  },
];

const USAGE = `Usage: brctl [commands]\ncommands:\n${VERBS.map(({ name, help }) => `\t${name.padEnd(10)}\t${help}\n`).join('')}`;

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const [name, ...args] = process.argv.slice(1);
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  if (name === '-V' || name === '--version') return yield* finish(process, 'bridge-utils, 1.7\n', 0);
  if (name === '-h' || name === '--help') return yield* finish(process, USAGE, 0);
  if (name === undefined) return yield* fail(process, USAGE);
  const verb = VERBS.find((one) => one.name === name);
  if (verb === undefined) return yield* fail(process, `never heard of command [${name}]\n${USAGE}`);
  if (args.length < verb.least)
    return yield* fail(process, `Incorrect number of arguments for command\nUsage: brctl ${verb.name} ${verb.help}\n`);
  try {
    return yield* finish(process, verb.run(ns, args), 0);
  } catch (error) {
    if (!(error instanceof BrctlError)) throw error;
    return yield* fail(process, `${error.message}\n`);
  }
}

function* finish(process: Process, text: string, status: number): Generator<Wait, number, void> {
  yield* process.print(text);
  return status;
}

function* fail(process: Process, text: string): Generator<Wait, number, void> {
  yield* process.printError(text);
  return 1;
}

const bridges = (ns: NetNs): LinkMessage[] => dumpLinks(ns).filter((link) => link.bridge !== undefined);
const ports = (ns: NetNs, bridge: LinkMessage): LinkMessage[] =>
  dumpLinks(ns)
    .filter((link) => link.master === bridge.ifindex)
    .sort((a, b) => (a.bridgePort?.portNo ?? 0) - (b.bridgePort?.portNo ?? 0));

function bridgeNamed(ns: NetNs, name: string): LinkMessage {
  const link = getLink(ns, name);
  if (link === undefined) throw new BrctlError(`bridge ${name} does not exist!`);
  return link;
}

function addBridge(ns: NetNs, [name = '']: readonly string[]): string {
  const made = newLink(ns, { kind: 'bridge', name: name.slice(0, 15) });
  if (made.ok) return '';
  if (made.error.errno === 'EEXIST')
    throw new BrctlError(`device ${name} already exists; can't create bridge with the same name`);
  throw new BrctlError(`add bridge failed: ${strerror(made.error.errno)}`);
}

function deleteBridge(ns: NetNs, [name = '']: readonly string[]): string {
  const link = getLink(ns, name);
  if (link === undefined) throw new BrctlError(`bridge ${name} doesn't exist; can't delete it`);
  if (link.bridge === undefined) throw new BrctlError(`can't delete bridge ${name}: Operation not permitted`);
  if ((link.flags & IFF.UP) !== 0) throw new BrctlError(`bridge ${name} is still up; can't delete it`);
  const gone = delLink(ns, link.ifindex);
  if (!gone.ok) throw new BrctlError(`can't delete bridge ${name}: ${strerror(gone.error.errno)}`);
  return '';
}

function eachDevice([, ...devices]: readonly string[], change: (device: string) => void): string {
  for (const device of devices) change(device);
  return '';
}

function addInterface(ns: NetNs, name: string, device: string): void {
  const port = getLink(ns, device);
  if (port === undefined) throw new BrctlError(`interface ${device} does not exist!`);
  const bridge = bridgeNamed(ns, name);
  if (port.bridge !== undefined)
    throw new BrctlError(`device ${device} is a bridge device itself; can't add a bridge device to a bridge device.`);
  if (port.master !== undefined)
    throw new BrctlError(`device ${device} is already a member of a bridge; can't add it to bridge ${name}.`);
  const added = setLink(ns, port.ifindex, { master: bridge.ifindex });
  if (!added.ok) throw new BrctlError(`can't add ${device} to bridge ${name}: ${strerror(added.error.errno)}`);
}

function deleteInterface(ns: NetNs, name: string, device: string): void {
  const port = getLink(ns, device);
  if (port === undefined) throw new BrctlError(`interface ${device} does not exist!`);
  const bridge = bridgeNamed(ns, name);
  if (port.master !== bridge.ifindex) throw new BrctlError(`device ${device} is not a port of ${name}`);
  setLink(ns, port.ifindex, { master: 0 });
}

function onOff(text: string): boolean {
  if (['on', 'yes', '1'].includes(text)) return true;
  if (['off', 'no', '0'].includes(text)) return false;
  throw new BrctlError('expect on/off for argument');
}

function number(text: string, what: string): number {
  if (!/^\d+$/.test(text)) throw new BrctlError(`bad ${what}`);
  return Number(text);
}

/** Seconds with a fraction, as the kernel's 1/100 s. */
function hundredths(text: string): number {
  if (!/^\d*\.?\d+$|^\d+\.$/.test(text)) throw new BrctlError('bad time value');
  return Math.round(Number(text) * 100);
}

function setBridge(ns: NetNs, name: string, bridge: LinkChange['bridge'], what: string): string {
  const link = getLink(ns, name);
  if (link === undefined) throw new BrctlError(`set ${what} failed: No such device`);
  const set = setLink(ns, link.ifindex, { bridge: bridge ?? {} });
  if (!set.ok) throw new BrctlError(`set ${what} failed: ${strerror(set.error.errno)}`);
  return '';
}

function setStp(ns: NetNs, name: string, on: string): string {
  return setBridge(ns, name, { stpState: onOff(on) ? 1 : 0 }, 'stp status');
}

function setPort(ns: NetNs, name: string, device: string, bridgePort: LinkChange['bridgePort']): string {
  const port = getLink(ns, device);
  if (port === undefined) throw new BrctlError(`interface ${device} does not exist!`);
  if (getLink(ns, name) === undefined) throw new BrctlError(`bridge ${name} does not exist!`);
  const set = setLink(ns, port.ifindex, { bridgePort: bridgePort ?? {} });
  if (!set.ok) throw new BrctlError(`set port ${device} failed: ${strerror(set.error.errno)}`);
  return '';
}

const compactId = ({ priority, mac }: { priority: number; mac: LinkMessage['mac'] }): string =>
  `${priority.toString(16).padStart(4, '0')}.${formatMac(mac).replaceAll(':', '')}`;

function show(ns: NetNs, names: readonly string[]): string {
  const wanted = names.length === 0 ? bridges(ns) : names.map((name) => shownBridge(ns, name));
  if (wanted.length === 0) return '';
  return `bridge name\tbridge id\t\tSTP enabled\tinterfaces\n${wanted.map((link) => showOne(ns, link)).join('')}`;
}

function shownBridge(ns: NetNs, name: string): LinkMessage {
  const link = bridgeNamed(ns, name);
  if (link.bridge === undefined) throw new BrctlError(`device ${name} is not a bridge!`);
  return link;
}

function showOne(ns: NetNs, link: LinkMessage): string {
  const { bridge } = link;
  if (bridge === undefined) return '';
  const names = ports(ns, link)
    .map((port) => port.name)
    .sort();
  const head = `${link.name}\t\t${compactId(bridge.bridgeId)}\t${bridge.stpState === 0 ? 'no' : 'yes'}\t\t`;
  return `${head}${names.join('\n\t\t\t\t\t\t\t')}\n`;
}

function showMacs(ns: NetNs, name: string): string {
  const link = getLink(ns, name);
  if (link?.bridge === undefined) throw new BrctlError('read of forward table failed: No such device');
  const numbers = new Map(ports(ns, link).map((port) => [port.ifindex, port.bridgePort?.portNo ?? 0]));
  const entries = dumpFdb(ns)
    .filter(
      (entry) => entry.master === link.ifindex && !entry.self && numbers.has(entry.ifindex) && entry.vlan === undefined,
    )
    .sort((a, b) => a.mac - b.mac);
  const lines = entries.map((entry) => {
    const local = entry.state === 'permanent';
    return `${String(numbers.get(entry.ifindex)).padStart(3)}\t${formatMac(entry.mac)}\t${local ? 'yes' : 'no'}\t\t${seconds(local ? 0 : entry.updated * 100, 4)}\n`;
  });
  return `port no\tmac addr\t\tis local?\tageing timer\n${lines.join('')}`;
}

const seconds = (hundredthsOf: number, width = 4): string => (hundredthsOf / 100).toFixed(2).padStart(width + 3);

function showStp(ns: NetNs, name: string): string {
  const link = bridgeNamed(ns, name);
  const { bridge } = link;
  if (bridge === undefined) throw new BrctlError(`${name}: can't get info Operation not supported`);
  const head = `${name}
 bridge id\t\t${compactId(bridge.bridgeId)}
 designated root\t${compactId(bridge.designatedRoot)}
 root port\t\t${String(bridge.rootPort).padStart(4)}\t\t\tpath cost\t\t${String(bridge.rootPathCost).padStart(4)}
 max age\t\t${seconds(bridge.maxAge)}\t\t\tbridge max age\t\t${seconds(bridge.maxAge)}
 hello time\t\t${seconds(bridge.helloTime)}\t\t\tbridge hello time\t${seconds(bridge.helloTime)}
 forward delay\t\t${seconds(bridge.forwardDelay)}\t\t\tbridge forward delay\t${seconds(bridge.forwardDelay)}
 ageing time\t\t${seconds(bridge.ageingTime)}
 hello timer\t\t${seconds(bridge.helloTimer)}\t\t\ttcn timer\t\t${seconds(bridge.tcnTimer)}
 topology change timer\t${seconds(bridge.topologyChangeTimer)}\t\t\tgc timer\t\t${seconds(bridge.gcTimer)}
 flags\t\t\t${bridge.topologyChange === 1 ? 'TOPOLOGY_CHANGE ' : ''}${bridge.topologyChangeDetected === 1 ? 'TOPOLOGY_CHANGE_DETECTED ' : ''}


`;
  return head + ports(ns, link).map(showPort).join('');
}

function showPort({ name, bridgePort: port }: LinkMessage): string {
  if (port === undefined) return '';
  return `${name} (${port.portNo})
 port id\t\t${port.portId.toString(16).padStart(4, '0')}\t\t\tstate\t\t${port.state.padStart(15)}
 designated root\t${compactId(port.designatedRoot)}\tpath cost\t\t${String(port.cost).padStart(4)}
 designated bridge\t${compactId(port.designatedBridge)}\tmessage age timer\t${seconds(port.messageAgeTimer)}
 designated port\t${port.designatedPort.toString(16).padStart(4, '0')}\t\t\tforward delay timer\t${seconds(port.forwardDelayTimer)}
 designated cost\t${String(port.designatedCost).padStart(4)}\t\t\thold timer\t\t${seconds(port.holdTimer)}
 flags\t\t\t${port.hairpin ? 'hairpin ' : ''}

`;
}

export const brctl: CommandSpec = {
  name: 'brctl',
  path: '/usr/sbin/brctl',
  modules: [stpModule],
  summary: 'ethernet bridge administration, the older tool',
  options: [
    { flags: ['-h', '--help'], text: 'usage', simulated: true },
    { flags: ['-V', '--version'], text: 'version', simulated: true },
  ],
  complete: (words, node, process) => {
    if (words.length <= 2) return VERBS.map((verb) => verb.name);
    const ns = node.kernel.netns(process?.netns ?? node.kernel.init.inode);
    if (ns === undefined) return [];
    return (words.length === 3 ? bridges(ns) : dumpLinks(ns)).map((link) => link.name);
  },
  run,
};
