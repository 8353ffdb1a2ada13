import type { Process, PromptState, Tty } from '../os/index.ts';
import { CookedInput } from './editor/cooked-input.ts';
import { positionAfter, withoutAnsi } from './editor/grid.ts';
import { CLEAR_SCREEN, type EditorEvent, LineEditor } from './editor/line-editor.ts';
import type { LogEntry, LogKind } from './log.ts';
import { Transcript } from './transcript.ts';

type Options = {
  readonly tty: Tty;
  readonly shell: Process;
  readonly emit: (text: string) => void;
  /** Something was done that a replay must do again. */
  readonly record: (kind: LogKind, data: string) => void;
};

/** Keys that nothing takes are kept up to here: a terminal's input queue is not endless either. */
const MOST_HELD = 262_144;
const SIGNAL_KEY = /[\u0003\u001c\u001a]/;
const SIGNAL_OF: Readonly<Record<string, 'INT' | 'QUIT' | 'TSTP'>> = {
  '\u0003': 'INT',
  '\u001c': 'QUIT',
  '\u001a': 'TSTP',
};

/**
 * One tab: keyboard and screen on this side, the simulated tty on the other.
 *
 *   keys ──▶ held ──▶ LineEditor  while the shell waits for a command   ──▶ tty.enter
 *                └──▶ CookedInput while a program reads its terminal    ──▶ tty.enter
 *                └─── Ctrl-C, Ctrl-\, Ctrl-Z while neither does         ──▶ tty.interrupt
 *   screen ◀── output of programs, with the edited line taken away before it and put back after
 */
export class TerminalLine {
  readonly tty: Tty;
  readonly shell: Process;
  readonly transcript = new Transcript();
  readonly #emit: (text: string) => void;
  readonly #record: (kind: LogKind, data: string) => void;
  readonly #editor = new LineEditor();
  readonly #cooked = new CookedInput();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #held = '';
  /** The column where output has come to. */
  #column = 0;
  /** The prompt that has been answered: the shell will show a new one. */
  #answered: PromptState | undefined;
  #prompt: PromptState | undefined;
  /** Characters written by programs since a person last did something. */
  printed = 0;

  constructor({ tty, shell, emit, record }: Options) {
    this.tty = tty;
    this.shell = shell;
    this.#emit = emit;
    this.#record = record;
    tty.echo = false;
    this.#editor.resize(tty.columns, tty.rows);
  }

  get atPrompt(): boolean {
    return this.#editor.editing;
  }

  get ended(): boolean {
    return this.shell.exitStatus !== undefined;
  }

  /** What programs write. */
  print(data: Uint8Array): void {
    const text = this.#decoder.decode(data, { stream: true });
    this.printed += text.length;
    this.transcript.print(text);
    this.#say(this.#editor.hide());
    this.#write(text);
  }

  /** A person's keys. Precondition, here and below: no event of the world is due now. */
  type(keys: string): void {
    this.printed = 0;
    this.#hold(keys);
    this.#pump();
  }

  /**
   * Commands as from a Run button: what was being typed gives way to the first, the others follow each at its prompt, so
   * that every command stands above what it printed.
   */
  run(commands: string): void {
    this.printed = 0;
    const [first = '', ...others] = commands.replace(/\n+$/, '').split('\n');
    const waiting = this.atPrompt ? others : [first, ...others];
    this.#hold(waiting.map(asPaste).join(''));
    if (this.atPrompt) this.#do({ kind: 'line', text: first });
  }

  clear(): void {
    this.#record('clear', '');
    this.#clear();
  }

  resize(columns: number, rows: number): void {
    if (columns === this.tty.columns && rows === this.tty.rows) return;
    this.#record('resize', `${columns}x${rows}`);
    this.#resize(columns, rows);
  }

  /** Ends what runs in the foreground because it has gone too far, and says why. */
  stop(signal: 'INT' | 'KILL', why: string): void {
    this.printed = 0;
    this.#record('signal', `${signal} ${why}`);
    this.#stop(signal, why);
  }

  /** After events have run: shows the prompt that waits, and gives it the keys that were typed ahead. */
  settle(): void {
    const prompt = this.tty.pendingInput === 0 && !this.ended ? this.tty.prompt : undefined;
    if (this.#editor.editing && prompt !== this.#prompt) this.#say(this.#editor.cancel(), 0);
    if (prompt === undefined || prompt === this.#answered) this.#prompt = undefined;
    else if (!this.#editor.editing) this.#begin(prompt);
    else if (!this.#editor.shown) this.#say(this.#editor.show(this.#column));
    this.#pump();
  }

  /** Does again what the log says. False where the world is not as it was: the shell was not waiting. */
  replay(entry: LogEntry): boolean {
    this.printed = 0;
    switch (entry.kind) {
      case 'line':
      case 'abort':
      case 'list':
        return this.#replayEdit(editOf(entry));
      case 'clear':
        this.#clear();
        return true;
      case 'eof':
        if (this.atPrompt) this.#perform({ kind: 'eof' });
        else this.tty.endOfFile();
        return true;
      case 'input':
        this.#write(`${entry.data}\r\n`);
        this.tty.enter(entry.data);
        return true;
      case 'signal':
        this.#replaySignal(entry.data);
        return true;
      case 'resize':
        this.#replayResize(entry.data);
        return true;
      default:
        return true;
    }
  }

  #replayEdit(event: EditorEvent): boolean {
    if (!this.atPrompt) return false;
    this.#perform(event);
    return true;
  }

  #replaySignal(data: string): void {
    const [name = 'INT', ...why] = data.split(' ');
    if (name === 'KILL' || why.length > 0) this.#stop(name === 'KILL' ? 'KILL' : 'INT', why.join(' '));
    else this.#interrupt(name === 'QUIT' || name === 'TSTP' ? name : 'INT');
  }

  #replayResize(size: string): void {
    const [columns = 80, rows = 24] = size.split('x').map(Number);
    this.#resize(bounded(columns, 80), bounded(rows, 24));
  }

  #resize(columns: number, rows: number): void {
    this.tty.resize(columns, rows);
    this.#say(this.#editor.resize(columns, rows));
  }

  /** Does an edit as if its keys had been pressed, and records it. */
  #do(event: EditorEvent): void {
    this.#perform(event);
    this.#recordEdit(event);
  }

  #perform(event: EditorEvent): void {
    this.#say(this.#editor.replay(event));
    this.#pass(event);
  }

  #begin(prompt: PromptState): void {
    this.#held = this.#cooked.takeRest() + this.#held;
    this.#prompt = prompt;
    this.#say(this.#editor.begin(coloured(prompt), this.#column));
  }

  /** All of it or nothing: half a paste would leave the editor waiting for its end. The editor bounds what it takes. */
  #hold(keys: string): void {
    if (this.atPrompt || this.#held.length + keys.length <= MOST_HELD) this.#held += keys;
  }

  #pump(): void {
    while (this.#held !== '') {
      if (this.#editor.editing) this.#edit();
      else if (!this.#passToProgram()) return;
    }
  }

  #edit(): void {
    const keys = this.#held;
    this.#held = '';
    const { output, events } = this.#editor.feed(keys);
    this.#say(output);
    if (!this.#editor.editing) this.#held = this.#editor.takeRest();
    for (const event of events) {
      this.#recordEdit(event);
      this.#pass(event);
    }
  }

  /** Hands what the editor made to the shell. */
  #pass(event: EditorEvent): void {
    if (event.kind === 'clear' || event.kind === 'list') {
      this.#column = 0;
      return;
    }
    this.#answered = this.#prompt;
    if (event.kind !== 'eof') this.#column = 0;
    if (event.kind === 'line') this.transcript.command(event.text);
    if (event.kind === 'line') this.tty.enter(event.text);
    else if (event.kind === 'interrupt') this.tty.interrupt('INT');
    else this.tty.endOfFile();
  }

  #recordEdit(event: EditorEvent): void {
    if (event.kind === 'line') this.#record('line', event.text);
    else if (event.kind === 'interrupt') this.#record('abort', event.text);
    else if (event.kind === 'list') this.#record('list', `${event.cursor}:${event.text}`);
    else this.#record(event.kind, '');
  }

  /** Whether it took something from what is held. Signals go through at once; lines wait until something reads. */
  #passToProgram(): boolean {
    const signal = SIGNAL_KEY.exec(this.#held);
    if (signal !== null) {
      this.#cooked.takeRest();
      this.#held = this.#held.slice(signal.index + 1);
      const name = SIGNAL_OF[signal[0]] ?? 'INT';
      this.#record('signal', name);
      this.#interrupt(name);
      return true;
    }
    if (!this.tty.readable.isAwaited) return false;
    const newline = this.#held.search(/[\r\n\u0004]/);
    const length = newline < 0 ? this.#held.length : newline + 1;
    const { echo, events } = this.#cooked.feed(this.#held.slice(0, length));
    this.#held = this.#held.slice(length);
    this.#write(echo);
    for (const event of events) {
      if (event.kind === 'line') {
        this.#record('input', event.text);
        this.tty.enter(event.text);
      } else if (event.kind === 'eof') {
        this.#record('eof', '');
        this.tty.endOfFile();
      }
    }
    return true;
  }

  #interrupt(signal: 'INT' | 'QUIT' | 'TSTP'): void {
    this.#write({ INT: '^C', QUIT: '^\\', TSTP: '^Z' }[signal]);
    this.tty.interrupt(signal);
  }

  #stop(signal: 'INT' | 'KILL', why: string): void {
    this.#write(`${this.#column > 0 ? '\r\n' : ''}${why}\r\n`);
    if (signal === 'INT') this.tty.interrupt('INT');
    else this.tty.signal('KILL');
  }

  #clear(): void {
    if (this.atPrompt) this.#perform({ kind: 'clear' });
    else this.#say(CLEAR_SCREEN, 0);
  }

  #say(text: string, column = this.#column): void {
    if (text !== '') this.#emit(text);
    this.#column = column;
  }

  /** Prints text that moves the column. */
  #write(text: string): void {
    if (text === '') return;
    this.#emit(text);
    const lineStart = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    const from = lineStart > 0 ? 0 : this.#column;
    this.#column = positionAfter(withoutAnsi(text.slice(lineStart)), { row: 0, column: from }, this.tty.columns).column;
  }
}

/** A line to enter, in the brackets of a paste: a tab in it is no key. */
const asPaste = (line: string): string => `\u001b[200~${line}\u001b[201~\r`;

/** A prompt without colours of its own gets one, so that commands are found among output. */
const coloured = (prompt: PromptState): PromptState =>
  prompt.text.includes('\u001b') ? prompt : { ...prompt, text: `\u001b[32m${prompt.text}\u001b[39m` };

function editOf(entry: LogEntry): EditorEvent {
  if (entry.kind === 'line') return { kind: 'line', text: entry.data };
  if (entry.kind === 'abort') return { kind: 'interrupt', text: entry.data };
  const colon = entry.data.indexOf(':');
  return { kind: 'list', cursor: Number(entry.data.slice(0, colon)) || 0, text: entry.data.slice(colon + 1) };
}

const bounded = (value: number, otherwise: number): number =>
  value >= 2 && value <= 1000 ? Math.floor(value) : otherwise;
