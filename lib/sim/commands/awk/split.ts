import type { Interpreter } from './interpreter.ts';

/** Splits as FS says: blanks (' '), one character, or a regular expression. In paragraph mode newlines separate too. */
export function splitText(awk: Interpreter, text: string, separator: string, paragraph = false): string[] {
  if (text === '') return [];
  if (separator === ' ')
    return text.split(/[ \t\n]+/).filter((piece, i, all) => piece !== '' || (i > 0 && i < all.length - 1));
  if (separator === '') return [...text];
  const source = separator.length === 1 ? literal(separator) : separator;
  const regex = awk.regex(paragraph ? `(${source})|\n` : source);
  const pieces: string[] = [];
  let at = 0;
  for (let from = 0; from <= text.length; ) {
    const match = regex.exec(text, from);
    if (match === undefined) break;
    if (match.end === match.start) {
      from = match.end + 1;
      continue;
    }
    pieces.push(text.slice(at, match.start));
    at = match.end;
    from = at;
  }
  pieces.push(text.slice(at));
  return pieces;
}

const literal = (c: string) => (/[\\^$.*+?()[\]{}|]/.test(c) ? `\\${c}` : c);
