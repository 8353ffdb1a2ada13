import type { EventQueue, KernelError, Micros, Random, Result, WaitQueue } from '../base/index.ts';

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
 * `{}` is a pure scheduling point ("let others run"); every loop that could be endless yields one per round.
 */
export type Wait = { readonly queues?: readonly WaitQueue[]; readonly until?: Micros };

export type Signal = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'USR1' | 'USR2' | 'PIPE' | 'ALRM' | 'TERM' | 'CHLD' | 'CONT' | 'STOP' | 'TSTP';

export interface Process {
  readonly pid: number;
  readonly ppid: number;
  /** Process group, for job control. */
  readonly pgid: number;
  readonly argv: readonly string[];
  readonly env: Map<string, string>;
  readonly machine: Machine;
  readonly startedAt: Micros;
  cwd: string;
  umask: number;
  /** Inode number of its network namespace, as `readlink /proc/self/ns/net` shows: net:[4026531840]. */
  netns: number;
  readonly fds: Map<number, OpenFile>;

  /** Writes text (UTF-8) or bytes to a descriptor; blocks while a pipe is full. A closed reader raises SIGPIPE. */
  write(fd: number, data: string | Uint8Array): Generator<Wait, Result<number>, void>;
  /** `write(1, …)` and `write(2, …)` for programs that need no result. */
  print(text: string): Generator<Wait, void, void>;
  printError(text: string): Generator<Wait, void, void>;
  /** Up to `size` bytes; empty at end of file. */
  read(fd: number, size?: number): Generator<Wait, Result<Uint8Array>, void>;
  /** A line without its newline, or undefined at the end of the file. Streams: it blocks only until a line is there. */
  readLine(fd: number): Generator<Wait, string | undefined, void>;
  /** All that comes until end of file, as text. */
  readAll(fd: number): Generator<Wait, string, void>;

  sleep(duration: Micros): Generator<Wait, void, void>;
  /** Until `condition()` holds, or `deadline` passes (then false), or a signal with a handler arrives (then false). */
  waitFor(condition: () => boolean, queues: readonly WaitQueue[], deadline?: Micros): Generator<Wait, boolean, void>;

  /** Installs a handler in place of the signal's default action; undefined restores it; 'ignore' ignores it. */
  onSignal(signal: Signal, handler: (() => void) | 'ignore' | undefined): void;

  /** Starts a child. What is not said is inherited: cwd, env, fds, netns, pgid. */
  spawn(program: Program, options: SpawnOptions): Process;
  /** Looks `argv[0]` up (PATH, or a path; `#!` scripts run by their interpreter) as execve(2) and execvp(3) do. */
  resolve(command: string): Result<{ path: string; program: Program; argvPrefix: readonly string[] }>;
  /** Waits for a child; its exit status, 128 + signal number when it was killed. */
  wait(child: Process): Generator<Wait, number, void>;

  readonly exitStatus: number | undefined;
  readonly state: 'running' | 'sleeping' | 'stopped' | 'zombie';
  readonly exited: WaitQueue;
  kill(signal: Signal): void;
}

export type SpawnOptions = {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: ReadonlyMap<string, string>;
  readonly fds?: ReadonlyMap<number, OpenFile>;
  readonly netns?: number;
  /** 'new' makes the child the leader of a process group of its own. */
  readonly pgid?: number | 'new';
};

/** An open file description (open(2)): shared by all descriptors made from it by dup and fork. */
export interface OpenFile {
  readonly kind: 'file' | 'pipe' | 'tty' | 'device' | 'directory';
  /** What /proc/PID/fd/N points to. */
  readonly path: string;
  /** Bytes when there are any, 'eof', or 'again' (wait on `readable`). */
  read(size: number): Result<Uint8Array | 'eof' | 'again'>;
  /** How many bytes were taken; 0 means full (wait on `writable`). */
  write(data: Uint8Array): Result<number>;
  readonly readable: WaitQueue;
  readonly writable: WaitQueue;
  /** Counted: the description closes when the last descriptor does. */
  retain(): OpenFile;
  release(): void;
}

/** One computer's user space: what its processes share. The kernel's network is not in here; see lib/sim/kernel. */
export interface Machine {
  readonly name: string;
  hostname: string;
  readonly fs: FileSystem;
  readonly events: EventQueue;
  readonly random: Random;
  readonly processes: ReadonlyMap<number, Process>;
  /** Microseconds since the Unix epoch at virtual time 0, for `date`, time stamps of files and of tcpdump. */
  readonly epoch: Micros;
  readonly limits: Limits;
}

/** What keeps a world bounded; reaching one gives the error a real machine would give, and names the limit. */
export type Limits = {
  readonly processes: number;
  readonly fileBytes: number;
  readonly totalFileBytes: number;
  readonly pipeBytes: number;
  readonly outputBytesPerLine: number;
};

export type Stat = {
  readonly kind: 'file' | 'directory' | 'symlink' | 'device' | 'fifo';
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
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
  /** Puts a synthesised tree (procfs, sysfs) at `path`: read and written through the provider, per reading process. */
  mount(path: string, provider: TreeProvider): void;
  /** Makes an executable whose content is a program of the simulator. */
  installProgram(path: string, program: Program): void;
}

export type OpenFlags = { readonly read?: boolean; readonly write?: boolean; readonly append?: boolean; readonly create?: boolean; readonly truncate?: boolean };

/** A synthesised tree, such as /proc/net for the reader's own network namespace. Paths are relative: `sys/net/ipv4/ip_forward`. */
export interface TreeProvider {
  /** undefined: no such entry. */
  lookup(path: string, reader: Process | undefined): TreeEntry | undefined;
}

export type TreeEntry =
  | { readonly kind: 'directory'; readonly entries: () => string[] }
  | { readonly kind: 'symlink'; readonly target: () => string }
  | { readonly kind: 'file'; readonly mode: number; readonly read: () => Result<string>; readonly write?: (text: string) => Result<void, KernelError> };
