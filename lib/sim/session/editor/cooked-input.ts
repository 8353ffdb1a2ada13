import { KeyReader } from './keys.ts';
import { sanitise } from './sanitise.ts';
import { cellWidth, previousCell } from './width.ts';

/** What the keyboard's line discipline makes of keys while a program runs (termios(3): ICANON, ISIG, ECHO). */
export type CookedEvent =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'eof' }
  | { readonly kind: 'signal'; readonly signal: 'INT' | 'QUIT' | 'TSTP' };

/** N_TTY_BUF_SIZE: a line in canonical mode holds no more. */
const LONGEST_COOKED_LINE = 4095;

const SIGNALS: Readonly<Record<string, 'INT' | 'QUIT' | 'TSTP'>> = { 'C-c': 'INT', 'C-\\': 'QUIT', 'C-z': 'TSTP' };

/**
 * Collects lines for a program that reads its terminal: echo, erase (Backspace), kill (C-u), word erase (C-w), C-d.
 * The echo is output for the screen; a whole line goes to the terminal with its event.
 */
export class CookedInput {
  #line = '';
  #keys = new KeyReader();

  /** The line that is not entered yet. */
  get pending(): string {
    return this.#line;
  }

  feed(input: string): { readonly echo: string; readonly events: readonly CookedEvent[] } {
    this.#keys.push(input);
    let echo = '';
    const events: CookedEvent[] = [];
    for (let key = this.#keys.next(); key !== undefined; key = this.#keys.next()) {
      if (key.kind === 'key') echo += this.#press(key.name, events);
      else echo += this.#insert(sanitise(key.text), events);
    }
    return { echo, events };
  }

  /** Takes over what was typed and not entered, with the keys that were not read: the shell's editor goes on with it. */
  takeRest(): string {
    const rest = this.#line + this.#keys.takeRest();
    this.#line = '';
    return rest;
  }

  #press(name: string, events: CookedEvent[]): string {
    const signal = SIGNALS[name];
    if (signal !== undefined) {
      this.#line = '';
      events.push({ kind: 'signal', signal });
      return `^${name.slice(2).toUpperCase()}`;
    }
    if (name === 'Enter') return this.#enter(events);
    if (name === 'C-d') return this.#endOfFile(events);
    if (name === 'Backspace') return this.#erase(previousCell(this.#line, this.#line.length));
    if (name === 'C-u') return this.#erase(0);
    if (name === 'C-w') return this.#erase(this.#line.length - (/\S*\s*$/.exec(this.#line)?.[0].length ?? 0));
    return name === 'Tab' ? this.#insert('\t', events) : '';
  }

  #insert(text: string, events: CookedEvent[]): string {
    const lines = text.split('\n');
    let echo = '';
    lines.forEach((part, i) => {
      const taken = part.slice(0, Math.max(0, LONGEST_COOKED_LINE - this.#line.length));
      this.#line += taken;
      echo += taken;
      if (i < lines.length - 1) echo += this.#enter(events);
    });
    return echo;
  }

  #enter(events: CookedEvent[]): string {
    events.push({ kind: 'line', text: this.#line });
    this.#line = '';
    return '\r\n';
  }

  /** On an empty line the end of the file; else what was typed is handed over without a newline, which we leave out. */
  #endOfFile(events: CookedEvent[]): string {
    if (this.#line === '') events.push({ kind: 'eof' });
    return '';
  }

  #erase(to: number): string {
    const erased = this.#line.slice(to);
    this.#line = this.#line.slice(0, to);
    let output = '';
    for (const character of erased) output += '\b \b'.repeat(echoWidth(character));
    return output;
  }
}

const echoWidth = (character: string): number => (character === '\t' ? 1 : cellWidth(character.codePointAt(0) ?? 0));
