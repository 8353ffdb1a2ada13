/** The head of an HTTP message (RFC 9112): its first line and its fields, as they came. Text is Latin-1, a byte a character. */
export type Head = {
  readonly line: string;
  readonly fields: readonly Field[];
  /** All of it, with its line ends. */
  readonly raw: string;
};

export type Field = { readonly name: string; readonly value: string };

/** Where the body begins in `text`; undefined while the empty line has not come. Bare newlines end lines, too. */
export function bodyStart(text: string): number | undefined {
  const found = /\r?\n\r?\n/.exec(text);
  return found === null ? undefined : found.index + found[0].length;
}

/** The head in `text`, which ends where the body begins. */
export function parseHead(text: string): Head {
  const [line = '', ...rest] = text.split(/\r?\n/);
  const fields: Field[] = [];
  for (const entry of rest) {
    const colon = entry.indexOf(':');
    if (colon > 0) fields.push({ name: entry.slice(0, colon), value: entry.slice(colon + 1).trim() });
  }
  return { line, fields, raw: text };
}

/** The value of the first field of this name, whatever its case. */
export const fieldOf = (head: Pick<Head, 'fields'>, name: string): string | undefined =>
  head.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())?.value;

/** Bytes as Latin-1 text and back. */
export function toLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

export const fromLatin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 255);
