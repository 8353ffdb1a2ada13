import { strerror } from '../../base/index.ts';
import { type NamespaceKind, type Process, unshared, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';

const KINDS: readonly (readonly [flag: string, kind: NamespaceKind])[] = [
  ['-u', 'uts'],
  ['-i', 'ipc'],
  ['-C', 'cgroup'],
  ['-T', 'time'],
  ['-p', 'pid'],
];

/** unshare(1): runs a program in namespaces of its own. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, unshare, { stopAtOperand: true });
  if (typeof parsed === 'number') return parsed;
  const forks = parsed.has('-f') || parsed.has('--kill-child');
  if (parsed.has('-p') && !forks) {
    // The program itself would stay outside, and its first child be process 1.
    yield* process.printError('unshare: not simulated here: --pid without --fork\n');
    return 64;
  }
  const names = namedNamespaces(node);
  const before = process.netns;
  if (parsed.has('-n')) process.netns = names.create().inode;
  enterNew(process, parsed);
  const leave = before === process.netns ? undefined : () => names.release(process.netns);
  const command = parsed.operands.length === 0 ? [process.env.get('SHELL') ?? '/bin/sh'] : parsed.operands;
  return yield* forks ? forked(process, command, 'unshare', leave) : execute(process, command, 'unshare', leave);
}

function enterNew(process: Process, parsed: Parsed): void {
  const kinds = KINDS.filter(([flag]) => parsed.has(flag)).map(([, kind]) => kind);
  if (kinds.length === 0) return;
  process.namespaces = unshared(process.namespaces, kinds, () => process.machine.namespaceInode());
}

/** fork(2), execvp(3) in the child, and its end awaited: the first process of a new process id namespace is made so. */
export function* forked(
  process: Process,
  command: readonly string[],
  tool: string,
  leave?: () => void,
): Generator<Wait, number, void> {
  const child = process.spawn((inner) => execute(inner, command, tool), { argv: process.argv, fork: true });
  const status = yield* process.wait(child);
  leave?.();
  return status;
}

/** execvp(3) in this process; `leave` lets go of what was made for it when it ends. */
export function* execute(
  process: Process,
  command: readonly string[],
  tool: string,
  leave?: () => void,
): Generator<Wait, number, void> {
  const [file = '', ...rest] = command;
  const found = process.resolve(file);
  if (!found.ok) {
    yield* process.printError(`${tool}: failed to execute ${file}: ${strerror(found.error.errno)}\n`);
    leave?.();
    return found.error.errno === 'ENOENT' ? 127 : 126;
  }
  process.exited.once(() => leave?.());
  process.argv = [...found.value.argvPrefix, ...rest];
  process.comm = (file.split('/').at(-1) ?? file).slice(0, 15);
  return yield* found.value.program(process);
}

export const unshare: CommandSpec = {
  name: 'unshare',
  path: '/usr/bin/unshare',
  summary: 'run a program with namespaces unshared from its parent',
  options: [
    option('-n --net', 'unshare the network namespace'),
    option('-u --uts', 'unshare the UTS namespace (hostname)'),
    option('-i --ipc', 'unshare the IPC namespace'),
    option('-p --pid', 'unshare the PID namespace (with --fork)'),
    option('-C --cgroup', 'unshare the cgroup namespace'),
    option('-T --time', 'unshare the time namespace'),
    option('-f --fork', 'fork before running the program'),
    option('--kill-child', 'kill the child when unshare ends'),
    missing('-m --mount', 'unshare the mount namespace'),
    missing('-U --user', 'unshare the user namespace'),
    missing('-r --map-root-user', 'map the user to root'),
    missing('--mount-proc', 'mount a proc file system'),
  ],
  run,
};
