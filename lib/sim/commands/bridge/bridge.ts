import { WaitQueue } from '../../base/index.ts';
import { dumpLinks, type Notification, subscribe } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { option } from '../coreutils.ts';
import { colorIsOn } from '../ip/ip.ts';
import { namespaceOf, type ObjectTable, runBatch, runObject, type Tool } from '../iproute2/run.ts';
import { defaultOptions, type ObjectCommand, type Options, Session } from '../iproute2/session.ts';
import { abbreviates, Refusal, type Words } from '../iproute2/words.ts';
import { fdb, printEntry } from './fdb.ts';
import { link } from './link.ts';
import { BRIDGE_USAGE, MONITOR_USAGE, VLAN_USAGE } from './usage.ts';

const FAILED = 255;

/** VLAN filtering is off on every bridge here, so the table of a bridge's VLANs has only its head. */
const vlan: ObjectCommand = (session, words) => {
  const verb = words.word;
  if (!words.more || words.abbreviates('show', 'lst', 'list')) {
    session.out.begin();
    session.out.text('port              vlan-id  \n');
    return 0;
  }
  if (words.abbreviates('help')) throw new Refusal(VLAN_USAGE, FAILED);
  if (words.abbreviates('add', 'delete', 'set', 'tunnelshow', 'global'))
    throw new Refusal(`bridge: not simulated here: vlan ${verb}\n`, 64);
  throw new Refusal(`Command "${verb}" is unknown, try "bridge vlan help".\n`, FAILED);
};

const absent =
  (name: string): ObjectCommand =>
  () => {
    throw new Refusal(`bridge: not simulated here: ${name}\n`, 64);
  };

/** `bridge monitor [fdb]` */
function* monitor(session: Session, words: Words): Generator<Wait, number, void> {
  for (; words.more; words.next()) {
    if (words.abbreviates('help')) throw new Refusal(MONITOR_USAGE, FAILED);
    if (words.abbreviates('link', 'mdb', 'vlan', 'file'))
      throw new Refusal(`bridge: not simulated here: monitor ${words.word}\n`, 64);
    if (!words.abbreviates('fdb') && !words.is('all'))
      throw new Refusal(`Argument "${words.word}" is unknown, try "bridge monitor help".\n`, FAILED);
  }
  const { process, out } = session;
  const queue: Notification[] = [];
  const arrived = new WaitQueue();
  const unsubscribe = subscribe(session.ns, (notification) => {
    if (!('fdb' in notification)) return;
    queue.push(notification);
    arrived.wake();
  });
  try {
    for (;;) {
      yield* process.waitFor(() => queue.length > 0, [arrived]);
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (!('fdb' in next)) continue;
        if (next.type === 'delfdb') out.text('Deleted ');
        printEntry(session, next.fdb, false);
        yield* out.flush(process);
      }
    }
  } finally {
    unsubscribe();
  }
}

const OBJECTS: ObjectTable = [
  ['link', link],
  ['fdb', fdb],
  ['mdb', absent('mdb')],
  ['vlan', vlan],
  ['vni', absent('vni')],
  ['monitor', monitor],
  [
    'help',
    () => {
      throw new Refusal(BRIDGE_USAGE, FAILED);
    },
  ],
];
const TOOL: Tool = { name: 'bridge', objects: OBJECTS, unknownStatus: FAILED };

type Parsed = { options: Options; netns: string | undefined; rest: readonly string[]; version: boolean };

/** main() of bridge.c */
function parseOptions(argv: readonly string[]): Parsed {
  const options = defaultOptions();
  let netns: string | undefined;
  let i = 0;
  const value = (): string => {
    const word = argv[++i];
    if (word === undefined) throw new Refusal(BRIDGE_USAGE, FAILED);
    return word;
  };
  for (; i < argv.length && (argv[i] ?? '').startsWith('-'); i++) {
    const written = argv[i] ?? '';
    if (written === '--') return { options, netns, rest: argv.slice(i + 1), version: false };
    const word = written.startsWith('--') ? written.slice(1) : written;
    if (abbreviates(word, '-help')) throw new Refusal(BRIDGE_USAGE, FAILED);
    if (abbreviates(word, '-Version')) return { options, netns, rest: [], version: true };
    if (abbreviates(word, '-statistics') || abbreviates(word, '-stats')) options.statistics++;
    else if (abbreviates(word, '-details')) options.details = true;
    else if (abbreviates(word, '-oneline')) options.oneline = true;
    else if (abbreviates(word, '-timestamp')) options.timestamp = 'long';
    else if (abbreviates(word, '-family')) options.family = value() === 'inet6' ? 6 : 4;
    else if (word === '-4') options.family = 4;
    else if (word === '-6') options.family = 6;
    else if (abbreviates(word, '-netns')) netns = value();
    else if (word.length > 3 && abbreviates(word.split('=')[0] ?? '', '-color')) options.color = colorIsOn(word);
    else if (abbreviates(word, '-compressvlans')) options.compressVlans = true;
    else if (abbreviates(word, '-force')) options.force = true;
    else if (abbreviates(word, '-json')) options.json = true;
    else if (abbreviates(word, '-pretty')) options.pretty = true;
    else if (abbreviates(word, '-batch')) options.batch = value();
    else throw new Refusal(`Option "${word}" is unknown, try "bridge help".\n`, FAILED);
  }
  return { options, netns, rest: argv.slice(i), version: false };
}

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  try {
    const { options, netns, rest, version } = parseOptions(process.argv.slice(1));
    if (version) {
      yield* process.print('bridge utility, 6.1.0\n');
      return 0;
    }
    const ns = namespaceOf(process, node, netns);
    if (options.batch !== undefined) return yield* runBatch(TOOL, process, node, ns, options, options.batch);
    if (rest.length === 0) throw new Refusal(BRIDGE_USAGE, FAILED);
    return yield* runObject(TOOL, new Session(process, node, ns, options), rest);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield* process.printError(error.text);
    return error.status;
  }
}

export const bridge: CommandSpec = {
  name: 'bridge',
  path: '/usr/sbin/bridge',
  summary: 'show and manipulate bridge ports and forwarding entries',
  options: [
    option('-s -stats -statistics', 'with ages of entries'),
    option('-d -details', 'with details'),
    option('-o -oneline', 'each record on one line'),
    option('-j -json', 'as JSON'),
    option('-p -pretty', 'indented JSON'),
    option('-color', 'in colours'),
    option('-c -compressvlans', 'ranges of VLANs'),
    option('-n -netns', 'in that network namespace', 'NETNS'),
    option('-t -timestamp', 'time stamps in monitor'),
    option('-b -batch', 'commands from a file', 'FILE'),
    option('-force', 'go on after a failed command of a batch'),
    option('-V -Version', 'version'),
  ],
  complete: (words, node, process) => {
    const [, object = '', verb = ''] = words.filter(
      (word, i) => i === 0 || i === words.length - 1 || !word.startsWith('-'),
    );
    const ns = node.kernel.netns(process?.netns ?? node.kernel.init.inode);
    if (['dev', 'br', 'brport'].includes(words.at(-2) ?? ''))
      return ns === undefined ? [] : dumpLinks(ns).map((one) => one.name);
    if (words.length <= 2) return ['link', 'fdb', 'vlan', 'monitor', 'help'];
    if (words.length <= 3)
      return object.startsWith('f')
        ? ['add', 'append', 'replace', 'del', 'show', 'get', 'flush']
        : ['show', 'set', 'help'];
    return object.startsWith('f')
      ? ['dev', 'br', 'brport', 'master', 'self', 'static', 'dynamic', 'permanent', 'vlan', 'state']
      : verb.startsWith('se')
        ? ['dev', 'hairpin', 'learning', 'flood', 'isolated', 'cost', 'priority', 'state']
        : ['dev'];
  },
  run,
};
