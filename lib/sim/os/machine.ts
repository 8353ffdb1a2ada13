import { type EventQueue, fail, type Micros, ok, type Random, type Result, SECOND } from '../base/index.ts';
import { openFull, openNull, openRandom, openZero } from './devices.ts';
import { firstNamespaces, type Namespaces } from './namespaces.ts';
import { baseName, normalizePath } from './path.ts';
import { createPipe } from './pipe.ts';
import { processTree } from './proc-tree.ts';
import { LinuxProcess } from './process.ts';
import { COST, Scheduler } from './scheduler.ts';
import { plantSkeleton } from './skeleton.ts';
import { Tty, type TtyOptions } from './tty.ts';
import type { Executable, Limits, Machine, OpenFile, Process, Program, SpawnOptions, StartOptions } from './types.ts';
import { Vfs } from './vfs/file-system.ts';
import { Storage } from './vfs/storage.ts';

export type MachineOptions = {
  readonly name: string;
  readonly hostname: string;
  readonly events: EventQueue;
  readonly random: Random;
  /** Microseconds since the Unix epoch at virtual time 0. */
  readonly epoch: Micros;
  readonly limits?: Partial<Limits>;
  /** Machines of one world may share one, to count their steps together. */
  readonly scheduler?: Scheduler;
};

const MiB = 1_048_576;

export const DEFAULT_LIMITS: Limits = {
  processes: 400,
  fileBytes: 16 * MiB,
  totalFileBytes: 48 * MiB,
  pipeBytes: 65_536,
  inodes: 20_000,
  openFiles: 1_024,
};

/** PIDs that a machine's boot has used before anyone logs in. */
const FIRST_PID = 712;
const PID_MAX = 32_768;
const MAX_INTERPRETERS = 4;
const FIRST_INODE = 4_026_532_207;
const INODE_STRIDE = 59;

/** Where programs are looked for when there is no PATH (confstr(3), and bash's own default). */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** One computer: its process table, its file system, its clock. */
export class LinuxMachine implements Machine {
  readonly name: string;
  readonly namespaces: Namespaces;
  readonly events: EventQueue;
  readonly random: Random;
  readonly epoch: Micros;
  readonly limits: Limits;
  readonly scheduler: Scheduler;
  readonly fs: Vfs;
  readonly processes = new Map<number, LinuxProcess>();
  /** Hears of exceptions that a program of the simulator threw: bugs of ours, which the machine survives. */
  onBug: ((error: unknown) => void) | undefined;
  readonly #init: LinuxProcess;
  #lastPid = FIRST_PID - 1;
  #ttys = 0;
  #lastInode = FIRST_INODE;

  constructor(options: MachineOptions) {
    this.name = options.name;
    this.namespaces = firstNamespaces(options.hostname);
    this.events = options.events;
    this.random = options.random;
    this.epoch = options.epoch;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.scheduler = options.scheduler ?? new Scheduler(options.events);
    this.fs = new Vfs(new Storage(this.limits, options.events));
    plantSkeleton(this.fs, this.hostname);
    this.#plantDevices();
    this.fs.mount('/proc', processTree(this));
    this.#init = new LinuxProcess(this, 1, undefined, init, { argv: ['/sbin/init'], cwd: '/' });
    this.#init.comm = 'systemd';
    this.processes.set(1, this.#init);
  }

  /** The host name in the first UTS namespace. */
  get hostname(): string {
    return this.namespaces.uts.hostname;
  }

  set hostname(name: string) {
    this.namespaces.uts.hostname = name;
  }

  /** Beside the numbers that the kernel gives to network namespaces, which have the same stride. */
  namespaceInode(): number {
    this.#lastInode += INODE_STRIDE;
    return this.#lastInode;
  }

  #plantDevices(): void {
    this.fs.installDevice('/dev/null', () => ok(openNull()));
    this.fs.installDevice('/dev/zero', () => ok(openZero()));
    this.fs.installDevice('/dev/full', () => ok(openFull()));
    this.fs.installDevice('/dev/tty', (opener) => (opener.tty === undefined ? fail('ENXIO') : ok(opener.tty)));
    const random = this.random.fork('/dev/random');
    for (const path of ['/dev/random', '/dev/urandom']) this.fs.installDevice(path, () => ok(openRandom(path, random)));
  }

  start(program: Program, options: StartOptions): Process {
    const process = new LinuxProcess(this, this.#newPid(), this.#init, program, { pgid: 'new', ...options });
    this.processes.set(process.pid, process);
    process.start(COST.wakeUp);
    return process;
  }

  /** fork(2), and execve(2) unless `fork` says that the child goes on as its parent's copy. */
  create(parent: LinuxProcess, program: Program, options: SpawnOptions): Result<Process> {
    if (this.processes.size >= this.limits.processes) return fail('EAGAIN');
    const process = new LinuxProcess(this, this.#newPid(), parent, program, options);
    this.processes.set(process.pid, process);
    process.start(options.fork === true ? COST.fork : COST.exec + this.random.int(0, COST.exec));
    return ok(process);
  }

  openTty(options: TtyOptions): Tty {
    const tty = new Tty({ ...options, machine: this, name: `pts/${this.#ttys++}` });
    this.fs.installDevice(tty.path, () => ok(tty), 0o620);
    return tty;
  }

  #newPid(): number {
    do this.#lastPid = this.#lastPid >= PID_MAX ? 300 : this.#lastPid + 1;
    while (this.processes.has(this.#lastPid));
    return this.#lastPid;
  }

  /** The children of a process that ended become init's, which reaps them; so does the process itself if it is init's. */
  adopt(ended: LinuxProcess): void {
    for (const child of ended.children) {
      child.parent = this.#init;
      this.#init.children.add(child);
      if (child.state === 'zombie') this.#init.reap(child);
    }
    ended.children.clear();
    if (ended.parent === this.#init) this.#init.reap(ended);
  }

  forget(pid: number): void {
    this.processes.delete(pid);
  }

  reportBug(error: unknown): void {
    this.onBug?.(error);
  }

  /** pipe(2). */
  pipe(): { reader: OpenFile; writer: OpenFile } {
    return createPipe(this.limits.pipeBytes, this.fs.storage.newIno());
  }

  /** Calendar time in whole seconds since 1970. */
  get unixSeconds(): number {
    return Math.floor((this.epoch + this.events.now) / SECOND);
  }

  resolve(command: string, process: Process): Result<Executable> {
    if (command.includes('/')) return this.#load(process.path(command), command, process, 0);
    let denied: Result<Executable> | undefined;
    for (const directory of (process.env.get('PATH') ?? DEFAULT_PATH).split(':')) {
      const path = `${directory === '' ? process.cwd : process.path(directory)}/${command}`.replace(/\/+/g, '/');
      const stat = this.fs.stat(path, process);
      if (!stat.ok || stat.value.kind === 'directory') continue;
      const loaded = this.#load(path, command, process, 0);
      if (loaded.ok || loaded.error.errno !== 'EACCES') return loaded;
      denied ??= loaded;
    }
    return denied ?? fail('ENOENT');
  }

  #load(path: string, argv0: string, process: Process, depth: number): Result<Executable> {
    if (depth > MAX_INTERPRETERS) return fail('ELOOP');
    const image = this.fs.executable(path, process);
    if (!image.ok) return image;
    if (image.value === 'text') return fail('ENOEXEC');
    if ('program' in image.value)
      return ok({ path: normalizePath(path), program: image.value.program, argvPrefix: [argv0] });
    const { interpreter, argument } = image.value;
    const loaded = this.#load(process.path(interpreter), interpreter, process, depth + 1);
    if (!loaded.ok) return loaded;
    const script = argv0.includes('/') ? argv0 : path;
    return ok({
      path,
      program: loaded.value.program,
      argvPrefix: [...loaded.value.argvPrefix, ...(argument === undefined ? [] : [argument]), script],
    });
  }
}

/** What pid 1 does here: nothing but be the parent of those who have none. */
const init: Program = function* () {
  for (;;) yield { queues: [] };
};

export const createMachine = (options: MachineOptions): LinuxMachine => new LinuxMachine(options);

/** The name that error messages call a program by: its argv[0] without directories. */
export const programName = (process: Process): string => baseName(process.argv[0] ?? '');
