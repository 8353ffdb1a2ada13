/**
 * Bytes of a keyboard to keys. A terminal sends printable text as it is, control keys as C0 characters, and the rest as
 * escape sequences (ECMA-48, and xterm's ctlseqs for modifiers and bracketed paste).
 */
export type Key =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  /** Names as readline writes them: `C-a`, `M-b`, `Up`, `C-Left`, `Tab`, `Enter`, `Backspace`, `Delete`. */
  | { readonly kind: 'key'; readonly name: string };

const PASTE_BEGIN = '\u001b[200~';
const PASTE_END = '\u001b[201~';
/** A sequence that is longer than this is noise, not a key that is still arriving. */
const LONGEST_SEQUENCE = 32;

const FINALS: Record<string, string> = {
  A: 'Up',
  B: 'Down',
  C: 'Right',
  D: 'Left',
  H: 'Home',
  F: 'End',
  Z: 'BackTab',
  P: 'F1',
  Q: 'F2',
  R: 'F3',
  S: 'F4',
};
const NUMBERS: Record<string, string> = {
  1: 'Home',
  2: 'Insert',
  3: 'Delete',
  4: 'End',
  5: 'PageUp',
  6: 'PageDown',
  7: 'Home',
  8: 'End',
};

/**
 * Reads keys one by one off an input that arrives in pieces; what is not yet a whole key waits for the next piece.
 * A terminal sends Alt-x and the arrows in one piece, so that an escape at the end of a piece is the Escape key.
 */
export class KeyReader {
  #input = '';
  #at = 0;
  #paste: string[] | undefined;

  push(input: string): void {
    this.#input = this.#input.slice(this.#at) + input;
    this.#at = 0;
  }

  /** All that has not been read yet, and forgets it: for the next reader of this keyboard. */
  takeRest(): string {
    const rest = (this.#paste === undefined ? '' : PASTE_BEGIN + this.#paste.join('')) + this.#input.slice(this.#at);
    this.#input = '';
    this.#at = 0;
    this.#paste = undefined;
    return rest;
  }

  next(): Key | undefined {
    if (this.#paste !== undefined) return this.#pasted(this.#paste);
    const input = this.#input;
    if (this.#at >= input.length) return undefined;
    const code = input.charCodeAt(this.#at);
    if (code === 0x1b) return this.#escape();
    if (code < 0x20 || code === 0x7f) return this.#take(1, controlName(code));
    return this.#text();
  }

  #text(): Key {
    const from = this.#at;
    while (this.#at < this.#input.length && !isControl(this.#input.charCodeAt(this.#at))) this.#at++;
    return { kind: 'text', text: this.#input.slice(from, this.#at) };
  }

  #escape(): Key | undefined {
    const rest = this.#input.slice(this.#at, this.#at + LONGEST_SEQUENCE);
    if (rest.startsWith(PASTE_BEGIN)) {
      this.#at += PASTE_BEGIN.length;
      this.#paste = [];
      return this.#pasted(this.#paste);
    }
    if (rest.length === 1) return this.#take(1, 'Escape');
    const sequence = /^\u001b+(?:\[([0-9;]*)([A-Za-z~^$@])|O([A-Za-z]))/.exec(rest);
    if (sequence)
      return this.#take(sequence[0].length, sequenceName(sequence[1] ?? '', sequence[2] ?? sequence[3] ?? ''));
    if (/^\u001b(?:\[[0-9;]*|O)$/.test(rest) && rest.length < LONGEST_SEQUENCE) return undefined;
    if (/^\u001b\[/.test(rest)) return this.#take(2, 'Unknown');
    return this.#meta(rest);
  }

  #meta(rest: string): Key {
    const char = String.fromCodePoint(rest.codePointAt(1) ?? 0);
    const code = char.charCodeAt(0);
    if (code === 0x1b) return this.#take(1, 'Escape');
    return this.#take(1 + char.length, `M-${isControl(code) ? controlName(code) : char}`);
  }

  /** The paste may be long and come in pieces: the pieces are kept apart and joined once. */
  #pasted(pieces: string[]): Key | undefined {
    const end = this.#input.indexOf(PASTE_END, this.#at);
    if (end >= 0) {
      pieces.push(this.#input.slice(this.#at, end));
      this.#at = end + PASTE_END.length;
      this.#paste = undefined;
      return { kind: 'paste', text: pieces.join('') };
    }
    const keep = PASTE_END.length - 1;
    const safe = Math.max(this.#at, this.#input.length - keep);
    if (safe > this.#at) pieces.push(this.#input.slice(this.#at, safe));
    this.#at = safe;
    return undefined;
  }

  #take(length: number, name: string): Key {
    this.#at += length;
    return { kind: 'key', name };
  }
}

const isControl = (code: number): boolean => code < 0x20 || code === 0x7f;

function controlName(code: number): string {
  if (code === 0x0d || code === 0x0a) return 'Enter';
  if (code === 0x09) return 'Tab';
  if (code === 0x7f || code === 0x08) return 'Backspace';
  return `C-${String.fromCharCode(code | 0x40).toLowerCase()}`;
}

function sequenceName(parameters: string, final: string): string {
  const [number = '', modifier = '1'] = parameters.split(';');
  const name = final === '~' ? NUMBERS[number] : FINALS[final];
  if (name === undefined) return 'Unknown';
  const bits = Number(modifier) - 1;
  return `${bits & 4 ? 'C-' : ''}${bits & 2 ? 'M-' : ''}${name}`;
}
