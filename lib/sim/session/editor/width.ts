import { eastAsianWidth } from 'get-east-asian-width';

/**
 * How many cells of the terminal's grid a code point takes, as wcwidth(3) and the terminal's own tables say: marks and
 * format characters take none and join the cell before them, East Asian wide and emoji take two.
 */
export function cellWidth(codePoint: number): 0 | 1 | 2 {
  if (codePoint < 0x300) return codePoint === 0xad || codePoint >= 0x20 ? 1 : 0;
  if (isZeroWidth(codePoint)) return 0;
  return eastAsianWidth(codePoint);
}

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
const isZeroWidth = (codePoint: number): boolean => ZERO_WIDTH.test(String.fromCodePoint(codePoint));

/** Where the character cell that begins at `offset` ends: one code point and the zero-width ones that join it. */
export function nextCell(text: string, offset: number): number {
  if (offset >= text.length) return text.length;
  let end = offset + codePointLength(text, offset);
  while (end < text.length && joinsPrevious(text, end)) end += codePointLength(text, end);
  return end;
}

/** Where the character cell that ends at `offset` begins. */
export function previousCell(text: string, offset: number): number {
  let start = Math.max(0, offset - 1);
  while (start > 0 && joinsPrevious(text, start)) start--;
  return start;
}

/** Whether a cursor may not stand at `offset`: inside a surrogate pair, or before a mark that belongs to the cell on its left. */
export function joinsPrevious(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  if (code < 0x300 || Number.isNaN(code) || offset === 0 || text.charCodeAt(offset - 1) < 0x20) return false;
  if (code >= 0xdc00 && code <= 0xdfff) return isHighSurrogate(text.charCodeAt(offset - 1));
  return isZeroWidth(text.codePointAt(offset) ?? 0);
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const codePointLength = (text: string, offset: number): number => ((text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1);
