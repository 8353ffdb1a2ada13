import { Parser } from './syntax/parser.ts';

/**
 * Cuts a block of lines into what a person would type one after another: each piece is a complete command line with all
 * that belongs to it (a loop, a function, here-documents). What cannot be parsed stays one piece, for bash to complain of.
 */
export function splitCommands(block: string): string[] {
  const pieces: string[] = [];
  const parser = new Parser(block);
  let from = 0;
  const cut = (to: number) => {
    const piece = block
      .slice(from, to)
      .replace(/^\s*\n/, '')
      .trimEnd();
    if (piece.trim() !== '') pieces.push(piece);
    from = to;
  };
  try {
    while (parser.next() !== undefined) cut(parser.source.position);
  } catch {
    // The rest is one piece.
  }
  cut(block.length);
  return pieces;
}
