import type { NetNs } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { option } from '../coreutils.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { Changes, IfconfigError, NotSimulated, UsageWanted } from './change.ts';
import { describe, type Interface, interfaces, isUp, TABLE_HEAD, tableRow } from './show.ts';
import { FAMILIES, FAMILY_HEAD, HARDWARE, HARDWARE_HEAD, USAGE } from './usage.ts';

/** ifconfig of net-tools 2.10. */
export const ifconfig: CommandSpec = {
  name: 'ifconfig',
  path: '/usr/sbin/ifconfig',
  summary: 'configure a network interface',
  options: [
    option('-a', 'all interfaces, also those that are down'),
    option('-s', 'a short list'),
    option('-v', 'be verbose'),
    option('-? -h --help', 'print help'),
    option('-V --version', 'print the version'),
  ],
  complete: (words, node, process) =>
    words.length === 2 && process !== undefined
      ? interfaces(node.kernel.netns(process.netns) ?? node.kernel.init).map(({ name }) => name)
      : [],
  run,
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  const words = process.argv.slice(1);
  let all = false;
  let table = false;
  while (words[0]?.startsWith('-')) {
    const word = words.shift();
    if (word === '-a') all = true;
    else if (word === '-s') table = true;
    else if (word === '-?' || word === '-h' || word === '--help') return yield* usage(process, 0);
    else if (word === '-V' || word === '-version' || word === '--version') {
      yield* process.print('net-tools 2.10\n');
      return 0;
    } else if (word !== '-v') {
      yield* process.printError(
        `ifconfig: option \`${word}' not recognised.\nifconfig: \`--help' gives usage information.\n`,
      );
      return 1;
    }
  }
  const [name, ...rest] = words;
  if (name === undefined)
    return yield* list(
      process,
      ns,
      interfaces(ns).filter((one) => all || isUp(one)),
      table,
    );
  if (rest.length > 0) return yield* change(process, node, ns, name, rest);
  return yield* one(process, ns, name, table);
}

function* list(
  process: Process,
  ns: NetNs,
  shown: readonly Interface[],
  table: boolean,
): Generator<Wait, number, void> {
  yield* process.print(
    table ? TABLE_HEAD + shown.map(tableRow).join('') : shown.map((entry) => describe(ns, entry)).join(''),
  );
  return 0;
}

function* one(process: Process, ns: NetNs, name: string, table: boolean): Generator<Wait, number, void> {
  const [device] = name.split(':');
  const link = interfaces(ns).find((entry) => entry.name === device)?.link;
  if (link !== undefined) return yield* list(process, ns, [{ name, link, alias: name.includes(':') }], table);
  yield* process.printError(`${name}: error fetching interface information: Device not found\n`);
  if (table) yield* process.print(TABLE_HEAD);
  return 1;
}

function* change(
  process: Process,
  node: Node,
  ns: NetNs,
  name: string,
  words: readonly string[],
): Generator<Wait, number, void> {
  const changes = new Changes(process, ns, name, words, namedNamespaces(node).nameOf(process.netns));
  try {
    const status = changes.run();
    yield* process.printError(changes.messages.join(''));
    return status;
  } catch (error) {
    yield* process.printError(changes.messages.join(''));
    if (error instanceof UsageWanted) return yield* usage(process, 3);
    if (error instanceof NotSimulated) return yield* notSimulated(process, 'ifconfig', error.what);
    if (!(error instanceof IfconfigError)) throw error;
    yield* process.printError(error.message);
    return error.status;
  }
}

/** The lists of families go to standard error even where the rest is what was asked for. */
function* usage(process: Process, status: number): Generator<Wait, number, void> {
  if (status !== 0) {
    yield* process.printError(USAGE + HARDWARE_HEAD + HARDWARE + FAMILY_HEAD + FAMILIES);
    return status;
  }
  yield* process.printError(HARDWARE + FAMILIES);
  yield* process.print(USAGE + HARDWARE_HEAD + FAMILY_HEAD);
  return status;
}
