import type { Part, Word } from './ast.ts';
import type { Parser, ParserOptions } from './parser.ts';
import { IncompleteError } from './source.ts';
import { parseParts, type WordContext } from './words.ts';

export type PendingHereDocument = {
  readonly delimiter: string;
  /** A quoted delimiter: the body is taken as it is. */
  readonly verbatim: boolean;
  /** `<<-` */
  readonly stripTabs: boolean;
  readonly line: number;
  readonly body: { parts: readonly Part[] };
};

export function startHereDocument(word: Word, stripTabs: boolean, line: number): PendingHereDocument {
  const verbatim = word.parts.some((part) => part.type === 'quoted' || part.type === 'double');
  return { delimiter: plainText(word.parts), verbatim, stripTabs, line, body: { parts: [] } };
}

/** The delimiter undergoes quote removal and nothing else. */
function plainText(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (part.type === 'literal' || part.type === 'quoted') return part.text;
      if (part.type === 'double') return plainText(part.parts);
      return part.type === 'param' ? part.text : '';
    })
    .join('');
}

/** Reads the bodies that begin on the line after their operators. */
export function readHereDocuments(
  parser: Parser,
  pending: readonly PendingHereDocument[],
  options: ParserOptions,
): void {
  for (const document of pending) {
    const body = readBody(parser, document, options);
    document.body.parts = document.verbatim ? [{ type: 'quoted', text: body }] : parseBody(parser, body);
  }
}

function readBody({ source }: Parser, document: PendingHereDocument, options: ParserOptions): string {
  let body = '';
  for (;;) {
    if (source.atEnd) {
      if (options.mayContinue === true) throw new IncompleteError(undefined, source.line);
      options.onUnclosedHereDocument?.(document.line, document.delimiter);
      return body;
    }
    const end = source.endOfLine();
    let line = source.text.slice(source.position, end);
    const terminated = end < source.text.length;
    source.position = Math.min(source.text.length, end + 1);
    if (document.stripTabs) line = line.replace(/^\t+/, '');
    if (line === document.delimiter) return body;
    body += terminated ? `${line}\n` : line;
  }
}

function parseBody(parser: Parser, body: string): readonly Part[] {
  const context: WordContext = parser.subParser(body);
  return parseParts(context, 'heredoc');
}
