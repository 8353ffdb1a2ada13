import { fail, ok, type Random, type Result } from '../base/index.ts';
import { Description } from './open-file.ts';
import type { OpenFile } from './types.ts';

/** A character device that needs no state beyond its two operations (null(4), random(4), full(4)). */
class Device extends Description {
  readonly kind = 'device';

  constructor(
    readonly path: string,
    private readonly source: (size: number) => Uint8Array | 'eof',
    private readonly full: boolean,
  ) {
    super();
  }

  read(size: number): Result<Uint8Array | 'eof'> {
    return ok(this.source(size));
  }

  write(data: Uint8Array): Result<number> {
    return this.full ? fail('ENOSPC') : ok(data.length);
  }
}

const zeros = (size: number): Uint8Array => new Uint8Array(size);

export const openNull = (): OpenFile => new Device('/dev/null', () => 'eof', false);
export const openZero = (): OpenFile => new Device('/dev/zero', zeros, false);
export const openFull = (): OpenFile => new Device('/dev/full', zeros, true);

export function openRandom(path: string, random: Random): OpenFile {
  return new Device(path, (size) => Uint8Array.from({ length: size }, () => random.uint32() & 255), false);
}
