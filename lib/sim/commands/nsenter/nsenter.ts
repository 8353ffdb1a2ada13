import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { namespaceAt } from '../iproute2/named-netns.ts';
import { execute } from '../unshare/unshare.ts';

/** Namespaces that every process here shares: entering them changes nothing. */
const LONG = {
  '-m': '--mount',
  '-u': '--uts',
  '-i': '--ipc',
  '-p': '--pid',
  '-U': '--user',
  '-C': '--cgroup',
  '-T': '--time',
} as const;

/** nsenter(1) for network namespaces: by process, or by the file that holds the namespace. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, nsenter, { stopAtOperand: true });
  if (typeof parsed === 'number') return parsed;
  const path = netPath(parsed);
  if (path === 'no target') {
    yield* process.printError('nsenter: neither filename nor target pid supplied for ns/net\n');
    return 1;
  }
  if (path !== undefined) {
    const inode = namespaceAt(node, process, path);
    if (!inode.ok) {
      yield* process.printError(`nsenter: cannot open ${path}: ${strerror(inode.error.errno)}\n`);
      return 1;
    }
    process.netns = inode.value;
  }
  return yield* execute(
    process,
    parsed.operands.length === 0 ? [process.env.get('SHELL') ?? '/bin/sh'] : parsed.operands,
    'nsenter',
  );
}

/** `-n`, `--net=FILE`, or `-a`: the file of the network namespace, if that is entered. */
function netPath(parsed: Parsed): string | undefined {
  const target = parsed.value('-t');
  const file = parsed.value('-n');
  if (parsed.has('-n') && file !== undefined && file !== '') return file;
  if (!parsed.has('-n') && !parsed.has('-a')) return undefined;
  return target === undefined ? 'no target' : `/proc/${target}/ns/net`;
}

export const nsenter: CommandSpec = {
  name: 'nsenter',
  path: '/usr/bin/nsenter',
  summary: 'run a program in the namespaces of another process',
  options: [
    option('-t --target', 'the process whose namespaces are entered', 'PID'),
    option('-n --net', 'enter the network namespace', '[FILE]'),
    option('-a --all', 'enter all namespaces'),
    ...Object.entries(LONG).map((flags) => ({
      flags,
      text: 'a namespace that all processes here share',
      value: '[FILE]',
      simulated: true,
    })),
    missing('-r --root', 'set the root directory', '[DIR]'),
    missing('-w --wd', 'set the working directory', '[DIR]'),
    missing('-F --no-fork', 'do not fork'),
    missing('-S --setuid', 'set the user', 'UID'),
    missing('-G --setgid', 'set the group', 'GID'),
  ],
  run,
};
