import { get16 } from '../index.ts';

/**
 * Domain names (RFC 1035 section 3.1, 4.1.4). As text they have no dot at the end but the root, `.`; a dot or backslash
 * inside a label is escaped.
 */
const POINTER = 0xc0;
const LABEL_MAX = 63;
const NAME_MAX = 255;

/** The labels of a name as text; undefined: a label is empty or too long, or the whole is. */
export function labelsOf(name: string): Uint8Array[] | undefined {
  if (name === '.' || name === '') return [];
  const labels: Uint8Array[] = [];
  let current: number[] = [];
  const text = name.endsWith('.') && !name.endsWith('\\.') ? name.slice(0, -1) : name;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '.') {
      labels.push(Uint8Array.from(current));
      current = [];
    } else current.push(text.charCodeAt(text[i] === '\\' ? ++i : i) & 0xff);
  }
  labels.push(Uint8Array.from(current));
  const length = labels.reduce((sum, label) => sum + label.length + 1, 1);
  const isValid = length <= NAME_MAX && labels.every((label) => label.length > 0 && label.length <= LABEL_MAX);
  return isValid ? labels : undefined;
}

/** The name at `at`, and where what follows it begins; undefined: it overruns, or its pointers lead round in a circle. */
export function parseName(b: Uint8Array, at: number): { readonly name: string; readonly next: number } | undefined {
  const labels: string[] = [];
  let next: number | undefined;
  let total = 0;
  for (let i = at; ; ) {
    const size = b[i];
    if (size === undefined) return undefined;
    if ((size & POINTER) === POINTER) {
      const target = get16(b, i) & 0x3fff;
      next ??= i + 2;
      // Pointers lead back only.
      if (target >= i) return undefined;
      i = target;
      continue;
    }
    if (size > LABEL_MAX || i + 1 + size > b.length) return undefined;
    if (size === 0) return { name: labels.length === 0 ? '.' : labels.join('.'), next: next ?? i + 1 };
    total += size + 1;
    if (total > NAME_MAX) return undefined;
    labels.push(textOf(b.subarray(i + 1, i + 1 + size)));
    i += size + 1;
  }
}

const textOf = (label: Uint8Array): string =>
  [...label].map((byte) => (byte === 0x2e || byte === 0x5c ? '\\' : '') + String.fromCharCode(byte)).join('');

/** Writes names one after another, those that stood before as pointers to there. */
export class NameWriter {
  readonly #known = new Map<string, number>();

  /** `at`: where in the message the bytes will stand. */
  emit(name: string, at: number, compress = true): number[] {
    const labels = labelsOf(name) ?? [];
    const bytes: number[] = [];
    for (let i = 0; i < labels.length; i++) {
      const rest = labels
        .slice(i)
        .map((label) => String.fromCharCode(...label).toLowerCase())
        .join('\0');
      const known = this.#known.get(rest);
      if (known !== undefined && compress) return [...bytes, POINTER | (known >> 8), known & 0xff];
      if (at + bytes.length < 0x4000 && known === undefined) this.#known.set(rest, at + bytes.length);
      const label = labels[i] as Uint8Array;
      bytes.push(label.length, ...label);
    }
    return [...bytes, 0];
  }
}
