import { fail, type Micros, ok, type Result, WaitQueue } from '../base/index.ts';
import type { LinuxMachine } from './machine.ts';
import type { Namespaces, PidNamespace } from './namespaces.ts';
import { absolutePath, baseName } from './path.ts';
import { COST } from './scheduler.ts';
import { defaultAction, type Signal, signalNumber } from './signals.ts';
import { concatBytes, decodeText, encodeText } from './text.ts';
import type { Tty } from './tty.ts';
import type { Executable, OpenFile, Process, Program, SpawnOptions, Wait } from './types.ts';

type Routine = Generator<Wait, number | void, void>;
type Handler = (() => void) | 'ignore';

/** fork(2) had no process left to give; ends the caller with a message unless it is caught. */
export class ForkError extends Error {
  override name = 'ForkError';
}

/** Ends the process from any depth with this status (exit(3)). */
export class Exit {
  constructor(readonly status: number) {}
}

const SYSCALLS_PER_SLICE = 12;
const EMPTY = new Uint8Array(0);

/**
 * One process: a stack of generators that the scheduler resumes, its descriptors, and its signals.
 *
 *   running ──yield Wait──▶ sleeping ──wake, time or signal──▶ running ──return──▶ zombie ──parent waits──▶ (gone)
 *                              └──STOP──▶ stopped ──CONT──┘
 */
export class LinuxProcess implements Process {
  readonly pid: number;
  pgid: number;
  argv: readonly string[];
  comm: string;
  tty: Tty | undefined;
  readonly env: Map<string, string>;
  readonly startedAt: Micros;
  cpuTime: Micros = 0;
  cwd: string;
  umask: number;
  netns: number;
  namespaces: Namespaces;
  readonly pids: PidNamespace;
  readonly vpid: number;
  readonly fds = new Map<number, OpenFile>();
  readonly children = new Set<LinuxProcess>();
  reapsChildren = false;
  readonly childChanged = new WaitQueue();
  readonly exited = new WaitQueue();
  exitStatus: number | undefined;
  endedBy: Signal | undefined;
  state: Process['state'] = 'sleeping';

  #routines: Routine[];
  /** Takes back what the process waits for now. */
  #unpark: (() => void) | undefined;
  #handlers = new Map<Signal, Handler>();
  #pending = new Set<Signal>();
  /** Handlers run so far: tells a wait that it was interrupted. */
  #handled = 0;
  #syscalls = 0;
  /** A wake-up came while the process was stopped. */
  #dueWhileStopped = false;

  constructor(
    readonly machine: LinuxMachine,
    pid: number,
    public parent: LinuxProcess | undefined,
    program: Program,
    options: SpawnOptions,
  ) {
    this.pid = pid;
    this.argv = options.argv;
    this.comm = commOf(options.argv[0] ?? '');
    this.pgid = options.pgid === 'new' ? pid : (options.pgid ?? parent?.pgid ?? pid);
    this.tty = options.tty ?? parent?.tty;
    this.env = new Map(options.env ?? parent?.env);
    this.cwd = options.cwd ?? parent?.cwd ?? '/';
    this.umask = parent?.umask ?? 0o022;
    this.netns = options.netns ?? parent?.netns ?? 0;
    this.namespaces = parent?.namespaces ?? machine.namespaces;
    this.pids = this.namespaces.pids;
    this.vpid = this.pids.first ? pid : ++this.pids.last;
    this.startedAt = machine.events.now;
    for (const [fd, file] of options.fds ?? parent?.fds ?? []) this.fds.set(fd, file.retain());
    for (const [signal, handler] of parent?.inheritedHandlers() ?? []) {
      if (options.defaultSignals?.includes(signal) !== true) this.#handlers.set(signal, handler);
    }
    parent?.children.add(this);
    this.#routines = [program(this)];
  }

  get ppid(): number {
    return this.parent?.pid ?? 0;
  }

  get vppid(): number {
    return this.parent?.pids === this.pids ? this.parent.vpid : 0;
  }

  /** Makes it runnable for the first time, `delay` after its creation. */
  start(delay: Micros): void {
    this.#unpark = this.machine.scheduler.after(delay, () => this.#run());
  }

  path(path: string): string {
    return absolutePath(this.cwd, path);
  }

  // Descriptors

  setFd(fd: number, file: OpenFile): void {
    file.retain();
    this.fds.get(fd)?.release();
    this.fds.set(fd, file);
  }

  addFd(file: OpenFile, lowest = 0): number {
    let fd = lowest;
    while (this.fds.has(fd)) fd++;
    this.setFd(fd, file);
    return fd;
  }

  closeFd(fd: number): boolean {
    const file = this.fds.get(fd);
    this.fds.delete(fd);
    file?.release();
    return file !== undefined;
  }

  *write(fd: number, data: string | Uint8Array): Generator<Wait, Result<number>, void> {
    const bytes = typeof data === 'string' ? encodeText(data) : data;
    let written = 0;
    yield* this.#syscall();
    while (written < bytes.length) {
      const file = this.fds.get(fd);
      if (file === undefined) return fail('EBADF');
      const result = file.write(written === 0 ? bytes : bytes.subarray(written));
      if (!result.ok) {
        if (result.error.errno === 'EPIPE') yield* this.#raise('PIPE');
        // The largest file is a resource limit here (`ulimit -f`), and passing it is answered as setrlimit(2) says.
        if (result.error.errno === 'EFBIG') yield* this.#raise('XFSZ');
        return result;
      }
      written += result.value;
      if (file.settle !== undefined) yield* file.settle();
      if (result.value === 0 && !(yield* this.#interruptible([file.writable]))) return fail('EINTR');
    }
    return ok(written);
  }

  *print(text: string): Generator<Wait, void, void> {
    yield* this.write(1, text);
  }

  *printError(text: string): Generator<Wait, void, void> {
    yield* this.write(2, text);
  }

  *read(fd: number, size = 65_536, delimiter?: number): Generator<Wait, Result<Uint8Array>, void> {
    yield* this.#syscall();
    for (;;) {
      const file = this.fds.get(fd);
      if (file === undefined) return fail('EBADF');
      const refusal = file.refusal(this, 'read');
      if (refusal !== undefined) {
        if (this.disposition(refusal) === 'ignore') return fail('EIO');
        yield* this.#raise(refusal);
        continue;
      }
      const result = file.read(size, delimiter);
      if (!result.ok) return result;
      if (result.value === 'eof') return ok(EMPTY);
      if (result.value !== 'again') return ok(result.value);
      if (!(yield* this.#interruptible([file.readable]))) return fail('EINTR');
    }
  }

  *readLine(fd: number): Generator<Wait, string | undefined, void> {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const result = yield* this.read(fd, 65_536, 10);
      if (!result.ok || result.value.length === 0)
        return chunks.length === 0 ? undefined : decodeText(concatBytes(chunks));
      const chunk = result.value;
      if (chunk.at(-1) === 10) {
        chunks.push(chunk.subarray(0, -1));
        return decodeText(chunks.length === 1 ? (chunks[0] as Uint8Array) : concatBytes(chunks));
      }
      chunks.push(chunk);
    }
  }

  *readAll(fd: number): Generator<Wait, string, void> {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const result = yield* this.read(fd);
      if (!result.ok || result.value.length === 0) return decodeText(concatBytes(chunks));
      chunks.push(result.value.slice());
    }
  }

  // Waiting

  *sleep(duration: Micros): Generator<Wait, void, void> {
    const until = this.machine.events.now + duration;
    const handled = this.#handled;
    while (this.machine.events.now < until && this.#handled === handled) yield { until };
  }

  *waitFor(condition: () => boolean, queues: readonly WaitQueue[], deadline?: Micros): Generator<Wait, boolean, void> {
    const handled = this.#handled;
    for (;;) {
      if (condition()) return true;
      if (this.#handled !== handled) return false;
      if (deadline !== undefined && this.machine.events.now >= deadline) return false;
      yield deadline === undefined ? { queues } : { queues, until: deadline };
    }
  }

  /** One wait on `queues`; false when a signal's handler ran meanwhile. */
  *#interruptible(queues: readonly WaitQueue[]): Generator<Wait, boolean, void> {
    const handled = this.#handled;
    yield { queues };
    return this.#handled === handled;
  }

  /** System calls take time: every few of them cost a slice, so that no loop over reads and writes holds the machine. */
  *#syscall(): Generator<Wait, void, void> {
    if (++this.#syscalls % SYSCALLS_PER_SLICE === 0) yield {};
  }

  // Children

  spawn(program: Program, options: SpawnOptions): Process {
    const child = this.trySpawn(program, options);
    if (!child.ok) throw new ForkError(child.error.errno);
    return child.value;
  }

  trySpawn(program: Program, options: SpawnOptions): Result<Process> {
    return this.machine.create(this, program, options);
  }

  resolve(command: string): Result<Executable> {
    return this.machine.resolve(command, this);
  }

  *wait(child: Process): Generator<Wait, number, void> {
    while (child.exitStatus === undefined) yield { queues: [child.exited] };
    this.reap(child);
    return child.exitStatus;
  }

  reap(child: Process): void {
    if (child.state !== 'zombie') return;
    for (const own of this.children) if (own === child) this.children.delete(own);
    this.machine.forget(child.pid);
  }

  // Signals

  onSignal(signal: Signal, handler: Handler | undefined): void {
    if (handler === undefined) this.#handlers.delete(signal);
    else this.#handlers.set(signal, handler);
  }

  disposition(signal: Signal): 'default' | 'ignore' | 'handler' {
    const handler = this.#handlers.get(signal);
    return handler === undefined ? 'default' : handler === 'ignore' ? 'ignore' : 'handler';
  }

  /** execve(2) and fork(2) of another program keep what is ignored and forget handlers. */
  inheritedHandlers(): [Signal, Handler][] {
    return [...this.#handlers].filter(([, handler]) => handler === 'ignore');
  }

  kill(signal: Signal): void {
    if (this.state === 'zombie' || (this.pid === 1 && signal !== 'CHLD')) return;
    if (signal === 'CONT') this.#continue();
    if (signal !== 'KILL' && signal !== 'STOP' && this.#isIgnored(signal)) return;
    this.#pending.add(signal);
    if (this.state === 'stopped') {
      if (signal === 'KILL') this.#end(128 + signalNumber('KILL'), 'KILL');
    } else if (this.state === 'sleeping') this.#reschedule();
  }

  #isIgnored(signal: Signal): boolean {
    const handler = this.#handlers.get(signal);
    if (handler !== undefined) return handler === 'ignore';
    const action = defaultAction(signal);
    return action === 'ignore' || action === 'continue';
  }

  /** Wakes it from whatever it waits for. A process that has not run yet keeps its start. */
  #reschedule(): void {
    this.#unpark?.();
    this.#unpark = this.machine.scheduler.after(COST.wakeUp, () => this.#run());
  }

  *#raise(signal: Signal): Generator<Wait, void, void> {
    this.kill(signal);
    yield {};
  }

  #stop(): void {
    this.state = 'stopped';
    this.parent?.childChanged.wake();
    this.parent?.kill('CHLD');
  }

  #continue(): void {
    for (const signal of ['STOP', 'TSTP', 'TTIN', 'TTOU'] as const) this.#pending.delete(signal);
    if (this.state !== 'stopped') return;
    this.state = 'sleeping';
    if (this.#dueWhileStopped || this.#pending.size > 0) this.#reschedule();
    this.#dueWhileStopped = false;
    this.parent?.childChanged.wake();
  }

  /** Acts on what is pending; false when the process may not go on. */
  #deliverSignals(): boolean {
    for (const signal of [...this.#pending]) {
      this.#pending.delete(signal);
      const handler = signal === 'KILL' || signal === 'STOP' ? undefined : this.#handlers.get(signal);
      if (handler === 'ignore') continue;
      if (handler !== undefined) {
        this.#handled++;
        handler();
        continue;
      }
      const action = defaultAction(signal);
      if (action === 'stop') {
        this.#dueWhileStopped = true;
        this.#stop();
        return false;
      }
      if (action === 'terminate' || action === 'core') {
        this.#end(128 + signalNumber(signal), signal);
        return false;
      }
    }
    return true;
  }

  // Running

  #run(): void {
    this.#unpark = undefined;
    if (this.state === 'zombie') return;
    if (this.state === 'stopped') {
      this.#dueWhileStopped = true;
      return;
    }
    this.state = 'running';
    if (!this.#deliverSignals()) return;
    this.cpuTime += COST.slice;
    this.#advance();
  }

  /** Runs the innermost routine until it waits; a routine that ends hands over to the one that called it. */
  #advance(): void {
    let thrown: { error: unknown } | undefined;
    for (;;) {
      const routine = this.#routines.at(-1) as Routine;
      let step: IteratorResult<Wait, number | void>;
      try {
        step = thrown === undefined ? routine.next() : routine.throw(thrown.error);
        thrown = undefined;
      } catch (error) {
        this.#routines.pop();
        if (this.#routines.length === 0) return this.#fail(error);
        thrown = { error };
        continue;
      }
      if (step.done === true) {
        this.#routines.pop();
        if (this.#routines.length === 0) return this.#end(step.value ?? 0, undefined);
      } else if (step.value.call !== undefined) this.#routines.push(step.value.call);
      else return this.#park(step.value);
    }
  }

  #park(wait: Wait): void {
    this.state = 'sleeping';
    if (this.#pending.size > 0) this.#reschedule();
    else this.#unpark = this.machine.scheduler.park(wait, () => this.#run());
  }

  #fail(error: unknown): void {
    if (error instanceof Exit) return this.#end(error.status, undefined);
    if (isExhaustion(error)) return this.#end(128 + signalNumber('SEGV'), 'SEGV');
    const message =
      error instanceof ForkError
        ? 'fork: Resource temporarily unavailable'
        : `internal error of the simulator: ${String(error)}`;
    if (!(error instanceof ForkError)) this.machine.reportBug(error);
    this.fds.get(2)?.write(encodeText(`${this.comm}: ${message}\n`));
    this.#end(error instanceof ForkError ? 254 : 70, undefined);
  }

  #end(status: number, signal: Signal | undefined): void {
    this.#unpark?.();
    this.#unpark = undefined;
    this.state = 'zombie';
    if (this.vpid === 1 && !this.pids.first)
      for (const one of this.machine.processes.values()) if (one.pids === this.pids) one.kill('KILL');
    while (this.#routines.length > 0) close(this.#routines.pop() as Routine);
    for (const fd of [...this.fds.keys()]) this.closeFd(fd);
    this.exitStatus = status & 255;
    this.endedBy = signal;
    this.machine.adopt(this);
    this.exited.wake();
    this.parent?.childChanged.wake();
    this.parent?.kill('CHLD');
    if (this.parent?.reapsChildren === true) this.parent.reap(this);
  }
}

/** What a learner's program asked for did not fit into JavaScript's stack or memory: a real one would have crashed too. */
const isExhaustion = (error: unknown): boolean =>
  error instanceof RangeError && /call stack|(string|array|typed array) length/i.test(error.message);

/** Runs the `finally` blocks of a routine that will not be resumed. */
function close(routine: Routine): void {
  try {
    routine.return();
  } catch {
    // The process is gone already; what its clean-up throws has nobody to tell.
  }
}

/**
 * Runs `routine` on the process's own stack of routines instead of the JavaScript stack: for recursion whose depth a
 * learner's program decides.
 */
export function* call<T>(routine: Generator<Wait, T, void>): Generator<Wait, T, void> {
  let result: { value: T } | undefined;
  yield {
    call: (function* () {
      result = { value: yield* routine };
    })(),
  };
  return (result as unknown as { value: T }).value;
}

export const commOf = (argv0: string): string => baseName(argv0).slice(0, 15);
