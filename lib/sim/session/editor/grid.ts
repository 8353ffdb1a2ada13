import { cellWidth, nextCell } from './width.ts';

/**
 * Where text comes to stand in a terminal: rows and columns relative to where it began.
 * A row that is full ends at the next row's column 0, as after the wrap has happened.
 */
export type Position = { readonly row: number; readonly column: number };

const ANSI_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** The text without escape sequences: what takes room on the screen. */
export const withoutAnsi = (text: string): string => text.replace(ANSI_SEQUENCE, '');

/** The position after `text.slice(from, to)`, written at `start`. */
export function positionAfter(text: string, start: Position, columns: number, from = 0, to = text.length): Position {
  const { row, column } = walk(text, start, columns, from, to, Number.POSITIVE_INFINITY);
  return { row, column };
}

/** Where in `text`, written at `start`, the row `row` begins; its length when it does not reach that row. */
export const offsetOfRow = (text: string, start: Position, columns: number, row: number): number =>
  start.row >= row ? 0 : walk(text, start, columns, 0, text.length, row).at;

function walk(text: string, start: Position, columns: number, from: number, to: number, untilRow: number) {
  let { row, column } = start;
  let at = from;
  const end = Math.min(to, text.length);
  while (at < end && row < untilRow) {
    const code = text.charCodeAt(at);
    const newline = code === 0x0a;
    const width = newline ? 0 : drawnWidth(text, at, column, columns);
    if (newline || column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
    if (column >= columns) {
      row++;
      column = 0;
    }
    at = code < 0x7f && !(text.charCodeAt(at + 1) >= 0x300) ? at + 1 : nextCell(text, at);
  }
  return { row, column, at };
}

/** The escape sequences and characters that draw `text` from `start`, and the position after it. */
export function draw(
  text: string,
  start: Position,
  columns: number,
): { readonly output: string; readonly end: Position } {
  const end = positionAfter(text, start, columns);
  if (PLAIN.test(text)) return { output: text + wrapNow(end, text), end };
  let output = '';
  let here = start;
  for (let at = 0; at < text.length; ) {
    const next = nextCell(text, at);
    const cell = text.slice(at, next);
    const full = at > 0 && here.column === 0 && text[at - 1] !== '\n';
    if (cell === '\n') output += `${full ? WRAP : ''}${ERASE_REST}\r\n`;
    else {
      if (here.column + drawnWidth(text, at, here.column, columns) > columns) output += ERASE_REST;
      output += drawnCell(cell, here.column, columns);
    }
    here = positionAfter(text, here, columns, at, next);
    at = next;
  }
  return { output: output + wrapNow(end, text), end };
}

const PLAIN = /^[ -~]*$/;
const ERASE_REST = '\u001b[K';
const WRAP = ' \r';

/** A terminal wraps only when the next character comes; a blank makes it wrap now, so that row and column hold. */
const wrapNow = (end: Position, text: string): string =>
  end.column === 0 && end.row > 0 && text !== '' && !text.endsWith('\n') ? WRAP : '';

/** From one position to another with relative moves; both must be on the screen. */
export function move(from: Position, to: Position): string {
  const rows = to.row - from.row;
  const vertical = rows < 0 ? `\u001b[${-rows}A` : rows > 0 ? `\u001b[${rows}B` : '';
  if (to.column === from.column) return vertical;
  return `${vertical}\r${to.column > 0 ? `\u001b[${to.column}C` : ''}`;
}

/**
 * Control characters are drawn as ^X, a tab as blanks up to the next stop of eight. A mark with nothing to stand on, at
 * the beginning or after one of those, stands on a dotted circle.
 */
function drawnWidth(text: string, at: number, column: number, columns: number): number {
  const code = text.codePointAt(at) ?? 0;
  if (code >= 0x20 && code < 0x7f) return 1;
  if (code === 0x09) return Math.min(8 - (column % 8), columns - column);
  return code < 0x20 || code === 0x7f ? 2 : Math.max(1, cellWidth(code));
}

function drawnCell(cell: string, column: number, columns: number): string {
  const code = cell.charCodeAt(0);
  if (code === 0x09) return ' '.repeat(drawnWidth(cell, 0, column, columns));
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}${cell.slice(1)}`;
  return cellWidth(cell.codePointAt(0) ?? 0) === 0 ? `\u25cc${cell}` : cell;
}
