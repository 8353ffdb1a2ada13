import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';

/** unshare(1): runs a program in a namespace of its own; of namespaces only that of the network is told apart here. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, unshare, { stopAtOperand: true });
  if (typeof parsed === 'number') return parsed;
  const names = namedNamespaces(node);
  const before = process.netns;
  if (parsed.has('-n')) process.netns = names.create().inode;
  const status = yield* execute(
    process,
    parsed.operands.length === 0 ? [process.env.get('SHELL') ?? '/bin/sh'] : parsed.operands,
    'unshare',
    before === process.netns ? undefined : () => names.release(process.netns),
  );
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
    missing('-m --mount', 'unshare the mount namespace'),
    missing('-u --uts', 'unshare the UTS namespace (hostname)'),
    missing('-i --ipc', 'unshare the IPC namespace'),
    missing('-p --pid', 'unshare the PID namespace'),
    missing('-U --user', 'unshare the user namespace'),
    missing('-C --cgroup', 'unshare the cgroup namespace'),
    missing('-T --time', 'unshare the time namespace'),
    missing('-f --fork', 'fork before running the program'),
    missing('-r --map-root-user', 'map the user to root'),
    missing('--mount-proc', 'mount a proc file system'),
    missing('--kill-child', 'kill the child when unshare ends'),
  ],
  run,
};
