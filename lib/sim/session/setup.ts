import { fail, ok, type Result } from '../base/index.ts';
import { Description, decodeText, type Process } from '../os/index.ts';
import { bash } from '../shell/index.ts';
import type { World } from '../world/index.ts';
import { SHELL_ENVIRONMENT } from './environment.ts';

const MOST_OUTPUT = 65_536;

/** No input, and output that is kept for a message, should the script fail. */
class Capture extends Description {
  readonly kind = 'device';
  readonly path = '/dev/null';
  #chunks: string[] = [];
  #length = 0;

  read(): Result<'eof'> {
    return ok('eof');
  }

  write(data: Uint8Array): Result<number> {
    if (this.#length < MOST_OUTPUT) this.#chunks.push(decodeText(data));
    this.#length += data.length;
    return this.#length > 64 * MOST_OUTPUT ? fail('ENOSPC') : ok(data.length);
  }

  get text(): string {
    return this.#chunks.join('');
  }
}

/** The script that prepares a world runs as a child of init, with `bash -e`'s strictness left to the script. */
export class Setup {
  readonly #process: Process;
  readonly #capture = new Capture();

  constructor(world: World, script: string) {
    const { machine, kernel } = world.home;
    const fds = new Map([0, 1, 2].map((fd) => [fd, this.#capture]));
    this.#process = machine.start(bash, {
      argv: ['bash', '-c', script, 'setup'],
      cwd: '/root',
      env: new Map(SHELL_ENVIRONMENT),
      netns: kernel.init.inode,
      fds,
    });
  }

  get status(): number | undefined {
    return this.#process.exitStatus;
  }

  get output(): string {
    return this.#capture.text;
  }

  kill(): void {
    this.#process.kill('KILL');
  }
}
