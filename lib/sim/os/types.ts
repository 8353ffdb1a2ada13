import type { EventQueue, KernelError, Micros, Random, Result, WaitQueue } from '../base/index.ts';
import type { Namespaces, PidNamespace } from './namespaces.ts';
import type { Scheduler } from './scheduler.ts';
import type { Signal } from './signals.ts';
import type { Tty, TtyOptions } from './tty.ts';

/**
 * The contract between programs and the operating system of a simulated machine.
 *
 *   scheduler ──runs──▶ Process ──▶ Program, a generator that yields a Wait wherever it would block
 *                          │
 *                          ├─ fds ──▶ OpenFile (pipe, tty, regular file, /proc file, /dev/null)
 *                          ├─ netns ─ the inode number of its network namespace; the kernel resolves it
 *                          └─ machine ─▶ file system, process table, hostname, clock, randomness
 */
export type Program = (process: Process) => Generator<Wait, number, void>;

/**
 * What a program yields when it cannot go on. It is resumed when one of the queues wakes, when virtual time reaches
 * `until`, or when a signal arrives, whichever comes first, and must look at its condition again.
 * `{}` means "I have used the CPU for a while, let others run": it costs 10 µs. Every loop that could be endless yields
 * one per round; `read`, `write` and `readLine` do so by themselves now and then.
 *
 * When a signal ends the process, its generators are closed: `finally` blocks run, but what they yield is not waited for.
 */
export type Wait = {
  readonly queues?: readonly WaitQueue[];
  readonly until?: Micros;
  /** Runs this to its end first (see `call`): recursion that does not grow the JavaScript stack. */
  readonly call?: Generator<Wait, void, void>;
};

export type { Signal };

export interface Process {
  readonly pid: number;
  readonly ppid: number;
  /** Its number, and its parent's (0: out of sight), in its own process id namespace. */
  readonly vpid: number;
  readonly vppid: number;
  /** The process id namespace that it lives in; its children's is in `namespaces`. */
  readonly pids: PidNamespace;
  namespaces: Namespaces;
  readonly parent: Process | undefined;
  /** Process group, for job control. */
  pgid: number;
  /** Replaced by `exec`. */
  argv: readonly string[];
  /** The command's name as /proc/PID/comm has it, at most 15 bytes. */
  comm: string;
  /** Its controlling terminal. */
  tty: Tty | undefined;
  readonly env: Map<string, string>;
  readonly machine: Machine;
  readonly startedAt: Micros;
  /** Virtual processor time it has used. */
  readonly cpuTime: Micros;
  cwd: string;
  umask: number;
  /** Inode number of its network namespace, as `readlink /proc/self/ns/net` shows: net:[4026531840]. */
  netns: number;
  readonly fds: Map<number, OpenFile>;
  /** Puts an open file at `fd` (dup2: what was there is closed), or at the lowest free number from `lowest` up. */
  setFd(fd: number, file: OpenFile): void;
  addFd(file: OpenFile, lowest?: number): number;
  closeFd(fd: number): boolean;
  /** `path` made absolute from `cwd`, as the file system wants it. */
  path(path: string): string;

  /** Writes text (UTF-8) or bytes to a descriptor; blocks while a pipe is full. A closed reader raises SIGPIPE. */
  write(fd: number, data: string | Uint8Array): Generator<Wait, Result<number>, void>;
  /** `write(1, …)` and `write(2, …)` for programs that need no result. */
  print(text: string): Generator<Wait, void, void>;
  printError(text: string): Generator<Wait, void, void>;
  /** Up to `size` bytes, none after the first `delimiter` byte; empty at end of file. EINTR: a handled signal came first. */
  read(fd: number, size?: number, delimiter?: number): Generator<Wait, Result<Uint8Array>, void>;
  /** A line without its newline, or undefined at the end of the file. Streams: it blocks only until a line is there. */
  readLine(fd: number): Generator<Wait, string | undefined, void>;
  /** All that comes until end of file, as text. */
  readAll(fd: number): Generator<Wait, string, void>;

  sleep(duration: Micros): Generator<Wait, void, void>;
  /** Until `condition()` holds, or `deadline` passes (then false), or a signal with a handler arrives (then false). */
  waitFor(condition: () => boolean, queues: readonly WaitQueue[], deadline?: Micros): Generator<Wait, boolean, void>;

  /** Installs a handler in place of the signal's default action; undefined restores it; 'ignore' ignores it. */
  onSignal(signal: Signal, handler: (() => void) | 'ignore' | undefined): void;

  /** How the process treats a signal now. */
  disposition(signal: Signal): 'default' | 'ignore' | 'handler';

  /**
   * Starts a child. What is not said is inherited: cwd, env, fds, netns, pgid, tty, ignored signals. Where the machine has
   * no process left, the caller ends with fork(2)'s message; `trySpawn` gives it the EAGAIN instead.
   */
  spawn(program: Program, options: SpawnOptions): Process;
  trySpawn(program: Program, options: SpawnOptions): Result<Process>;
  /** Looks `argv[0]` up (PATH, or a path; `#!` scripts run by their interpreter) as execve(2) and execvp(3) do. */
  resolve(command: string): Result<Executable>;
  /** Waits for a child and takes it off the process table; its exit status, 128 + signal number when it was killed. */
  wait(child: Process): Generator<Wait, number, void>;
  /** Takes a zombie child off the process table without waiting (waitpid with WNOHANG). */
  reap(child: Process): void;
  /** Takes its children off the process table as soon as they end (a shell, at SIGCHLD); their status stays with them. */
  reapsChildren: boolean;
  readonly children: ReadonlySet<Process>;
  /** Wakes when a child ends, stops or continues. */
  readonly childChanged: WaitQueue;

  readonly exitStatus: number | undefined;
  /** The signal that ended it, when one did. */
  readonly endedBy: Signal | undefined;
  readonly state: 'running' | 'sleeping' | 'stopped' | 'zombie';
  readonly exited: WaitQueue;
  kill(signal: Signal): void;
}

/** What execve(2) would run: `[...argvPrefix, ...arguments]` is the new argv. For a script that is its interpreter's. */
export type Executable = { readonly path: string; readonly program: Program; readonly argvPrefix: readonly string[] };

export type SpawnOptions = {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: ReadonlyMap<string, string>;
  readonly fds?: ReadonlyMap<number, OpenFile>;
  readonly netns?: number;
  /** 'new' makes the child the leader of a process group of its own. */
  readonly pgid?: number | 'new';
  readonly tty?: Tty;
  /** fork(2) without exec: the child is a copy of its parent (a subshell) and starts sooner. */
  readonly fork?: boolean;
  /** Signals that the child does not ignore although its parent does. */
  readonly defaultSignals?: readonly Signal[];
};

/** An open file description (open(2)): shared by all descriptors made from it by dup and fork. */
export interface OpenFile {
  readonly kind: 'file' | 'pipe' | 'tty' | 'device' | 'directory' | 'socket';
  /** What /proc/PID/fd/N points to. */
  readonly path: string;
  /** Bytes when there are any (none after the first `delimiter`), 'eof', or 'again' (wait on `readable`). */
  read(size: number, delimiter?: number): Result<Uint8Array | 'eof' | 'again'>;
  /** How many bytes were taken; 0 means full (wait on `writable`). */
  write(data: Uint8Array): Result<number>;
  /** What write(2) still waits for before it returns: packets that it set off. */
  settle?(): Generator<Wait, void, void>;
  readonly readable: WaitQueue;
  readonly writable: WaitQueue;
  /** Counted: the description closes when the last descriptor does. */
  retain(): OpenFile;
  release(): void;
  /** The signal that a process gets instead of access (job control of terminals). */
  refusal(process: Process, access: 'read' | 'write'): Signal | undefined;
  /** The inode behind it, where it has one (fstat(2)). */
  stat?(): Stat;
  /** Position for the next read and write of a regular file (lseek(2)). */
  seek?(offset: number): void;
  truncate?(size: number): Result<void>;
}

/** One computer's user space: what its processes share. The kernel's network is not in here; see lib/sim/kernel. */
export interface Machine {
  readonly name: string;
  hostname: string;
  readonly fs: FileSystem;
  readonly events: EventQueue;
  readonly random: Random;
  readonly processes: ReadonlyMap<number, Process>;
  /** A number for a new namespace that is not one of the network. */
  namespaceInode(): number;
  readonly scheduler: Scheduler;
  /** Starts a process that no other process started: a terminal's shell, a daemon. Its parent is init. */
  start(program: Program, options: StartOptions): Process;
  /** A new terminal line, the next /dev/pts/N. */
  openTty(options: TtyOptions): Tty;
  pipe(): { reader: OpenFile; writer: OpenFile };
  /** Microseconds since the Unix epoch at virtual time 0, for `date`, time stamps of files and of tcpdump. */
  readonly epoch: Micros;
  readonly limits: Limits;
}

export type StartOptions = Required<Pick<SpawnOptions, 'argv'>> & Omit<SpawnOptions, 'fork'>;

/** What keeps a world bounded; reaching one gives the error a real machine would give, and names the limit. */
export type Limits = {
  readonly processes: number;
  readonly fileBytes: number;
  readonly totalFileBytes: number;
  readonly pipeBytes: number;
  /** Files and directories on the machine. */
  readonly inodes: number;
  readonly openFiles: number;
};

export type Stat = {
  readonly kind: 'file' | 'directory' | 'symlink' | 'device' | 'fifo' | 'socket';
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Virtual time of the last change of its content; add `machine.epoch` for the calendar. */
  readonly mtime: Micros;
  readonly nlink: number;
};

/** Paths are absolute and may hold `.`, `..` and symbolic links. Mounted trees (/proc, /sys) answer through `mount`. */
export interface FileSystem {
  open(path: string, flags: OpenFlags, opener: Process): Result<OpenFile>;
  readFile(path: string, reader?: Process): Result<Uint8Array>;
  writeFile(path: string, data: string | Uint8Array, options?: { mode?: number; append?: boolean }): Result<void>;
  stat(path: string, reader?: Process): Result<Stat>;
  lstat(path: string, reader?: Process): Result<Stat>;
  /** Names in the order of code points, without `.` and `..`. */
  readdir(path: string, reader?: Process): Result<string[]>;
  readlink(path: string, reader?: Process): Result<string>;
  realpath(path: string, reader?: Process): Result<string>;
  mkdir(path: string, options?: { mode?: number; parents?: boolean }): Result<void>;
  rmdir(path: string): Result<void>;
  unlink(path: string): Result<void>;
  rename(from: string, to: string): Result<void>;
  symlink(target: string, path: string): Result<void>;
  link(existing: string, path: string): Result<void>;
  chmod(path: string, mode: number): Result<void>;
  chown(path: string, uid: number, gid: number): Result<void>;
  touch(path: string, mtime: Micros): Result<void>;
  mkfifo(path: string, mode?: number): Result<void>;
  /** May the file be run? Its program, or the interpreter that its first line names. */
  executable(
    path: string,
    reader?: Process,
  ): Result<{ program: Program } | { interpreter: string; argument?: string } | 'text'>;
  /** Wakes when the content of the file changes (for `tail -f`); undefined where nobody can tell. */
  changes(path: string): WaitQueue | undefined;
  /** Bytes that regular files use, of `limits.totalFileBytes`. */
  readonly usedBytes: number;
  /**
   * Puts a synthesised tree (procfs, sysfs) at `path`: read and written through the provider, per reading process.
   * Providers at one path are asked in turn, and a directory lists what all of them have there.
   */
  mount(path: string, provider: TreeProvider): void;
  /** Makes an executable whose content is a program of the simulator. */
  installProgram(path: string, program: Program): void;
}

export type OpenFlags = {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  /** With `create`: fail with EEXIST when it is there (O_EXCL). */
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
  /** Mode of a created file before the umask; 0o666 when not said. */
  readonly mode?: number;
};

/** A synthesised tree, such as /proc/net for the reader's own network namespace. Paths are relative: `sys/net/ipv4/ip_forward`. */
export interface TreeProvider {
  /** It has no symbolic links, and nothing is mounted below: a path in it is asked for at once, not step by step. */
  readonly plain?: boolean;
  /** undefined: no such entry. */
  lookup(path: string, reader: Process | undefined): TreeEntry | undefined;
}

export type TreeEntry =
  | { readonly kind: 'directory'; readonly entries: () => string[] }
  /** `open` makes it a magic link, which leads to an open file whatever its target's text says (/proc/PID/fd/N). */
  | { readonly kind: 'symlink'; readonly target: () => string; readonly open?: () => Result<OpenFile> }
  | {
      readonly kind: 'file';
      readonly mode: number;
      readonly read: () => Result<string>;
      readonly write?: (text: string) => Result<void, KernelError>;
    };
