import { LONGEST_LINE } from './sanitise.ts';
import { nextCell, previousCell } from './width.ts';

type Snapshot = { readonly text: string; readonly cursor: number };

const MOST_UNDOS = 200;
const MOST_KILLS = 10;

/** The line being edited: its text, the cursor, the kill ring and the undo list, as readline(3) keeps them. */
export class EditBuffer {
  #text = '';
  /** Offset in UTF-16 units, always between two cells. */
  #cursor = 0;
  #undo: Snapshot[] = [];
  #kills: string[] = [];
  #lastEdit: 'insert' | 'kill' | 'yank' | 'other' = 'other';
  #yanked: { from: number; kill: number } | undefined;

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** A new line to edit; the kill ring outlives it. */
  reset(): void {
    this.#text = '';
    this.#cursor = 0;
    this.#undo = [];
    this.#lastEdit = 'other';
  }

  /** Puts `text` in place of the line (from history, from a completion), undoably. */
  replaceAll(text: string, cursor = text.length): void {
    this.#remember('other');
    this.#text = text.slice(0, LONGEST_LINE);
    this.#cursor = Math.min(cursor, this.#text.length);
  }

  /** False when there is no room for it; then nothing of it is put in. */
  insert(text: string): boolean {
    if (this.#text.length + text.length > LONGEST_LINE) return false;
    if (this.#lastEdit !== 'insert' || text.length > 1) this.#remember('insert');
    this.#splice(this.#cursor, this.#cursor, text);
    return true;
  }

  replaceRange(from: number, to: number, text: string): void {
    this.#remember('other');
    this.#splice(from, to, text);
  }

  moveTo(cursor: number): void {
    this.#lastEdit = 'other';
    this.#cursor = Math.min(Math.max(0, cursor), this.#text.length);
  }

  deleteBetween(from: number, to: number): boolean {
    if (from === to) return false;
    this.#remember('other');
    this.#splice(Math.min(from, to), Math.max(from, to), '');
    return true;
  }

  /** Deletes what lies between the cursor and `other` into the kill ring; kills in a row gather in one entry. */
  killTo(other: number): boolean {
    if (other === this.#cursor) return false;
    const killed = this.#text.slice(Math.min(other, this.#cursor), Math.max(other, this.#cursor));
    if (this.#lastEdit === 'kill') {
      const last = this.#kills[0] ?? '';
      this.#kills[0] = other < this.#cursor ? killed + last : last + killed;
    } else {
      this.#kills.unshift(killed);
      this.#kills.length = Math.min(this.#kills.length, MOST_KILLS);
    }
    this.#remember('kill');
    this.#splice(Math.min(other, this.#cursor), Math.max(other, this.#cursor), '');
    return true;
  }

  yank(): boolean {
    return this.#yankEntry(0, this.#cursor);
  }

  /** M-y: the kill before the one just yanked, in its place. */
  yankPop(): boolean {
    if (this.#lastEdit !== 'yank' || this.#yanked === undefined) return false;
    const { from, kill } = this.#yanked;
    this.#splice(from, this.#cursor, '');
    return this.#yankEntry((kill + 1) % this.#kills.length, from);
  }

  undo(): boolean {
    const before = this.#undo.pop();
    if (before === undefined) return false;
    this.#text = before.text;
    this.#cursor = before.cursor;
    this.#lastEdit = 'other';
    return true;
  }

  /** Swaps the cells around the cursor (C-t). */
  transpose(): boolean {
    if (this.#cursor === 0 || nextCell(this.#text, 0) >= this.#text.length) return false;
    const end = this.#cursor === this.#text.length ? this.#cursor : nextCell(this.#text, this.#cursor);
    const middle = previousCell(this.#text, end);
    const start = previousCell(this.#text, middle);
    this.replaceRange(start, end, this.#text.slice(middle, end) + this.#text.slice(start, middle));
    return true;
  }

  get nextCell(): number {
    return nextCell(this.#text, this.#cursor);
  }

  get previousCell(): number {
    return previousCell(this.#text, this.#cursor);
  }

  /** End of the word at or after the cursor (M-f). */
  get wordEnd(): number {
    return this.#cursor + (/^[^\p{L}\p{N}]*[\p{L}\p{N}\p{M}]*/u.exec(this.#text.slice(this.#cursor))?.[0].length ?? 0);
  }

  /** Start of the word before the cursor (M-b). */
  get wordStart(): number {
    return this.#cursor - (/[\p{L}\p{N}\p{M}]*[^\p{L}\p{N}]*$/u.exec(this.#tail())?.[0].length ?? 0);
  }

  /** Start of what blanks delimit before the cursor (C-w). */
  get blankWordStart(): number {
    return this.#cursor - (/\S*\s*$/.exec(this.#tail())?.[0].length ?? 0);
  }

  /** What stands before the cursor, as far back as any one word goes: bounded, so that no pattern runs over 64 KB. */
  #tail(): string {
    return this.#text.slice(Math.max(0, this.#cursor - 1024), this.#cursor);
  }

  #yankEntry(kill: number, from: number): boolean {
    const text = this.#kills[kill];
    if (text === undefined) return false;
    this.#remember('yank');
    this.#splice(from, from, text.slice(0, Math.max(0, LONGEST_LINE - this.#text.length)));
    this.#yanked = { from, kill };
    return true;
  }

  #remember(edit: 'insert' | 'kill' | 'yank' | 'other'): void {
    this.#undo.push({ text: this.#text, cursor: this.#cursor });
    if (this.#undo.length > MOST_UNDOS) this.#undo.shift();
    this.#lastEdit = edit;
  }

  #splice(from: number, to: number, text: string): void {
    this.#text = this.#text.slice(0, from) + text + this.#text.slice(to);
    this.#cursor = from + text.length;
  }
}
