import { isTty, type Process, type Wait } from '../../os/index.ts';

/** What `-v` says on standard error: `*` for information, `>` and `<` for heads, braces for data that is not shown. */
export class Voice {
  #connections = 0;
  #saidData = false;
  readonly #isTerminal: boolean;

  constructor(
    private readonly process: Process,
    private readonly on: boolean,
    private readonly toFile: boolean,
  ) {
    const stdout = process.fds.get(1);
    this.#isTerminal = stdout !== undefined && isTty(stdout);
  }

  nextConnection(): number {
    return this.#connections++;
  }

  *#line(text: string): Generator<Wait, void, void> {
    this.#saidData = false;
    if (this.on) yield* this.process.printError(text);
  }

  readonly say = function* (this: Voice, text: string): Generator<Wait, void, void> {
    yield* this.#line(`* ${text}\n`);
  }.bind(this);

  *sent(head: string): Generator<Wait, void, void> {
    yield* this.#line(head.replace(/[^\n]*\n/g, '> $&'));
  }

  *received(line: string): Generator<Wait, void, void> {
    yield* this.#line(`< ${line}`);
  }

  /** Once in a row, and only where the data does not go to the terminal itself. */
  *data(brace: '{' | '}', size: number): Generator<Wait, void, void> {
    if (this.#saidData || (this.#isTerminal && !this.toFile)) return;
    yield* this.#line(`${brace} [${size} bytes data]\n`);
    this.#saidData = true;
  }
}
