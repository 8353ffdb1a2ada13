import type { NetNs } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { readCommandLines } from './batch.ts';
import { namedNamespaces } from './named-netns.ts';
import { type ObjectCommand, type Options, Session } from './session.ts';
import { abbreviates, Refusal, Words } from './words.ts';

/** An object of ip or bridge, by the names that may be cut short, in the order in which they are tried. */
export type ObjectTable = readonly (readonly [name: string, command: ObjectCommand])[];

export type Tool = {
  readonly name: 'ip' | 'bridge' | 'tc';
  readonly objects: ObjectTable;
  readonly unknownStatus: number;
};

/** The namespace that a command works in: that of its process, or of `-n NAME`. */
export function namespaceOf(process: Process, node: Node, name: string | undefined): NetNs {
  const named = name === undefined ? undefined : namedNamespaces(node).get(name);
  if (name !== undefined && named === undefined) {
    throw new Refusal(`Cannot open network namespace "${name}": No such file or directory\n`, 255);
  }
  const ns = named ?? node.kernel.netns(process.netns);
  if (ns === undefined) throw new Refusal('Cannot open netlink socket: Invalid argument\n', 1);
  return ns;
}

/** do_cmd(): finds the object and runs it, with everything it refuses put into its words. */
export function* runObject(tool: Tool, session: Session, argv: readonly string[]): Generator<Wait, number, void> {
  const [object = '', ...rest] = argv;
  const command = tool.objects.find(([name]) => abbreviates(object, name))?.[1];
  let status: number;
  try {
    if (command === undefined)
      throw new Refusal(`Object "${object}" is unknown, try "${tool.name} help".\n`, tool.unknownStatus);
    const outcome = command(session, new Words(rest));
    status = typeof outcome === 'number' ? outcome : yield* outcome;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield* session.out.flush(session.process);
    yield* session.process.printError(error.text);
    return error.status;
  }
  yield* session.out.flush(session.process);
  return status;
}

/** `-batch FILE`: a command a line; without -force the first that fails ends it. */
export function* runBatch(
  tool: Tool,
  process: Process,
  node: Node,
  ns: NetNs,
  options: Options,
  file: string,
): Generator<Wait, number, void> {
  const lines = yield* readCommandLines(process, file);
  if (lines === undefined) {
    yield* process.printError(`Cannot open file "${file}" for reading: No such file or directory\n`);
    return 1;
  }
  let status = 0;
  for (const { number, words } of lines) {
    yield {};
    const ended = yield* runObject(tool, new Session(process, node, ns, options), words);
    if (ended === 0) continue;
    yield* process.printError(`Command failed ${file}:${number}\n`);
    status = 1;
    if (!options.force) break;
  }
  return status;
}
