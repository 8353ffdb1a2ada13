import { done, fail, type Result, strerror } from '../../base/index.ts';
import { joined, type NamespaceKind, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { namespaceAt } from '../iproute2/named-netns.ts';
import { execute, forked } from '../unshare/unshare.ts';

const KINDS: readonly (readonly [flag: string, long: string, kind: NamespaceKind])[] = [
  ['-m', '--mount', 'mnt'],
  ['-u', '--uts', 'uts'],
  ['-i', '--ipc', 'ipc'],
  ['-p', '--pid', 'pid'],
  ['-U', '--user', 'user'],
  ['-C', '--cgroup', 'cgroup'],
  ['-T', '--time', 'time'],
];

/** nsenter(1): by process, or by the files that hold the namespaces. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, nsenter, { stopAtOperand: true });
  if (typeof parsed === 'number') return parsed;
  const target = parsed.value('-t');
  if (target !== undefined && !/^\d+$/.test(target)) {
    yield* process.printError(`nsenter: failed to parse pid: '${target}'\n`);
    return 1;
  }
  const before = process.pids;
  const problem = enterAll(process, node, parsed, target);
  if (problem !== undefined) {
    yield* process.printError(`nsenter: ${problem}\n`);
    return 1;
  }
  const command = parsed.operands.length === 0 ? [process.env.get('SHELL') ?? '/bin/sh'] : parsed.operands;
  // Only children come into another process id namespace.
  return yield* process.namespaces.pids === before
    ? execute(process, command, 'nsenter')
    : forked(process, command, 'nsenter');
}

/** Enters what was asked for; what went wrong, in nsenter's words. */
function enterAll(process: Process, node: Node, parsed: Parsed, target: string | undefined): string | undefined {
  const all = parsed.has('-a');
  for (const [flag, , kind] of [...KINDS, ['-n', '--net', 'net'] as const]) {
    if (!all && !parsed.has(flag)) continue;
    const file = parsed.value(flag);
    if ((file === undefined || file === '') && target === undefined)
      return `neither filename nor target pid supplied for ns/${kind}`;
    const path = file === undefined || file === '' ? `/proc/${target}/ns/${kind}` : file;
    const entered = kind === 'net' ? enterNetwork(process, node, path) : enterOther(process, path, kind);
    if (!entered.ok) return `cannot open ${path}: ${strerror(entered.error.errno)}`;
  }
  return undefined;
}

function enterNetwork(process: Process, node: Node, path: string): Result<void> {
  const inode = namespaceAt(node, process, path);
  if (!inode.ok) return inode;
  process.netns = inode.value;
  return done;
}

function enterOther(process: Process, path: string, kind: NamespaceKind): Result<void> {
  const { fs, processes } = process.machine;
  const pid = /^\/proc\/(\d+)\/ns\/\w+$/.exec(process.path(path).replace('/self/', `/${process.pid}/`))?.[1];
  const owner = pid === undefined ? undefined : processes.get(Number(pid));
  if (owner === undefined) {
    const stat = fs.stat(process.path(path), process);
    return stat.ok ? fail('EINVAL') : stat;
  }
  process.namespaces = joined(process.namespaces, owner.namespaces, [kind]);
  return done;
}

export const nsenter: CommandSpec = {
  name: 'nsenter',
  path: '/usr/bin/nsenter',
  summary: 'run a program in the namespaces of another process',
  options: [
    option('-t --target', 'the process whose namespaces are entered', 'PID'),
    option('-n --net', 'enter the network namespace', '[FILE]'),
    option('-a --all', 'enter all namespaces'),
    ...KINDS.map(([flag, long, kind]) => option(`${flag} ${long}`, `enter the ${kind} namespace`, '[FILE]')),
    missing('-r --root', 'set the root directory', '[DIR]'),
    missing('-w --wd', 'set the working directory', '[DIR]'),
    missing('-F --no-fork', 'do not fork'),
    missing('-S --setuid', 'set the user', 'UID'),
    missing('-G --setgid', 'set the group', 'GID'),
  ],
  run,
};
