import { nsidOf } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { NETNS_DIRECTORY, namedNamespaces } from '../iproute2/named-netns.ts';

type Row = {
  readonly inode: number;
  readonly processes: readonly Process[];
  /** The one that stands for the namespace: the oldest in it. */
  readonly first: Process;
  readonly nsid: string;
  readonly file: string;
  /** What is drawn before the command: the namespaces form a tree, as their processes do. */
  branch: string;
};

/** lsns(8) of network namespaces, as util-linux 2.38 has it: those that processes are in. */
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
  const pid = parsed.value('-p');
  if (pid !== undefined && !/^\d+$/.test(pid)) {
    yield* process.printError(`lsns: invalid PID argument: '${pid}'\n`);
    return 1;
  }
  const all = namespaces(node, process);
  const rows = asTree(
    pid === undefined ? all : all.filter((row) => row.processes.some((one) => one.pid === Number(pid))),
  );
  const withHead = !parsed.has('-n');
  yield* process.print(table(rows, withHead));
  return 0;
}

function namespaces(node: Node, asking: Process): Row[] {
  const names = namedNamespaces(node);
  const own = node.kernel.netns(asking.netns);
  const byNamespace = new Map<number, Process[]>();
  for (const one of [...node.machine.processes.values()].sort((a, b) => a.pid - b.pid))
    if (one.state !== 'zombie') byNamespace.set(one.netns, [...(byNamespace.get(one.netns) ?? []), one]);
  return [...byNamespace]
    .sort(([a], [b]) => a - b)
    .flatMap(([inode, processes]): Row[] => {
      const ns = node.kernel.netns(inode);
      const [first] = processes;
      if (ns === undefined || first === undefined) return [];
      const name = names.nameOf(inode);
      return [
        {
          inode,
          processes,
          first,
          nsid: String((own && nsidOf(own, ns)) ?? 'unassigned'),
          file: name === undefined ? '' : `${NETNS_DIRECTORY}/${name}`,
          branch: '',
        },
      ];
    });
}

/** Below a namespace come those whose first process is a child of its own first process. */
function asTree(rows: readonly Row[]): Row[] {
  const childrenOf = (parent: Row) => rows.filter((row) => row.first.parent === parent.first);
  const draw = (row: Row, indent: string): Row[] => {
    const children = childrenOf(row);
    return [
      row,
      ...children.flatMap((child, i) => {
        const last = i === children.length - 1;
        child.branch = `${indent}${last ? '└─' : '├─'}`;
        return draw(child, `${indent}${last ? '  ' : '│ '}`);
      }),
    ];
  };
  return rows.filter((row) => !rows.some((other) => other.first === row.first.parent)).flatMap((row) => draw(row, ''));
}

function table(rows: readonly Row[], withHead: boolean): string {
  const cells = rows.map((row) => [
    String(row.inode),
    'net',
    String(row.processes.length),
    String(row.first.pid),
    'root',
    row.nsid,
    row.file,
    row.branch + row.first.argv.join(' '),
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
    option('-p --task', 'the one that this process is in', 'PID'),
    missing('-J --json', 'JSON'),
    missing('-l --list', 'list format'),
    missing('-o --output', 'columns', 'LIST'),
    missing('-r --raw', 'raw format'),
    missing('-W --nowrap', 'no multi-line text'),
    missing('-u --notruncate', 'do not truncate'),
  ],
  run,
};
