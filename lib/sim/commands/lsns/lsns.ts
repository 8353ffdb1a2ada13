import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { NETNS_DIRECTORY, namedNamespaces } from '../iproute2/named-netns.ts';

type Row = {
  readonly inode: number;
  readonly processes: number;
  readonly pid: number;
  readonly command: string;
  readonly nsid: string;
  readonly file: string;
};

/** lsns(8) of network namespaces: those that processes are in, and those that only a name holds. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, lsns);
  if (typeof parsed === 'number') return parsed;
  const type = parsed.value('-t');
  if (type !== undefined && type !== 'net') {
    const known = ['mnt', 'ipc', 'user', 'pid', 'uts', 'cgroup', 'time'].includes(type);
    yield* process.printError(
      known ? `lsns: not simulated here: -t ${type}\n` : `lsns: unknown namespace type: ${type}\n`,
    );
    return known ? 64 : 1;
  }
  const rows = namespaces(node);
  const withHead = !parsed.has('-n');
  yield* process.print(table(rows, withHead));
  return 0;
}

function namespaces(node: Node): Row[] {
  const names = namedNamespaces(node);
  const living = [...node.machine.processes.values()].filter((one) => one.state !== 'zombie');
  const inodes = new Set([...living.map((one) => one.netns), ...names.list().map((name) => names.inode(name) ?? 0)]);
  return [...inodes]
    .filter((inode) => node.kernel.netns(inode) !== undefined)
    .sort((a, b) => a - b)
    .map((inode) => {
      const inside = living.filter((one) => one.netns === inode).sort((a, b) => a.pid - b.pid);
      const [first] = inside;
      const name = names.nameOf(inode);
      return {
        inode,
        processes: inside.length,
        pid: first?.pid ?? 0,
        command: first?.argv.join(' ') ?? '',
        nsid: 'unassigned',
        file: name === undefined ? '' : `${NETNS_DIRECTORY}/${name}`,
      };
    });
}

function table(rows: readonly Row[], withHead: boolean): string {
  const cells = rows.map((row) => [
    String(row.inode),
    'net',
    String(row.processes),
    row.pid === 0 ? '' : String(row.pid),
    row.pid === 0 ? '' : 'root',
    row.nsid,
    row.file,
    row.command,
  ]);
  const head = ['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'NETNSID', 'NSFS', 'COMMAND'];
  const lines = withHead ? [head, ...cells] : cells;
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0), column === 0 ? 10 : 0),
  );
  const right = [true, false, true, true, false, true, false, false];
  return lines
    .map((line) =>
      line
        .map((cell, i) =>
          right[i] ? cell.padStart(widths[i] ?? 0) : i === line.length - 1 ? cell : cell.padEnd(widths[i] ?? 0),
        )
        .join(' ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export const lsns: CommandSpec = {
  name: 'lsns',
  path: '/usr/bin/lsns',
  summary: 'list namespaces (of the network)',
  options: [
    option('-t --type', 'type of namespaces: net', 'TYPE'),
    option('-n --noheadings', 'no headings'),
    missing('-J --json', 'JSON'),
    missing('-l --list', 'list format'),
    missing('-o --output', 'columns', 'LIST'),
    missing('-p --task', 'of one process', 'PID'),
    missing('-r --raw', 'raw format'),
    missing('-W --nowrap', 'no multi-line text'),
    missing('-u --notruncate', 'do not truncate'),
  ],
  run,
};
