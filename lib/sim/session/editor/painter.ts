import { draw, move, offsetOfRow, type Position, positionAfter, withoutAnsi } from './grid.ts';
import { joinsPrevious } from './width.ts';

type Painted = { readonly prompt: string; readonly text: string; readonly promptEnd: Position; readonly end: Position };

const ORIGIN: Position = { row: 0, column: 0 };
const ERASE_BELOW = '\u001b[J';

/**
 * Keeps the prompt and the edited line on the screen with as few characters as possible: only what follows the first
 * difference is written again. (A full repaint per key flickers, and a screen reader would read the line at every key.)
 */
export class Painter {
  columns = 80;
  rows = 24;
  /** Where the prompt begins: what a program wrote last may not have ended its line. */
  #start: Position = ORIGIN;
  #painted: Painted | undefined;
  #cursor: Position = ORIGIN;

  get shown(): boolean {
    return this.#painted !== undefined;
  }

  /** Precondition: nothing is shown. Following paints begin at this column. */
  startAt(column: number): void {
    this.#start = { row: 0, column: Math.min(column, this.columns - 1) };
  }

  paint(prompt: string, text: string, cursor: number): string {
    const before = this.#painted?.prompt === prompt ? this.#painted : undefined;
    let output = before === undefined ? this.#paintAll(prompt, text) : this.#paintChange(before, text);
    const painted = this.#painted as Painted;
    output += this.#moveTo(positionAfter(text, painted.promptEnd, this.columns, 0, cursor));
    return output;
  }

  /** Takes prompt and line off the screen; the cursor stands where the prompt began. */
  hide(): string {
    if (this.#painted === undefined) return '';
    const output = this.#moveTo(this.#start) + ERASE_BELOW;
    this.#painted = undefined;
    this.#cursor = this.#start;
    return output;
  }

  /** Leaves prompt and line standing; what is printed next follows `ending`, after the line's end. */
  leave(ending: string): string {
    if (this.#painted === undefined) return ending;
    const output = this.#moveTo(this.#painted.end) + ending;
    this.#painted = undefined;
    return output;
  }

  /** After C-l: the screen is empty and the cursor is in its corner. */
  cleared(): void {
    this.#painted = undefined;
    this.#start = ORIGIN;
    this.#cursor = ORIGIN;
  }

  #paintAll(prompt: string, text: string): string {
    const shown = this.#painted !== undefined;
    const output = shown ? this.#moveTo(this.#start) + ERASE_BELOW : '';
    const promptEnd = positionAfter(withoutAnsi(prompt), this.#start, this.columns);
    const drawn = draw(text, promptEnd, this.columns);
    this.#painted = { prompt, text, promptEnd, end: drawn.end };
    this.#cursor = drawn.end;
    const wrap = text === '' && promptEnd.column === 0 && promptEnd.row > 0 && !prompt.endsWith('\n') ? ' \r' : '';
    return output + prompt.replaceAll('\n', '\r\n') + wrap + drawn.output;
  }

  #paintChange(before: Painted, text: string): string {
    if (text === before.text) return '';
    const same = Math.min(this.#firstVisible(before, sameUpTo(before.text, text)), text.length);
    const from = positionAfter(text, before.promptEnd, this.columns, 0, same);
    const drawn = draw(text.slice(same), from, this.columns);
    const shrunk = same < before.text.length;
    const output = this.#moveTo(from) + drawn.output + (shrunk ? ERASE_BELOW : '');
    this.#painted = { ...before, text, end: drawn.end };
    this.#cursor = drawn.end;
    return output;
  }

  /** `offset`, or the first offset on the screen where the line is longer than the screen is high. */
  #firstVisible(before: Painted, offset: number): number {
    const top = before.end.row - this.rows + 1;
    if (top <= 0) return offset;
    return Math.max(offset, offsetOfRow(before.text, before.promptEnd, this.columns, top));
  }

  #moveTo(to: Position): string {
    const bottom = Math.max(this.#painted?.end.row ?? 0, this.#cursor.row);
    const reachable = { row: Math.max(to.row, bottom - this.rows + 1), column: to.column };
    const output = move(this.#cursor, reachable);
    this.#cursor = reachable;
    return output;
  }
}

function sameUpTo(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  while (at < limit && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  while (at > 0 && (joinsPrevious(a, at) || joinsPrevious(b, at))) at--;
  return at;
}
