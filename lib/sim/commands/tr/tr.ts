import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { expandSet, type TrSet } from './set.ts';

export const tr: CommandSpec = {
  ...program('tr', 'translate or delete characters', [
    option('-c -C --complement', 'use the complement of SET1'),
    option('-d --delete', 'delete characters in SET1, do not translate'),
    option(
      '-s --squeeze-repeats',
      'replace each sequence of a repeated character that is listed in the last specified SET with a single occurrence',
    ),
    option('-t --truncate-set1', 'first truncate SET1 to length of SET2'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, tr, { stopAtOperand: true });
    if (typeof parsed === 'number') return parsed;
    const [first, second, third] = parsed.operands;
    const [del, squeeze] = [parsed.has('-d'), parsed.has('-s')];
    const wanted = del === squeeze ? 2 : 1;
    if (first === undefined) return yield* usageError(process, 'tr', 'missing operand');
    if (second === undefined && wanted === 2) {
      const why = del
        ? 'Two strings must be given when both deleting and squeezing repeats.'
        : 'Two strings must be given when translating.';
      return yield* usageError(process, 'tr', `missing operand after ${quoted(first)}\n${why}`);
    }
    if (del && !squeeze && second !== undefined) {
      return yield* usageError(
        process,
        'tr',
        `extra operand ${quoted(second)}\nOnly one string may be given when deleting without squeezing repeats.`,
      );
    }
    if (third !== undefined) return yield* usageError(process, 'tr', `extra operand ${quoted(third)}`);
    const one = expandSet(first);
    const two = second === undefined ? undefined : expandSet(second);
    for (const set of [one, two]) if (typeof set === 'string') return yield* failure(process, 'tr', set);
    const map = makeMap(one as TrSet, two as TrSet | undefined, {
      complement: parsed.has('-c'),
      del,
      squeeze,
      truncate: parsed.has('-t'),
    });
    if (typeof map === 'string') return yield* failure(process, 'tr', map);
    let last = -1;
    for (;;) {
      const read = yield* process.read(0);
      if (!read.ok || read.value.length === 0) return 0;
      const out: number[] = [];
      for (const byte of read.value) {
        const to = map.to(byte);
        if (to === undefined || (to === last && map.squeezes(to))) continue;
        out.push(to);
        last = to;
      }
      yield* process.write(1, Uint8Array.from(out));
    }
  },
};

type TrMap = { readonly to: (byte: number) => number | undefined; readonly squeezes: (byte: number) => boolean };
type How = {
  readonly complement: boolean;
  readonly del: boolean;
  readonly squeeze: boolean;
  readonly truncate: boolean;
};

function makeMap(one: TrSet, two: TrSet | undefined, how: How): TrMap | string {
  const members = new Set(one.bytes);
  const inOne = (byte: number) => members.has(byte) !== how.complement;
  const squeezed = new Set((two ?? one).bytes);
  const squeezes = (byte: number) => how.squeeze && (two === undefined ? inOne(byte) : squeezed.has(byte));
  if (how.del) return { to: (byte) => (inOne(byte) ? undefined : byte), squeezes };
  if (two === undefined) return { to: (byte) => byte, squeezes };
  if (two.bytes.length === 0 && !how.truncate) return 'when not truncating set1, string2 must be non-empty';
  const from = how.complement ? Array.from({ length: 256 }, (_, byte) => byte).filter(inOne) : one.bytes;
  const target = fill(two, from.length);
  const table = new Map<number, number>();
  from.forEach((byte, i) => {
    const to = i < target.length ? target[i] : how.truncate ? byte : target.at(-1);
    table.set(byte, to ?? byte);
  });
  return { to: (byte) => table.get(byte) ?? byte, squeezes };
}

/** `[x*]` in the second set fills it up to the length of the first. */
function fill(two: TrSet, length: number): number[] {
  if (two.filler === undefined) return two.bytes;
  const copies = Math.max(0, length - two.bytes.length);
  return [
    ...two.bytes.slice(0, two.filler.at),
    ...new Array<number>(copies).fill(two.filler.byte),
    ...two.bytes.slice(two.filler.at),
  ];
}
