import { assemble, type Program, search } from './match.ts';
import { type Flags, parse } from './parse.ts';

/**
 * Regular expressions as Perl has them, and Oniguruma for it: the first alternative that leads to a match counts, not the
 * longest one (for that see lib/sim/os/regex). The number of steps is bounded: an expression that would run for ages is
 * given up with Oniguruma's own error.
 */
export { PerlRegexError } from './ast.ts';
export type { Flags } from './parse.ts';

export type PerlMatch = {
  readonly start: number;
  readonly end: number;
  /** Where group i + 1 begins and ends, undefined where it took no part. */
  readonly groups: readonly ({ readonly start: number; readonly end: number } | undefined)[];
};

export class PerlRegex {
  readonly #program: Program;
  readonly #groups: number;
  /** The groups of each name, counted from 1. */
  readonly names: ReadonlyMap<string, readonly number[]>;

  /** @throws PerlRegexError with Oniguruma's message */
  constructor(source: string, flags: Flags = {}) {
    const { node, groups, names } = parse(source, flags);
    this.#program = assemble(node, groups);
    this.#groups = groups;
    this.names = names;
  }

  /**
   * The first match at or after `from` (an index into UTF-16 units).
   *
   * @throws PerlRegexError when it takes too many steps
   */
  exec(text: string, from = 0): PerlMatch | undefined {
    const slots = search(this.#program, text, from);
    if (slots === undefined) return undefined;
    const groups = Array.from({ length: this.#groups }, (_, i) => {
      const [start = -1, end = -1] = slots.slice(2 * i + 2, 2 * i + 4);
      return start < 0 || end < 0 ? undefined : { start, end };
    });
    return { start: slots[0] as number, end: slots[1] as number, groups };
  }
}
