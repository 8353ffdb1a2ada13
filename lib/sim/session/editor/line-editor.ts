import { type Completion, completionStep, listing } from './candidates.ts';
import { EditBuffer } from './edit-buffer.ts';
import { HistorySearch, HistoryWalk } from './history.ts';
import { type EditorActions, KEYMAP } from './keymap.ts';
import { type Key, KeyReader } from './keys.ts';
import { Painter } from './painter.ts';
import { LONGEST_LINE, sanitise } from './sanitise.ts';

/** What the shell asks for: a line of a command, or the rest of one (PS2). */
export type Prompt = {
  readonly text: string;
  readonly history: readonly string[];
  readonly complete: (line: string, cursor: number) => Completion;
};

/** What came of the keys. After all but `list` and `clear`, nothing is being edited any more. */
export type EditorEvent =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupt'; readonly text: string }
  | { readonly kind: 'eof' }
  /** Tab showed the candidates for this text. */
  | { readonly kind: 'list'; readonly text: string; readonly cursor: number }
  | { readonly kind: 'clear' };

const BELL = '\u0007';
export const CLEAR_SCREEN = '\u001b[H\u001b[2J\u001b[3J';
const PASTE_MODE_ON = '\u001b[?2004h';
const PASTE_MODE_OFF = '\u001b[?2004l';

/**
 * Edits one command line as readline(3) does with its Emacs keys: pure, from what the keyboard sends to what the screen
 * is sent. `begin` shows a prompt; `feed` takes keys until an event ends the line; the keys after it stay for the next.
 */
export class LineEditor {
  #buffer = new EditBuffer();
  #painter = new Painter();
  #keys = new KeyReader();
  #prompt: Prompt | undefined;
  #walk: HistoryWalk | undefined;
  #walked = false;
  #search: HistorySearch | undefined;
  #events: EditorEvent[] = [];
  #output = '';
  /** How far back M-. has gone. */
  #lastArgument: { back: number; from: number } | undefined;

  get editing(): boolean {
    return this.#prompt !== undefined;
  }

  get text(): string {
    return this.#buffer.text;
  }

  resize(columns: number, rows: number): string {
    const hidden = this.#painter.hide();
    this.#painter.columns = Math.max(2, columns);
    this.#painter.rows = Math.max(2, rows);
    return this.#prompt === undefined ? '' : hidden + this.#paint();
  }

  /** Shows the prompt, which begins at `column` of the screen. */
  begin(prompt: Prompt, column: number): string {
    this.#prompt = prompt;
    this.#buffer.reset();
    this.#walk = undefined;
    this.#search = undefined;
    this.#painter.startAt(column);
    return PASTE_MODE_ON + this.#paint();
  }

  /** Takes the line off the screen while something else prints; `show` brings it back. */
  hide(): string {
    return this.#painter.hide();
  }

  show(column: number): string {
    if (this.#prompt === undefined) return '';
    this.#painter.startAt(column);
    return this.#paint();
  }

  /** The shell no longer wants the line: leaves what is shown and goes to a fresh row. */
  cancel(): string {
    if (this.#prompt === undefined) return '';
    this.#prompt = undefined;
    return (this.#painter.shown ? this.#painter.leave('\r\n') : '') + PASTE_MODE_OFF;
  }

  /** Whether the line is on the screen now. */
  get shown(): boolean {
    return this.#painter.shown;
  }

  /** Takes keys up to an event that ends the line; the others wait in `takeRest`. */
  feed(input: string): { readonly output: string; readonly events: readonly EditorEvent[] } {
    this.#keys.push(input);
    this.#output = '';
    this.#events = [];
    while (this.#prompt !== undefined) {
      const key = this.#keys.next();
      if (key === undefined) break;
      this.#press(key);
    }
    if (this.#prompt !== undefined) this.#output += this.#paint();
    return { output: this.#output, events: this.#events };
  }

  /** What was typed after the line ended. */
  takeRest(): string {
    return this.#keys.takeRest();
  }

  /** Does what the keys of a recorded event did, without the keys. */
  replay(event: EditorEvent): string {
    this.#output = '';
    this.#events = [];
    if (event.kind === 'line' || event.kind === 'interrupt' || event.kind === 'list') {
      this.#search = undefined;
      this.#buffer.replaceAll(event.text, event.kind === 'list' ? event.cursor : event.text.length);
    }
    if (event.kind === 'line') this.#actions.accept();
    else if (event.kind === 'interrupt') this.#actions.interrupt();
    else if (event.kind === 'eof') this.#actions.endOfFile();
    else if (event.kind === 'clear') this.#clear();
    else this.#complete(true);
    return this.#output + (this.#prompt === undefined ? '' : this.#paint());
  }

  #paint(): string {
    const { text, cursor } =
      this.#search === undefined ? this.#buffer : { text: this.#search.match, cursor: this.#search.cursor };
    return this.#painter.paint(this.#search?.prompt ?? this.#prompt?.text ?? '', text, cursor);
  }

  #press(key: Key): void {
    if (this.#search !== undefined && this.#searchKey(this.#search, key)) return;
    if (key.kind === 'key') this.#command(key.name);
    else this.#insert(key.kind === 'paste' ? sanitise(key.text) : sanitise(key.text).replaceAll('\n', ''));
  }

  #insert(text: string): void {
    this.#walk = undefined;
    this.#lastArgument = undefined;
    if (this.#buffer.insert(text)) return;
    this.#note(`These ${text.length} characters are too many for a command line, which holds ${LONGEST_LINE}.`);
  }

  #command(name: string): void {
    const before = this.#buffer.text;
    if (name !== 'M-.' && name !== 'M-_') this.#lastArgument = undefined;
    if (KEYMAP[name]?.(this.#actions) === 'refused') this.#output += BELL;
    const walked = this.#walked;
    this.#walked = false;
    if (!walked && this.#buffer.text !== before) this.#walk = undefined;
  }

  readonly #actions: EditorActions = {
    buffer: this.#buffer,
    accept: () => this.#finish({ kind: 'line', text: this.#buffer.text }, '\r\n'),
    interrupt: () => this.#finish({ kind: 'interrupt', text: this.#buffer.text }, '^C\r\n'),
    endOfFile: () => this.#finish({ kind: 'eof' }, ''),
    clear: () => this.#clear(),
    complete: () => this.#complete(false),
    walk: (step) => this.#walkHistory(step),
    search: (direction) => this.#beginSearch(direction),
    lastArgument: () => this.#insertLastArgument(),
  };

  #finish(event: EditorEvent, ending: string): void {
    this.#output += this.#paint() + this.#painter.leave(ending) + PASTE_MODE_OFF;
    this.#events.push(event);
    this.#prompt = undefined;
  }

  #clear(): void {
    this.#output += CLEAR_SCREEN;
    this.#painter.cleared();
    this.#events.push({ kind: 'clear' });
  }

  #complete(listOnly: boolean): boolean {
    const { text, cursor } = this.#buffer;
    const completion = this.#prompt?.complete(text, cursor);
    const step = completion === undefined ? undefined : completionStep(text, completion);
    if (completion === undefined || step === undefined || step.kind === 'nothing') return false;
    if (step.kind === 'insert') {
      if (!listOnly) this.#buffer.replaceRange(completion.from, completion.to, step.text);
      return true;
    }
    this.#output += this.#paint() + this.#painter.leave('\r\n') + listing(step.candidates, this.#painter.columns);
    this.#painter.startAt(0);
    this.#events.push({ kind: 'list', text, cursor });
    return true;
  }

  /** Says something between the lines; the line comes again below it. */
  #note(text: string): void {
    this.#output += `${this.#paint()}${this.#painter.leave('\r\n')}${text}\r\n`;
    this.#painter.startAt(0);
  }

  #walkHistory(step: 'older' | 'newer' | 'oldest' | 'back'): boolean {
    this.#walk ??= new HistoryWalk(this.#prompt?.history ?? [], this.#buffer.text);
    this.#walked = true;
    const line = this.#walk[step]();
    if (line === undefined) return false;
    this.#buffer.replaceAll(line);
    return true;
  }

  #beginSearch(direction: 'reverse' | 'forward'): boolean {
    this.#search = new HistorySearch(this.#prompt?.history ?? [], {
      text: this.#buffer.text,
      cursor: this.#buffer.cursor,
    });
    this.#search.direction = direction;
    return true;
  }

  /** Whether the key belonged to the search; any other key takes the match and then does what it always does. */
  #searchKey(search: HistorySearch, key: Key): boolean {
    const name = key.kind === 'key' ? key.name : undefined;
    if (key.kind !== 'key') search.extend(sanitise(key.text).replaceAll('\n', ' '));
    else if (name === 'C-r' || name === 'C-s') search.again(name === 'C-r' ? 'reverse' : 'forward');
    else if (name === 'Backspace') search.shorten();
    else {
      this.#search = undefined;
      if (name === 'C-g') this.#buffer.replaceAll(search.original.text, search.original.cursor);
      else if (name !== 'C-c') this.#buffer.replaceAll(search.match, search.cursor);
      return name === 'C-g' || name === 'Escape';
    }
    if (search.failed) this.#output += BELL;
    return true;
  }

  #insertLastArgument(): boolean {
    const history = this.#prompt?.history ?? [];
    const back = (this.#lastArgument?.back ?? 0) + 1;
    const words = history[history.length - back]?.trim().split(/\s+/);
    const word = words?.[words.length - 1];
    if (word === undefined) return false;
    const from = this.#lastArgument?.from ?? this.#buffer.cursor;
    this.#buffer.replaceRange(from, this.#buffer.cursor, word);
    this.#lastArgument = { back, from };
    return true;
  }
}
