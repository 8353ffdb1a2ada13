import { PerlRegex, type PerlRegexError } from '../perl-regex/perl-regex.ts';

/** `grep -P`: the expression as pcresearch.c hands it to PCRE2, with what -x and -w put around it. */
export class PerlPattern {
  readonly #regex: PerlRegex;

  /** @throws PerlRegexError */
  constructor(source: string, ignoreCase: boolean, whole: 'line' | 'word' | undefined) {
    // An expression that is wrong by itself must not come right by what stands around it.
    const plain = new PerlRegex(source, { ignoreCase });
    const around = { line: ['^(?:', ')$'], word: ['(?<!\\w)(?:', ')(?!\\w)'] } as const;
    const [before, after] = whole === undefined ? [] : around[whole];
    this.#regex = before === undefined ? plain : new PerlRegex(`${before}${source}${after}`, { ignoreCase });
  }

  exec(text: string, from = 0): { start: number; end: number } | undefined {
    return this.#regex.exec(text, from);
  }
}

/** PCRE2's words for what Oniguruma says in others (pcre2_error.c). */
const PCRE2: Readonly<Record<string, string>> = {
  'end pattern with unmatched parenthesis': 'missing closing parenthesis',
  'unmatched close parenthesis': 'unmatched closing parenthesis',
  'target of repeat operator is not specified': 'quantifier does not follow a repeatable item',
  'premature end of char-class': 'missing terminating ] for character class',
  'end pattern at escape': '\\ at end of pattern',
  'retry-limit-in-match over': "exceeded PCRE's backtracking limit",
};

export const perlComplaint = ({ message }: PerlRegexError): string => PCRE2[message] ?? message;
