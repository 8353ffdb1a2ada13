/** Ends a command of iproute2: `text` on standard error (with its newline), then exit. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    readonly text: string,
    readonly status: number,
  ) {
    super(text);
  }
}

/** `matches()`: a word may be cut short, but not to nothing. */
export const abbreviates = (word: string, full: string): boolean => word !== '' && full.startsWith(word);

/** The words of a command line with a place in them, and the complaints of iproute2's lib/utils.c. */
export class Words {
  #at = 0;

  constructor(private readonly list: readonly string[]) {}

  get more(): boolean {
    return this.#at < this.list.length;
  }

  /** The word at this place; '' after the last. */
  get word(): string {
    return this.list[this.#at] ?? '';
  }

  get rest(): readonly string[] {
    return this.list.slice(this.#at);
  }

  next(): void {
    this.#at++;
  }

  /** NEXT_ARG(): goes to the word that must follow, and stays there. */
  value(): string {
    this.#at++;
    if (!this.more) throw new Refusal('Command line is not complete. Try option "help"\n', 255);
    return this.word;
  }

  is(...words: readonly string[]): boolean {
    return this.more && words.includes(this.word);
  }

  abbreviates(...full: readonly string[]): boolean {
    return this.more && full.some((word) => abbreviates(this.word, word));
  }
}

/** invarg() */
export const invalid = (message: string, argument: string): Refusal =>
  new Refusal(`Error: argument "${argument}" is wrong: ${message}\n`, 255);
/** duparg() */
export const duplicate = (key: string, argument: string): Refusal =>
  new Refusal(`Error: duplicate "${key}": "${argument}" is the second value.\n`, 255);
/** duparg2() */
export const garbage = (key: string, argument: string): Refusal =>
  new Refusal(`Error: either "${key}" is duplicate, or "${argument}" is a garbage.\n`, 255);
/** nodev(), for what then returns -1 */
export const noDevice = (name: string, status = 1): Refusal => new Refusal(`Cannot find device "${name}"\n`, status);

export function onOff(key: string, word: string): boolean {
  if (word === 'on') return true;
  if (word === 'off') return false;
  throw new Refusal(`Error: argument of "${key}" must be "on" or "off", not "${word}"\n`, 1);
}

/** get_u32() and its like: decimal, octal or hexadecimal as strtoul(3) reads it; undefined when it is not that. */
export function parseUnsigned(text: string, max = 0xffff_ffff): number | undefined {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
  const octal = /^0\d+$/.test(text);
  if (octal && /[89]/.test(text)) return undefined;
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  return value <= max ? value : undefined;
}

/** get_integer() */
export function parseInteger(text: string): number | undefined {
  const value = parseUnsigned(text.replace(/^[-+]/, ''), 0x7fff_ffff);
  return value === undefined ? undefined : text.startsWith('-') ? -value : value;
}

export function unsigned(text: string, message: string, max?: number): number {
  const value = parseUnsigned(text, max);
  if (value === undefined) throw invalid(message, text);
  return value;
}

export function integer(text: string, message: string): number {
  const value = parseInteger(text);
  if (value === undefined) throw invalid(message, text);
  return value;
}
