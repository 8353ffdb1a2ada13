import { dumpLinks } from '../../kernel/index.ts';
import { schedModule } from '../../kernel/sched/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { namespaceOf, type ObjectTable, runBatch, runObject, type Tool } from '../iproute2/run.ts';
import { defaultOptions, type ObjectCommand, type Options, Session } from '../iproute2/session.ts';
import { abbreviates, Refusal } from '../iproute2/words.ts';
import { klass } from './class.ts';
import { filter } from './filter.ts';
import { qdisc } from './qdisc.ts';
import { TC_USAGE } from './usage.ts';

const absent =
  (name: string): ObjectCommand =>
  () => {
    throw new Refusal(`tc: not simulated here: ${name}\n`, 64);
  };

/** In the order of tc.c. */
const OBJECTS: ObjectTable = [
  ['qdisc', qdisc],
  ['class', klass],
  ['filter', filter],
  ['chain', absent('chain')],
  ['actions', absent('actions')],
  ['monitor', absent('monitor')],
  ['exec', absent('exec')],
  [
    'help',
    () => {
      throw new Refusal(TC_USAGE, 0);
    },
  ],
];

const TOOL: Tool = { name: 'tc', objects: OBJECTS, unknownStatus: 255 };

type Parsed = { options: Options; netns: string | undefined; rest: readonly string[]; version: boolean };

/** main() of tc.c */
function parseOptions(argv: readonly string[]): Parsed {
  const options = defaultOptions();
  let netns: string | undefined;
  let i = 0;
  const value = (): string => {
    const word = argv[++i];
    if (word === undefined) throw new Refusal('Command line is not complete. Try option "help"\n', 255);
    return word;
  };
  for (; i < argv.length && (argv[i] ?? '').startsWith('-'); i++) {
    const word = argv[i] ?? '';
    if (abbreviates(word, '-stats') || abbreviates(word, '-statistics')) options.statistics++;
    else if (abbreviates(word, '-details')) options.details = true;
    else if (abbreviates(word, '-raw')) throw new Refusal('tc: not simulated here: -raw\n', 64);
    else if (abbreviates(word, '-pretty')) options.pretty = true;
    else if (abbreviates(word, '-graph')) throw new Refusal('tc: not simulated here: -graph\n', 64);
    else if (abbreviates(word, '-Version')) return { options, netns, rest: [], version: true };
    else if (abbreviates(word, '-iec')) options.iec = true;
    else if (abbreviates(word, '-help')) throw new Refusal(TC_USAGE, 0);
    else if (abbreviates(word, '-force')) options.force = true;
    else if (abbreviates(word, '-batch')) options.batch = value();
    else if (abbreviates(word, '-netns')) netns = value();
    else if (abbreviates(word, '-Numeric')) options.numeric = true;
    else if (abbreviates(word, '-color')) options.color = true;
    else if (abbreviates(word, '-timestamp') || abbreviates(word, '-tshort')) continue;
    else if (abbreviates(word, '-json')) options.json = true;
    else if (abbreviates(word, '-oneline')) options.oneline = true;
    else if (abbreviates(word, '-brief')) options.brief = true;
    else throw new Refusal(`Option "${word}" is unknown, try "tc -help".\n`, 255);
  }
  return { options, netns, rest: argv.slice(i), version: false };
}

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  try {
    const { options, netns, rest, version } = parseOptions(process.argv.slice(1));
    if (version) {
      yield* process.print('tc utility, iproute2-6.1.0, libbpf 1.1.2\n');
      return 0;
    }
    const ns = namespaceOf(process, node, netns);
    if (options.batch !== undefined) return yield* runBatch(TOOL, process, node, ns, options, options.batch);
    if (rest.length === 0) throw new Refusal(TC_USAGE, 0);
    return yield* runObject(TOOL, new Session(process, node, ns, options), rest);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield* process.printError(error.text);
    return error.status;
  }
}

export const tc: CommandSpec = {
  name: 'tc',
  path: '/usr/sbin/tc',
  summary: 'show and manipulate traffic control: queueing disciplines, classes, filters',
  modules: [schedModule],
  options: [
    option('-s -stats -statistics', 'with counters'),
    option('-d -details', 'with details'),
    option('-j -json', 'as JSON'),
    option('-p -pretty', 'indented JSON'),
    option('-n -netns', 'in that network namespace', 'NETNS'),
    option('-b -batch', 'commands from a file', 'FILE'),
    option('-force', 'go on after a failed command of a batch'),
    option('-V -Version', 'version'),
    missing('-r -raw', 'raw values'),
    missing('-g -graph', 'classes as a tree'),
  ],
  complete: (words, node, process) => {
    const ns = node.kernel.netns(process?.netns ?? node.kernel.init.inode);
    if (words.at(-2) === 'dev') return ns === undefined ? [] : dumpLinks(ns).map((one) => one.name);
    if (words.length <= 2) return ['qdisc', 'class', 'filter', 'help'];
    if (words.length <= 3) return ['add', 'change', 'replace', 'del', 'show', 'help'];
    return ['dev', 'root', 'parent', 'handle', 'ingress', 'clsact', 'tbf', 'netem', 'htb', 'pfifo', 'u32'];
  },
  run,
};
