import { ok, type Result, SECOND } from '../base/index.ts';
import type { LinuxMachine } from './machine.ts';
import type { LinuxProcess } from './process.ts';
import type { OpenFile, Process, TreeEntry, TreeProvider } from './types.ts';

const file = (read: () => string): TreeEntry => ({ kind: 'file', mode: 0o444, read: () => ok(read()) });
const link = (target: () => string, open?: () => Result<OpenFile>): TreeEntry =>
  open === undefined ? { kind: 'symlink', target } : { kind: 'symlink', target, open };
const directory = (entries: () => string[]): TreeEntry => ({ kind: 'directory', entries });

/** The one-letter states of proc(5). */
const STATE: Record<Process['state'], string> = {
  running: 'R (running)',
  sleeping: 'S (sleeping)',
  stopped: 'T (stopped)',
  zombie: 'Z (zombie)',
};

const status = (process: LinuxProcess): string =>
  [
    `Name:\t${process.comm}`,
    `Umask:\t${process.umask.toString(8).padStart(4, '0')}`,
    `State:\t${STATE[process.state]}`,
    `Tgid:\t${process.pid}`,
    'Ngid:\t0',
    `Pid:\t${process.pid}`,
    `PPid:\t${process.ppid}`,
    'TracerPid:\t0',
    'Uid:\t0\t0\t0\t0',
    'Gid:\t0\t0\t0\t0',
    `NSpid:\t${process.pid}${process.pids.first ? '' : `\t${process.vpid}`}`,
    `NSpgid:\t${process.pgid}`,
    'Threads:\t1',
    '',
  ].join('\n');

/** What /proc/PID holds, by name. */
const PROCESS_FILES: Record<string, (process: LinuxProcess) => TreeEntry> = {
  cmdline: (process) => file(() => process.argv.map((word) => `${word}\0`).join('')),
  comm: (process) => file(() => `${process.comm}\n`),
  environ: (process) => file(() => [...process.env].map(([name, value]) => `${name}=${value}\0`).join('')),
  status: (process) => file(() => status(process)),
  stat: (process) =>
    file(
      () =>
        `${process.pid} (${process.comm}) ${STATE[process.state][0]} ${process.ppid} ${process.pgid} ${process.pgid} 0 -1 0 0 0 0 0 ${Math.floor(process.cpuTime / 10_000)} 0 0 0 20 0 1 0 ${Math.floor(process.startedAt / 10_000)}\n`,
    ),
  mounts: () => file(mounts),
  cwd: (process) => link(() => process.cwd),
  exe: (process) => link(() => process.argv[0] ?? ''),
  root: () => link(() => '/'),
};

const mounts = (): string =>
  [
    '/dev/vda1 / ext4 rw,relatime 0 0',
    'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
    'sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0',
    'udev /dev devtmpfs rw,nosuid,relatime 0 0',
    'tmpfs /run tmpfs rw,nosuid,nodev,noexec,relatime 0 0',
    '',
  ].join('\n');

function uptime(machine: LinuxMachine): string {
  const seconds = (machine.events.now / SECOND).toFixed(2);
  return `${seconds} ${seconds}\n`;
}

const MACHINE_FILES: Record<string, (machine: LinuxMachine) => string> = {
  uptime,
  loadavg: (machine) => `0.00 0.00 0.00 1/${machine.processes.size} ${Math.max(...machine.processes.keys())}\n`,
  version: () =>
    'Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)\n',
  filesystems: () => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tdevtmpfs\n\text4\n',
  meminfo: () =>
    'MemTotal:        2030360 kB\nMemFree:         1417012 kB\nMemAvailable:    1741180 kB\nBuffers:           22284 kB\nCached:           420392 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n',
  cpuinfo: () =>
    [0, 1]
      .map(
        (cpu) =>
          `processor\t: ${cpu}\nvendor_id\t: GenuineIntel\nmodel name\t: Simulated CPU\ncpu MHz\t\t: 2400.000\ncache size\t: 16384 KB\n\n`,
      )
      .join(''),
  cmdline: () => 'BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 root=/dev/vda1 ro quiet\n',
};

/** proc(5) as far as processes go; the network's part of /proc is mounted beside it by those who know the network. */
export function processTree(machine: LinuxMachine): TreeProvider {
  return {
    lookup(path, reader) {
      if (path === '')
        return directory(() =>
          [...machine.processes.keys()].map(String).concat('self', 'mounts', ...Object.keys(MACHINE_FILES)),
        );
      const [head = '', ...rest] = path.split('/');
      if (head === 'self') return rest.length > 0 || reader === undefined ? undefined : link(() => String(reader.pid));
      if (head === 'mounts') return link(() => 'self/mounts');
      const text = MACHINE_FILES[head];
      if (text !== undefined) return rest.length === 0 ? file(() => text(machine)) : undefined;
      const process = /^[1-9]\d*$/.test(head) ? machine.processes.get(Number(head)) : undefined;
      return process === undefined ? undefined : processEntry(process, rest);
    },
  };
}

function processEntry(process: LinuxProcess, path: readonly string[]): TreeEntry | undefined {
  const [name, child, ...deeper] = path;
  if (name === undefined) return directory(() => [...Object.keys(PROCESS_FILES), 'fd', 'ns', 'task']);
  if (deeper.length > 0) return undefined;
  if (name === 'fd') return fdEntry(process, child);
  if (name === 'ns') return namespaceEntry(process, child);
  if (name === 'task') return child === undefined ? directory(() => [String(process.pid)]) : undefined;
  return child === undefined ? PROCESS_FILES[name]?.(process) : undefined;
}

function fdEntry(process: LinuxProcess, fd: string | undefined): TreeEntry | undefined {
  if (fd === undefined) return directory(() => [...process.fds.keys()].map(String));
  const open = process.fds.get(Number(fd));
  return open === undefined
    ? undefined
    : link(
        () => open.path,
        () => ok(open),
      );
}

function namespaceEntry(process: LinuxProcess, kind: string | undefined): TreeEntry | undefined {
  const { inodes } = process.namespaces;
  if (kind === undefined)
    return directory(() => [...Object.keys(inodes), 'net', 'pid_for_children', 'time_for_children'].sort());
  if (kind === 'net') return link(() => `net:[${process.netns}]`);
  const name = kind.replace(/^(pid|time)_for_children$/, '$1') as keyof typeof inodes;
  return Object.hasOwn(inodes, name) ? link(() => `${name}:[${inodes[name]}]`) : undefined;
}
