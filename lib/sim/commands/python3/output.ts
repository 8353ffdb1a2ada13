import { isTty, type Process, type Wait } from '../../os/index.ts';

/** sys.stdout: what is no terminal gets it when the program ends, unless python runs with -u. */
export class Output {
  #held = '';
  readonly #atOnce: boolean;

  constructor(
    private readonly process: Process,
    unbuffered: boolean,
  ) {
    const stdout = process.fds.get(1);
    this.#atOnce =
      unbuffered || (stdout !== undefined && isTty(stdout)) || (process.env.get('PYTHONUNBUFFERED') ?? '') !== '';
  }

  *write(text: string): Generator<Wait, void, void> {
    this.#held += text;
    if (this.#atOnce) yield* this.flush();
  }

  *flush(): Generator<Wait, void, void> {
    const text = this.#held;
    this.#held = '';
    if (text !== '') yield* this.process.print(text);
  }
}
