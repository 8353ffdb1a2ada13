import { done, fail, ok } from '../../base/index.ts';
import { listSysctls, type NetNs, readSysctl, type SysctlEntry, writeSysctl } from '../../kernel/index.ts';
import type { Process, TreeEntry } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { directory, file, writable } from './entries.ts';

/** What of /proc/sys belongs to the machine and not to a network namespace. */
const MACHINE_KEYS: Readonly<Record<string, (node: Node) => string>> = {
  'kernel/hostname': ({ machine }) => machine.hostname,
  'kernel/ostype': () => 'Linux',
  'kernel/osrelease': () => '6.1.0-28-amd64',
  'kernel/version': () => '#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)',
  'kernel/pid_max': () => '4194304',
  'kernel/threads-max': () => '15592',
  'kernel/panic': () => '0',
  'fs/file-max': () => '9223372036854775807',
  'fs/nr_open': () => '1048576',
  'vm/overcommit_memory': () => '0',
  'vm/swappiness': () => '60',
};

/** /proc/sys below its root: `net/ipv4/ip_forward` and its like, for the namespace of the reader. */
export function procSysEntry(node: Node, ns: NetNs, path: string, reader?: Process): TreeEntry | undefined {
  const machineKey = MACHINE_KEYS[path];
  if (path === 'kernel/hostname') return hostname(reader?.namespaces.uts ?? node.machine);
  if (machineKey !== undefined) return file(() => `${machineKey(node)}\n`);
  const { keys, folders } = indexOf(listSysctls(ns));
  const key = keys.get(path);
  if (key !== undefined) return sysctlFile(ns, key);
  const names = folders.get(path);
  return names === undefined ? undefined : directory(() => [...names]);
}

function hostname(uts: { hostname: string }): TreeEntry {
  return writable(
    () => ok(`${uts.hostname}\n`),
    (text) => {
      uts.hostname = text.trim();
      return done;
    },
  );
}

function sysctlFile(ns: NetNs, { path, mode }: { path: string; mode: 'rw' | 'r' | 'w' }): TreeEntry {
  const read = (): ReturnType<typeof readSysctl> => {
    const value = readSysctl(ns, path);
    return value.ok ? ok(`${value.value}\n`) : value;
  };
  if (mode === 'r') return { kind: 'file', mode: 0o444, read };
  return writable(
    mode === 'w' ? () => fail('EACCES') : read,
    (text) => writeSysctl(ns, path, text),
    mode === 'w' ? 0o200 : 0o644,
  );
}

type Index = {
  readonly keys: ReadonlyMap<string, SysctlEntry>;
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
};

const indexes = new WeakMap<readonly SysctlEntry[], Index>();

/** A listing by path, with the names in each of its folders. The kernel gives the same listing until devices come or go. */
function indexOf(listing: readonly SysctlEntry[]): Index {
  const known = indexes.get(listing);
  if (known !== undefined) return known;
  const folders = new Map<string, Set<string>>();
  for (const path of [...listing.map((entry) => entry.path), ...Object.keys(MACHINE_KEYS)]) enter(folders, path);
  const index = { keys: new Map(listing.map((entry) => [entry.path, entry])), folders };
  indexes.set(listing, index);
  return index;
}

/** Notes a path in its folder, and that in its own. */
function enter(folders: Map<string, Set<string>>, path: string): void {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  const names = folders.get(folder);
  if (names !== undefined) {
    names.add(path.slice(slash + 1));
    return;
  }
  folders.set(folder, new Set([path.slice(slash + 1)]));
  if (folder !== '') enter(folders, folder);
}
