/**
 * The kernel's network as files: /proc/net, /proc/sys and /sys/class/net, for the network namespace of whoever reads.
 * They are views; nothing is kept here.
 */
import type { NetNs } from '../../kernel/index.ts';
import type { Process, TreeEntry } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { directory, file, symlink } from './entries.ts';
import { PROC_NET_FILES } from './proc-net.ts';
import { procSysEntry } from './proc-sys.ts';
import { sysEntry } from './sys-class-net.ts';

export function mountNetworkTrees(node: Node): void {
  const of = (reader: Process | undefined): NetNs =>
    (reader === undefined ? undefined : node.kernel.netns(reader.netns)) ?? node.kernel.init;
  node.machine.fs.mount('/proc', { lookup: (path, reader) => procEntry(node, of(reader), path, reader) });
  // A mount of its own, so that the many files below are asked of nobody else.
  node.machine.fs.mount('/proc/sys', {
    plain: true,
    lookup: (path, reader) => procSysEntry(node, of(reader), path, reader),
  });
  // Only a new mount shows another namespace's devices: `ip netns exec` makes one, nsenter does not.
  const mounted = (reader: Process | undefined): NetNs =>
    node.kernel.netns(reader?.namespaces.sysfs ?? node.kernel.init.inode) ?? node.kernel.init;
  node.machine.fs.mount('/sys', { lookup: (path, reader) => sysEntry(mounted(reader), path) });
}

const procNetFiles = (node: Node): typeof PROC_NET_FILES =>
  Object.assign({}, PROC_NET_FILES, ...node.kernel.modules().map(({ procNet }) => procNet));

function procEntry(node: Node, ns: NetNs, path: string, reader: Process | undefined): TreeEntry | undefined {
  if (path === '') return directory(() => ['net', 'sys']);
  if (path === 'net') return symlink(() => 'self/net');
  if (path === 'sys') return procSysEntry(node, ns, '', reader);
  const [pid = '', folder, name, ...deeper] = path.split('/');
  const process = /^\d+$/.test(pid) ? node.machine.processes.get(Number(pid)) : undefined;
  const own = process === undefined ? undefined : node.kernel.netns(process.netns);
  if (own === undefined || deeper.length > 0) return undefined;
  if (folder === undefined) return directory(() => ['net']);
  if (folder !== 'net') return undefined;
  const files = procNetFiles(node);
  if (name === undefined) return directory(() => Object.keys(files));
  const content = Object.hasOwn(files, name) ? files[name] : undefined;
  return content === undefined ? undefined : file(() => content(own));
}
