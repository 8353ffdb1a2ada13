import { type Micros, ok, type Result } from '../base/index.ts';
import { installCatalog } from '../commands/index.ts';
import { Description, decodeText, type Process } from '../os/index.ts';
import { bash } from '../shell/index.ts';
import { openWorld, type World } from '../world/index.ts';

/** Keeps what is written to it, up to a bound; as input it is empty. */
class Capture extends Description {
  readonly kind = 'device';
  readonly path = '/dev/null';
  text = '';

  read(): Result<'eof'> {
    return ok('eof');
  }

  write(data: Uint8Array): Result<number> {
    if (this.text.length < 1_000_000) this.text += decodeText(data);
    return ok(data.length);
  }
}

export type Outcome = {
  /** undefined: it was still running when the bounds were reached. */
  readonly status: number | undefined;
  /** All that was written so far, also by what still runs. */
  readonly output: string;
  readonly events: number;
  /** The longest that one event took, in milliseconds of this machine. */
  readonly slowest: number;
  readonly bugs: readonly unknown[];
  readonly world: World;
  readonly shell: Process;
};

export type Bounds = { readonly events: number; readonly until: Micros };

/** Runs `bash -c SCRIPT` in a fresh world as far as the bounds allow. Precondition: the commands are loaded. */
export function runScript(script: string, bounds: Bounds, seed: number | string = 1): Outcome {
  const world = openWorld('host', { seed });
  const node = world.home;
  installCatalog(node);
  const bugs: unknown[] = [];
  node.machine.onBug = (error) => bugs.push(error);
  const capture = new Capture();
  const shell = node.machine.start(bash, {
    argv: ['bash', '-c', script],
    cwd: '/root',
    env: new Map([
      ['HOME', '/root'],
      ['PATH', '/usr/sbin:/usr/bin:/sbin:/bin'],
    ]),
    netns: node.kernel.init.inode,
    fds: new Map([0, 1, 2].map((fd) => [fd, capture])),
  });
  let events = 0;
  let slowest = 0;
  while (events < bounds.events && shell.exitStatus === undefined) {
    const before = performance.now();
    if (!world.events.runNext(bounds.until)) break;
    slowest = Math.max(slowest, performance.now() - before);
    events++;
  }
  const status = shell.exitStatus;
  return {
    status,
    get output() {
      return capture.text;
    },
    events,
    slowest,
    bugs,
    world,
    shell,
  };
}
