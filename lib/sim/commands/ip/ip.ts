import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { namespaceOf, type ObjectTable, runBatch, runObject, type Tool } from '../iproute2/run.ts';
import { defaultOptions, type ObjectCommand, type Options, Session } from '../iproute2/session.ts';
import { abbreviates, invalid, Refusal } from '../iproute2/words.ts';
import { arrival, Lazy } from '../lazy.ts';
import { addr } from './addr.ts';
import { completeIp } from './complete.ts';
import { KIND_PARTS } from './kinds/kinds.ts';
import { link } from './link.ts';
import { netns } from './netns.ts';
import { IP_USAGE, usage } from './usage.ts';

const absent =
  (name: string): ObjectCommand =>
  () => {
    throw new Refusal(`ip: not simulated here: ${name}\n`, 64);
  };

const help: ObjectCommand = () => {
  throw usage(IP_USAGE);
};

/** Objects that a machine can be set up without: they come when they are first asked for. */
const LATER = {
  monitor: new Lazy<ObjectCommand>(async () => (await import('./monitor.ts')).monitor),
  neigh: new Lazy<ObjectCommand>(async () => (await import('./neigh.ts')).neigh),
  route: new Lazy<ObjectCommand>(async () => (await import('./route.ts')).route),
  rule: new Lazy<ObjectCommand>(async () => (await import('./rule.ts')).rule),
  tcpMetrics: new Lazy<ObjectCommand>(async () => (await import('./tcp-metrics.ts')).tcpMetrics),
};

const later = (object: Lazy<ObjectCommand>): ObjectCommand =>
  function* (session, words) {
    const outcome = (yield* arrival(session.process, object))(session, words);
    return typeof outcome === 'number' ? outcome : yield* outcome;
  };

/** In the order of ip.c, which decides what `ip a`, `ip r` or `ip n` are short for. */
const OBJECTS: ObjectTable = [
  ['address', addr],
  ['addrlabel', absent('addrlabel')],
  ['maddress', absent('maddress')],
  ['route', later(LATER.route)],
  ['rule', later(LATER.rule)],
  ['neighbor', later(LATER.neigh)],
  ['neighbour', later(LATER.neigh)],
  ['ntable', absent('ntable')],
  ['ntbl', absent('ntbl')],
  ['link', link],
  ...(['l2tp', 'fou', 'ila', 'macsec', 'tunnel', 'tunl', 'tuntap', 'tap', 'token'] as const).map(
    (name) => [name, absent(name)] as const,
  ),
  ['tcpmetrics', later(LATER.tcpMetrics)],
  ['tcp_metrics', later(LATER.tcpMetrics)],
  ['monitor', later(LATER.monitor)],
  ...(['xfrm', 'mroute', 'mrule'] as const).map((name) => [name, absent(name)] as const),
  ['netns', netns],
  ...(['netconf', 'vrf', 'sr', 'nexthop', 'mptcp', 'ioam'] as const).map((name) => [name, absent(name)] as const),
  ['help', help],
  ['stats', absent('stats')],
];

const TOOL: Tool = { name: 'ip', objects: OBJECTS, unknownStatus: 1 };

/** Options that take no value: the text may be cut short, except for those with exactly one letter or digit. */
const FLAGS: readonly (readonly [option: string, exact: boolean, set: (options: Options) => void])[] = [
  ['-4', true, (o) => void (o.family = 4)],
  ['-6', true, (o) => void (o.family = 6)],
  ['-0', true, (o) => void (o.family = 'link')],
  ['-M', true, (o) => void (o.family = 'mpls')],
  ['-B', true, (o) => void (o.family = 'bridge')],
  ['-human-readable', false, (o) => void (o.human = true)],
  ['-iec', false, (o) => void (o.iec = true)],
  ['-stats', false, (o) => void (o.statistics += 1)],
  ['-statistics', false, (o) => void (o.statistics += 1)],
  ['-details', false, (o) => void (o.details = true)],
  ['-resolve', false, () => undefined],
  ['-oneline', false, (o) => void (o.oneline = true)],
  ['-timestamp', false, (o) => void (o.timestamp = 'long')],
  ['-tshort', false, (o) => void (o.timestamp = 'short')],
  ['-force', false, (o) => void (o.force = true)],
  ['-brief', false, (o) => void (o.brief = true)],
  ['-json', false, (o) => void (o.json = true)],
  ['-pretty', false, (o) => void (o.pretty = true)],
  ['-Numeric', false, (o) => void (o.numeric = true)],
  ['-all', false, (o) => void (o.all = true)],
  ['-echo', true, () => undefined],
];

type Parsed = { options: Options; netns: string | undefined; rest: readonly string[]; version: boolean };

/** main() of ip.c */
export function parseOptions(argv: readonly string[]): Parsed {
  const options = defaultOptions();
  let netns: string | undefined;
  let i = 0;
  const value = (): string => {
    const word = argv[++i];
    if (word === undefined) throw usage(IP_USAGE);
    return word;
  };
  for (; i < argv.length && (argv[i] ?? '').startsWith('-'); i++) {
    const written = argv[i] ?? '';
    if (written === '--') return { options, netns, rest: argv.slice(i + 1), version: false };
    const option = written.startsWith('--') ? written.slice(1) : written;
    if (abbreviates(option, '-loops')) value();
    else if (abbreviates(option, '-family')) options.family = familyWord(value());
    else if (abbreviates(option, '-Version')) return { options, netns, rest: [], version: true };
    else if (setFlag(option, options)) continue;
    else if (abbreviates(option, '-batch')) options.batch = value();
    else if (abbreviates(option, '-rcvbuf')) value();
    else if (isColor(option)) options.color = colorIsOn(option);
    else if (abbreviates(option, '-help')) throw usage(IP_USAGE);
    else if (abbreviates(option, '-netns')) netns = netnsWord(argv, ++i);
    else throw new Refusal(`Option "${option}" is unknown, try "ip -help".\n`, 255);
  }
  return { options, netns, rest: argv.slice(i), version: false };
}

/** The order matters where a short form fits two: `-h` is -human, `-s` is -stats, `-b` is -batch, `-r` is -resolve. */
function setFlag(option: string, options: Options): boolean {
  if (option === '-b' || option === '-ba') return false;
  const found = FLAGS.find(([name, exact]) =>
    exact ? option === name : abbreviates(option, name) && option.length > 1,
  );
  if (found === undefined) return false;
  found[2](options);
  return true;
}

function netnsWord(argv: readonly string[], at: number): string {
  const name = argv[at];
  if (name === undefined) throw new Refusal('Cannot open network namespace "(null)": No such file or directory\n', 255);
  return name;
}

function familyWord(text: string): Options['family'] {
  const families: Readonly<Record<string, Options['family']>> = {
    inet: 4,
    inet6: 6,
    link: 'link',
    mpls: 'mpls',
    bridge: 'bridge',
  };
  if (text === 'help') throw usage(IP_USAGE);
  if (!(text in families)) throw invalid('invalid protocol family', text);
  return families[text];
}

export const isColor = (option: string): boolean =>
  abbreviates(option.split('=')[0] ?? '', '-color') &&
  option.length > 1 &&
  ['always', 'auto', 'never', undefined].includes(option.split('=')[1]);
export const colorIsOn = (option: string): boolean => !['never', 'auto'].includes(option.split('=')[1] ?? 'always');

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  try {
    const { options, netns: name, rest, version } = parseOptions(process.argv.slice(1));
    if (version) {
      yield* process.print('ip utility, iproute2-6.1.0, libbpf 1.1.2\n');
      return 0;
    }
    const ns = namespaceOf(process, node, name);
    if (name !== undefined) process.netns = ns.inode;
    if (options.batch !== undefined) return yield* runBatch(TOOL, process, node, ns, options, options.batch);
    if (rest.length === 0) throw usage(IP_USAGE);
    return yield* runObject(TOOL, new Session(process, node, ns, options), rest);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield* process.printError(error.text);
    return error.status;
  }
}

const option = (flags: string[], text: string, value?: string, simulated = true): CommandSpec['options'][number] => ({
  flags,
  text,
  simulated,
  ...(value === undefined ? {} : { value }),
});

export const ip: CommandSpec = {
  name: 'ip',
  path: '/usr/sbin/ip',
  summary: 'show and manipulate devices, addresses, routes, rules, neighbours and network namespaces',
  options: [
    option(['-4'], 'IPv4 only'),
    option(['-6'], 'IPv6 only'),
    option(['-br', '-brief'], 'one short line for each'),
    option(['-o', '-oneline'], 'each record on one line'),
    option(['-s', '-stats', '-statistics'], 'with counters; twice for more'),
    option(['-d', '-details'], 'with details'),
    option(['-j', '-json'], 'as JSON'),
    option(['-p', '-pretty'], 'indented JSON'),
    option(['-c', '-color'], 'in colours'),
    option(['-h', '-human-readable'], 'counters with suffixes'),
    option(['-iec'], 'suffixes of 1024'),
    option(['-f', '-family'], 'inet, inet6 or link', 'FAMILY'),
    option(['-n', '-netns'], 'in that network namespace', 'NETNS'),
    option(['-a', '-all'], 'in all network namespaces (netns exec and delete)'),
    option(['-b', '-batch'], 'commands from a file', 'FILE'),
    option(['-force'], 'go on after a failed command of a batch'),
    option(['-t', '-timestamp'], 'time stamps in monitor'),
    option(['-ts', '-tshort'], 'short time stamps in monitor'),
    option(['-N', '-Numeric'], 'numbers instead of names', undefined, false),
    option(['-r', '-resolve'], 'names instead of addresses', undefined, false),
    option(['-M', '-B'], 'MPLS and bridge families', undefined, false),
    option(['-l', '-loops'], 'rounds of a flush', 'COUNT', false),
    option(['-rc', '-rcvbuf'], "size of netlink's receive buffer", 'SIZE', false),
    option(['-V', '-Version'], 'version'),
    option(['-help'], 'usage'),
  ],
  parts: [...KIND_PARTS, ...Object.values(LATER)],
  complete: completeIp,
  run,
};
