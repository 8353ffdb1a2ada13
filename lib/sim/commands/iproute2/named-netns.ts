import { fail, ok, type Result } from '../../base/index.ts';
import type { NetNs } from '../../kernel/index.ts';
import type { Machine, Process, TreeProvider } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';

export const NETNS_DIRECTORY = '/run/netns';

/**
 * The names of network namespaces: files in /run/netns that hold a namespace as a bind mount of /proc/PID/ns/net does.
 * A namespace lives as long as a name, a process or a socket holds it; of the first two this keeps account.
 */
export class NamedNamespaces {
  /** Newest first, as readdir(3) of a tmpfs gives them. */
  readonly #names = new Map<string, number>();
  /** Namespaces that user space made, and for which this holds the kernel's reference. */
  readonly #held = new Set<number>();

  constructor(private readonly node: Node) {}

  list(): string[] {
    return [...this.#names.keys()].reverse();
  }

  inode(name: string): number | undefined {
    return this.#names.get(name);
  }

  get(name: string): NetNs | undefined {
    const inode = this.#names.get(name);
    return inode === undefined ? undefined : this.node.kernel.netns(inode);
  }

  nameOf(inode: number): string | undefined {
    return this.list().find((name) => this.#names.get(name) === inode);
  }

  /** A new namespace without a name: for a process that is about to enter it (unshare(2)). */
  create(): NetNs {
    const ns = this.node.kernel.newNetNs();
    this.#held.add(ns.inode);
    return ns;
  }

  /** Precondition: the name is free. */
  bind(name: string, inode: number): void {
    this.#names.set(name, inode);
  }

  unbind(name: string): Result<void> {
    const inode = this.#names.get(name);
    if (inode === undefined) return fail('ENOENT');
    this.#names.delete(name);
    this.release(inode);
    return ok(undefined);
  }

  /** Lets the namespace go when no name and no process has it any more; else looks again when one of those ends. */
  release(inode: number): void {
    if (!this.#held.has(inode) || [...this.#names.values()].includes(inode)) return;
    const inside = [...this.node.machine.processes.values()].filter(
      (process) => process.netns === inode && process.state !== 'zombie',
    );
    if (inside.length === 0) {
      this.#held.delete(inode);
      this.node.kernel.netns(inode)?.put();
      return;
    }
    for (const process of inside) process.exited.once(() => this.release(inode));
  }

  /** /run/netns: its files cannot be read, as nsfs files cannot. */
  tree(): TreeProvider {
    return {
      lookup: (path) => {
        if (path === '') return { kind: 'directory', entries: () => this.list() };
        if (!this.#names.has(path)) return undefined;
        return { kind: 'file', mode: 0o444, read: () => fail('EINVAL') };
      },
    };
  }
}

const ofMachine = new WeakMap<Machine, NamedNamespaces>();

/** The names of one machine; the first call mounts /run/netns. */
export function namedNamespaces(node: Node): NamedNamespaces {
  const known = ofMachine.get(node.machine);
  if (known !== undefined) return known;
  const names = new NamedNamespaces(node);
  ofMachine.set(node.machine, names);
  node.machine.fs.mkdir(NETNS_DIRECTORY, { parents: true });
  node.machine.fs.mount(NETNS_DIRECTORY, names.tree());
  return names;
}

/** The namespace behind a path such as /run/netns/NAME or /proc/PID/ns/net. */
export function namespaceAt(node: Node, process: Process, path: string): Result<number> {
  const { fs } = node.machine;
  const absolute = process.path(path);
  const folder = fs.realpath(absolute.slice(0, absolute.lastIndexOf('/')) || '/', process);
  if (!folder.ok) return folder;
  const name = absolute.slice(absolute.lastIndexOf('/') + 1);
  if (folder.value === NETNS_DIRECTORY) {
    const inode = namedNamespaces(node).inode(name);
    return inode === undefined ? fail('ENOENT') : ok(inode);
  }
  const pid = /^\/proc\/(\d+)\/ns$/.exec(folder.value)?.[1];
  const target = pid === undefined ? undefined : node.machine.processes.get(Number(pid));
  if (target !== undefined && name === 'net') return ok(target.netns);
  const stat = fs.stat(absolute, process);
  return stat.ok ? fail('EINVAL') : stat;
}
