import { hasPattern, quotePattern } from './pattern.ts';

/** A piece of an expanded word. `split`: it came from an expansion outside of quotes, so IFS cuts it. */
export type Fragment = { readonly text: string; readonly quoted: boolean; readonly split: boolean } | 'break';

export const quoted = (text: string): Fragment => ({ text, quoted: true, split: false });
export const literal = (text: string): Fragment => ({ text, quoted: false, split: false });
export const splittable = (text: string): Fragment => ({ text, quoted: false, split: true });

/** One resulting word: its text, and the same with every quoted character escaped, for patterns. */
export type Field = { readonly text: string; readonly pattern: string; readonly wild: boolean };

class FieldBuilder {
  readonly fields: Field[] = [];
  #text = '';
  #pattern = '';
  #wild = false;
  #present = false;
  /** What ended the last field: blanks join with one delimiter that follows, a delimiter does not. */
  #ended: 'blank' | 'delimiter' | undefined;

  add(text: string, isQuoted: boolean): void {
    this.#text += text;
    this.#pattern += isQuoted ? quotePattern(text) : text;
    this.#wild ||= !isQuoted && /[*?[(]/.test(text);
    this.#present = true;
    this.#ended = undefined;
  }

  end(): void {
    if (this.#present) this.#push();
  }

  blank(): void {
    if (!this.#present) return;
    this.#push();
    this.#ended = 'blank';
  }

  delimiter(): void {
    if (this.#present || this.#ended !== 'blank') this.#push();
    this.#ended = 'delimiter';
  }

  #push(): void {
    this.fields.push({ text: this.#text, pattern: this.#pattern, wild: this.#wild && hasPattern(this.#pattern) });
    this.#text = '';
    this.#pattern = '';
    this.#wild = false;
    this.#present = false;
  }
}

/** Word splitting (bash(1)): cuts what may be cut at the characters of IFS. */
export function splitFields(fragments: readonly Fragment[], ifs: string): Field[] {
  const builder = new FieldBuilder();
  for (const fragment of fragments) {
    if (fragment === 'break') builder.end();
    else if (!fragment.split || ifs === '') {
      if (fragment.text !== '' || fragment.quoted) builder.add(fragment.text, fragment.quoted);
    } else splitText(fragment.text, ifs, builder);
  }
  builder.end();
  return builder.fields;
}

function splitText(text: string, ifs: string, builder: FieldBuilder): void {
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (!ifs.includes(c)) continue;
    if (i > start) builder.add(text.slice(start, i), false);
    if (c === ' ' || c === '\t' || c === '\n') builder.blank();
    else builder.delimiter();
    start = i + 1;
  }
  if (start < text.length) builder.add(text.slice(start), false);
}

/** Fragments as one text, without splitting; "$@" joins with blanks. */
export const joinFragments = (fragments: readonly Fragment[]): string =>
  fragments.map((fragment) => (fragment === 'break' ? ' ' : fragment.text)).join('');

/** Fragments as one pattern: quoted text stands for itself. */
export const joinPattern = (fragments: readonly Fragment[]): string =>
  fragments
    .map((fragment) => (fragment === 'break' ? ' ' : fragment.quoted ? quotePattern(fragment.text) : fragment.text))
    .join('');
