import type { RegexNode } from './ast.ts';
import { type MatchOptions, matchBacktracking, matchParallel, type Slots } from './match.ts';
import { parseRegex, type Syntax } from './parse.ts';
import { assemble, type Instruction } from './program.ts';

/**
 * regcomp(3) and regexec(3) of the simulated machine's C library: POSIX basic and extended regular expressions with GNU's
 * additions, leftmost-longest, in time that no expression can blow up (but for back references, which are given up after
 * a bound). JavaScript's own RegExp is never given a learner's expression: it can hang.
 *
 * Not here: collating sequences of other locales.
 */
export { type MatchOptions, RegexTooSlow } from './match.ts';
export { RegexError, type Syntax } from './parse.ts';

export type RegexMatch = {
  readonly start: number;
  readonly end: number;
  /** The text of group i + 1, or undefined when it took no part. */
  readonly groups: readonly (string | undefined)[];
};

export class Regex {
  readonly #code: readonly Instruction[];
  readonly #backrefs: boolean;
  readonly #literal: string | undefined;
  /** How many groups it has. */
  readonly groups: number;

  /** @throws RegexError with glibc's message */
  constructor(
    readonly source: string,
    syntax: Syntax,
    options: { ignoreCase?: boolean } = {},
  ) {
    const { node, groups } = parseRegex(source, syntax, options.ignoreCase);
    this.groups = groups;
    this.#code = assemble(node);
    this.#backrefs = this.#code.some((instruction) => instruction.op === 'backref');
    this.#literal = literalOf(node);
  }

  /**
   * The leftmost-longest match at or after `from` (an index into UTF-16 units).
   *
   * @throws RegexTooSlow when back references take too many steps
   */
  exec(text: string, from = 0, options: MatchOptions = {}): RegexMatch | undefined {
    if (this.#literal !== undefined) {
      const start = text.indexOf(this.#literal, from);
      return start < 0 ? undefined : { start, end: start + this.#literal.length, groups: [] };
    }
    const run = this.#backrefs ? matchBacktracking : matchParallel;
    const slots = run(this.#code, text, from, this.groups, options);
    return slots && toMatch(text, slots, this.groups);
  }

  test(text: string, options?: MatchOptions): boolean {
    return this.exec(text, 0, options) !== undefined;
  }
}

function toMatch(text: string, slots: Slots, groups: number): RegexMatch {
  const texts: (string | undefined)[] = [];
  for (let i = 1; i <= groups; i++) {
    const start = slots[2 * i] as number;
    const end = slots[2 * i + 1] as number;
    texts.push(start < 0 || end < 0 ? undefined : text.slice(start, end));
  }
  return { start: slots[0] as number, end: slots[1] as number, groups: texts };
}

/** The plain text that an expression without any sign stands for: most of those that people type. */
function literalOf(node: RegexNode): string | undefined {
  const parts = node.kind === 'concat' ? node.parts : [node];
  let text = '';
  for (const part of parts) {
    const range =
      part.kind === 'set' && !part.set.negated && part.set.ranges.length === 1 ? part.set.ranges[0] : undefined;
    if (range === undefined || range[0] !== range[1]) return undefined;
    text += String.fromCodePoint(range[0]);
  }
  return text === '' ? undefined : text;
}
