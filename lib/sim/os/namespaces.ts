/** Kinds of namespaces beside that of the network (namespaces(7)), as /proc/PID/ns names them. */
export type NamespaceKind = 'cgroup' | 'ipc' | 'mnt' | 'pid' | 'time' | 'user' | 'uts';

/** Process ids of their own: the first process made in one is its number 1, and takes the others along when it ends. */
export class PidNamespace {
  last = 0;
  constructor(readonly first: boolean) {}
}

/** The namespaces that a process has, and shares with others until it leaves one by unshare(2) or setns(2). */
export type Namespaces = {
  readonly inodes: Readonly<Record<NamespaceKind, number>>;
  readonly uts: { hostname: string };
  /** Whose devices /sys shows: the network namespace in which it was mounted; undefined: the first. */
  readonly sysfs: number | undefined;
  /** What is bound over other files (mount --bind): canonical path → the path of what is seen there. */
  readonly binds: ReadonlyMap<string, string>;
  /** Where its children get their process ids. */
  readonly pids: PidNamespace;
};

/** Those that a machine starts with; the numbers are fixed by tradition. */
export const firstNamespaces = (hostname: string): Namespaces => ({
  inodes: {
    cgroup: 4_026_531_835,
    ipc: 4_026_531_839,
    mnt: 4_026_531_841,
    pid: 4_026_531_836,
    time: 4_026_531_834,
    user: 4_026_531_837,
    uts: 4_026_531_838,
  },
  uts: { hostname },
  sysfs: undefined,
  binds: new Map(),
  pids: new PidNamespace(true),
});

/** unshare(2): copies of these, with `inode` numbering each; what is in them starts as it was. */
export function unshared(from: Namespaces, kinds: readonly NamespaceKind[], inode: () => number): Namespaces {
  const inodes = { ...from.inodes };
  for (const kind of kinds) inodes[kind] = inode();
  return {
    inodes,
    uts: kinds.includes('uts') ? { ...from.uts } : from.uts,
    sysfs: from.sysfs,
    binds: from.binds,
    pids: kinds.includes('pid') ? new PidNamespace(false) : from.pids,
  };
}

/** setns(2): those of the kinds become another's. */
export function joined(from: Namespaces, to: Namespaces, kinds: readonly NamespaceKind[]): Namespaces {
  const inodes = { ...from.inodes };
  for (const kind of kinds) inodes[kind] = to.inodes[kind];
  return {
    inodes,
    uts: kinds.includes('uts') ? to.uts : from.uts,
    sysfs: kinds.includes('mnt') ? to.sysfs : from.sysfs,
    binds: kinds.includes('mnt') ? to.binds : from.binds,
    pids: kinds.includes('pid') ? to.pids : from.pids,
  };
}

type Numbered = { readonly pid: number; readonly vpid: number; readonly pids: PidNamespace };

/** The number by which `viewer` knows a process; 0 when it cannot see it. */
export function pidIn(process: Numbered, viewer: Numbered): number {
  if (viewer.pids.first) return process.pid;
  return process.pids === viewer.pids ? process.vpid : 0;
}
