import { type Micros, ok, type Result, SECOND, WaitQueue } from '../base/index.ts';
import { installCatalog, loadAll, programs } from '../commands/index.ts';
import { concatBytes, Description, decodeText, type OpenFile, type Process, type Wait } from '../os/index.ts';
import { type ShellSession, shellSession } from '../shell/index.ts';
import { type Node, openWorld, type World } from '../world/index.ts';
import { type Transcript, type TranscriptCommand, worldOf } from './transcript.ts';

// Transcripts run without a pause: the programs have to be there.
await loadAll(programs);

export type RunOptions = {
  readonly seed?: number | string;
  /** Runs before the first command, unseen: a lesson's set-up. */
  readonly setup?: string;
  /** Called once the world stands, before anything runs. */
  readonly opened?: (world: World) => void;
};

export type Run = {
  readonly transcript: Transcript;
  readonly traceHash: string;
};

/** What one command may take; past it all it started is killed, it says so, and the next one gets a fresh shell. */
const VIRTUAL_LIMIT: Micros = 300 * SECOND;
const EVENT_LIMIT = 500_000;
/** As the recorder's shell has it. */
const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['HOME', '/root'],
  ['USER', 'root'],
  ['LC_ALL', 'C.UTF-8'],
  ['TERM', 'dumb'],
  ['COLUMNS', '200'],
  ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
];

/**
 * Runs the commands of a transcript in a fresh world, each to its end in one shell that is not interactive, with empty
 * standard input, and gives the transcript with the simulator's output in place of the recorded one.
 */
export function runTranscript(golden: Transcript, options: RunOptions = {}): Run {
  const world = openWorld(worldOf(golden), { seed: options.seed ?? 1 });
  for (const node of world.nodes) installCatalog(node);
  options.opened?.(world);
  const runner = new Runner(world, world.home);
  if (options.setup !== undefined) runner.run(options.setup);
  const started = golden.commands.map(({ command }) => ({ command, ended: runner.run(command) }));
  // Output is read when all have ended: what a command left running in the background writes on into its own.
  const commands = started.map(
    ({ command, ended }): TranscriptCommand => ({ command, output: ended.output(), status: ended.status }),
  );
  return { transcript: { header: golden.header, commands }, traceHash: world.trace.hash() };
}

type Ended = { readonly status: number; readonly output: () => string };

/** One shell that is given a command after another, each with an output of its own. */
class Runner {
  #shell: Process;
  #session: ShellSession | undefined;
  readonly #handedOver = new WaitQueue();
  #next: { text: string; capture: Capture } | undefined;
  #status: number | undefined;

  constructor(
    private readonly world: World,
    private readonly node: Node,
  ) {
    this.#shell = this.#start('/root', new Map(ENVIRONMENT));
  }

  #start(cwd: string, env: Map<string, string>): Process {
    const { machine, kernel } = this.node;
    const empty = new Capture('/dev/null');
    const runner = this;
    return machine.start(
      function* (process) {
        return yield* runner.#serve(process);
      },
      { argv: ['bash'], cwd, env, netns: kernel.init.inode, fds: new Map([0, 1, 2].map((fd) => [fd, empty])) },
    );
  }

  #environment(): Map<string, string> {
    return this.#session?.environment() ?? new Map(ENVIRONMENT);
  }

  run(text: string): Ended {
    const capture = new Capture('/tmp/output');
    this.#next = { text, capture };
    this.#status = undefined;
    const problem = this.#advance();
    const status = this.#status ?? 255;
    return { status, output: () => capture.text() + (problem ?? '') };
  }

  *#serve(process: Process): Generator<Wait, number, void> {
    const session = shellSession(process);
    this.#session = session;
    const input = new Capture('/dev/null');
    for (;;) {
      yield* process.waitFor(() => this.#next !== undefined, [this.#handedOver]);
      const next = this.#next;
      if (next === undefined) continue;
      this.#next = undefined;
      process.setFd(0, input);
      process.setFd(1, next.capture);
      process.setFd(2, next.capture);
      const { status, exited } = yield* session.run(next.text);
      this.#status = status;
      if (exited) return status;
    }
  }

  /** Until the command has ended; else what went wrong. */
  #advance(): string | undefined {
    const { events } = this.world;
    // A command may have ended the shell: `exit`, or a limit.
    if (this.#shell.exitStatus !== undefined) this.#shell = this.#start(this.#shell.cwd, this.#environment());
    this.#handedOver.wake();
    const deadline = events.now + VIRTUAL_LIMIT;
    let budget = EVENT_LIMIT;
    while (this.#status === undefined && this.#shell.exitStatus === undefined) {
      // Not past the command's end: what runs in the background must not get time that it did not have.
      if (!events.runNext(deadline))
        return this.#kill(`(stopped: not ended after ${VIRTUAL_LIMIT / SECOND} s of virtual time)`);
      if (--budget <= 0) return this.#kill(`(stopped: not ended after ${EVENT_LIMIT} events)`);
    }
    return undefined;
  }

  /** Ends the shell and what came of it; the next command finds the same world, folder and environment. */
  #kill(problem: string): string {
    const { machine } = this.node;
    const shell = this.#shell;
    for (const process of [...machine.processes.values()]) if (process.pid >= shell.pid) process.kill('KILL');
    this.#shell = this.#start(shell.cwd, this.#environment());
    return problem;
  }
}

/** An output that is kept; as input it is empty. */
class Capture extends Description {
  readonly kind: OpenFile['kind'] = 'file';
  #chunks: Uint8Array[] = [];

  constructor(readonly path: string) {
    super();
  }

  read(): Result<'eof'> {
    return ok('eof');
  }

  write(data: Uint8Array): Result<number> {
    this.#chunks.push(data.slice());
    return ok(data.length);
  }

  text(): string {
    return decodeText(concatBytes(this.#chunks)).replace(/\n+$/, '');
  }
}
