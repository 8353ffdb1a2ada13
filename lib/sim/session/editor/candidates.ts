import { positionAfter } from './grid.ts';

/** What Tab may put in place of `line.slice(from, to)`. */
export type Completion = {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly string[];
  /** What follows a candidate that is the only one: a blank, `/`, or nothing. */
  readonly suffix: string;
};

/** What Tab does: put in what all candidates share, finish the only one, or show them all. */
export type CompletionStep =
  | { readonly kind: 'insert'; readonly text: string; readonly whole: boolean }
  | { readonly kind: 'list'; readonly candidates: readonly string[] }
  | { readonly kind: 'nothing' };

export function completionStep(line: string, completion: Completion): CompletionStep {
  const candidates = [...new Set(completion.candidates)].sort(compareText);
  const [first] = candidates;
  if (first === undefined) return { kind: 'nothing' };
  if (candidates.length === 1) {
    const suffix = first.endsWith('/') || first.endsWith('=') ? '' : completion.suffix;
    return { kind: 'insert', text: first + suffix, whole: true };
  }
  const shared = commonPrefix(first, candidates[candidates.length - 1] as string);
  if (shared.length > completion.to - completion.from && shared !== line.slice(completion.from, completion.to)) {
    return { kind: 'insert', text: shared, whole: false };
  }
  return { kind: 'list', candidates };
}

const MOST_LISTED = 200;

/** Candidates in columns read downwards, as bash and ls print them. Paths show their last part only. */
export function listing(candidates: readonly string[], columns: number): string {
  const shown = candidates.slice(0, MOST_LISTED).map(lastPart);
  const width = Math.max(...shown.map(cells)) + 2;
  const across = Math.max(1, Math.floor((columns + 1) / width));
  const down = Math.ceil(shown.length / across);
  const rows = Array.from({ length: down }, (_, row) =>
    shown
      .filter((_, i) => i % down === row)
      .map((text) => text + ' '.repeat(width - cells(text)))
      .join('')
      .trimEnd(),
  );
  if (candidates.length > MOST_LISTED) rows.push(`(${candidates.length - MOST_LISTED} more)`);
  return rows.map((row) => `${row}\r\n`).join('');
}

const cells = (text: string): number => positionAfter(text, { row: 0, column: 0 }, Number.MAX_SAFE_INTEGER).column;
const lastPart = (path: string): string => /[^/]*\/?$/.exec(path)?.[0] || path;

/** By code point, the same in every locale. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function commonPrefix(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end++;
  return a.slice(0, end);
}
