import { fail, ok, type Result } from '../../base/index.ts';
import { Description, encodeText } from '../../os/index.ts';

/** The text of a here-document or here-string as an open file. */
export class HereFile extends Description {
  readonly kind = 'file';
  readonly path = '/tmp/sh-thd (deleted)';
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(text: string) {
    super();
    this.#bytes = encodeText(text);
  }

  read(size: number, delimiter?: number): Result<Uint8Array | 'eof'> {
    if (this.#position >= this.#bytes.length) return ok('eof');
    const rest = this.#bytes.subarray(this.#position);
    const at = delimiter === undefined ? -1 : rest.indexOf(delimiter);
    const count = Math.min(size, at === -1 ? rest.length : at + 1);
    this.#position += count;
    return ok(rest.slice(0, count));
  }

  write(): Result<number> {
    return fail('EBADF');
  }
}
