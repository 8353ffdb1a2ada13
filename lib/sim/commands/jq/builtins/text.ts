import { decodeText, encodeText } from '../../../os/index.ts';
import { fail, typeError } from '../values/error.ts';
import { isArray, type Json, kindOf, textLength, wellFormed } from '../values/json.ts';
import { JsonError, parseJson } from '../values/parse.ts';
import { toJson } from '../values/print.ts';

export const toText = (value: Json): string => (typeof value === 'string' ? value : toJson(value));

export function fromJson(value: Json): Json {
  if (typeof value !== 'string') return typeError(value, 'only strings can be parsed');
  try {
    return parseJson(value, encodeText(value));
  } catch (error) {
    if (error instanceof JsonError) return fail(error.message);
    throw error;
  }
}

export function toNumber(value: Json): Json {
  if (typeof value === 'number') return value;
  const parsed = typeof value === 'string' ? fromJson(value) : null;
  return typeof parsed === 'number' ? parsed : typeError(value, 'cannot be parsed as a number');
}

export function lengthOf(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'string') return textLength(value);
  if (typeof value === 'boolean') return typeError(value, 'has no length');
  return isArray(value) ? value.length : (value as ReadonlyMap<string, Json>).size;
}

/** Pieces between separators; an empty separator cuts between all characters. */
export function splitText(text: string, separator: string): string[] {
  if (text === '') return [];
  return separator === '' ? [...text] : text.split(separator);
}

export const explode = (value: Json): Json =>
  typeof value === 'string'
    ? [...value].map((character) => character.codePointAt(0) as number)
    : fail('explode input must be a string');

export function implode(value: Json): Json {
  if (!isArray(value)) return fail('implode input must be an array');
  return value
    .map((code) => {
      if (typeof code !== 'number') return typeError(code, "can't be imploded, unicode codepoint needs to be numeric");
      const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return String.fromCodePoint(valid ? Math.trunc(code) : 0xfffd);
    })
    .join('');
}

/** Where `wanted` begins, in bytes: jq 1.6 counts these here, and may find overlapping places. */
export function textIndexes(text: Json, wanted: Json): Json {
  if (typeof text !== 'string' || typeof wanted !== 'string' || wanted === '') return null;
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    found.push(encodeText(text.slice(0, at)).length);
  }
  return found;
}

export function startsWith(text: Json, prefix: Json): boolean {
  if (typeof text === 'string' && typeof prefix === 'string') return text.startsWith(prefix);
  return fail('startswith() requires string inputs');
}

export function endsWith(text: Json, suffix: Json): boolean {
  if (typeof text === 'string' && typeof suffix === 'string') return text.endsWith(suffix);
  return fail('endswith() requires string inputs');
}

export const trimStart = (text: Json, prefix: Json): Json =>
  typeof text === 'string' && typeof prefix === 'string' && text.startsWith(prefix) ? text.slice(prefix.length) : text;

export const trimEnd = (text: Json, suffix: Json): Json =>
  typeof text === 'string' && typeof suffix === 'string' && text.endsWith(suffix)
    ? text.slice(0, text.length - suffix.length)
    : text;

/** What stands behind `@name`. */
export function format(value: Json, name: Json): string {
  if (typeof name !== 'string') return typeError(name, 'is not a valid format');
  const run = FORMATS[name];
  return run === undefined ? fail(`${name} is not a valid format`) : run(value);
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' };
const TSV: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n', '\\': '\\\\' };

const FORMATS: Readonly<Record<string, (value: Json) => string>> = {
  text: toText,
  json: toJson,
  csv: (value) => row(value, 'csv', ',', (text) => `"${text.replaceAll('"', '""')}"`),
  tsv: (value) => row(value, 'tsv', '\t', (text) => text.replace(/[\t\r\n\\]/g, (sign) => TSV[sign] as string)),
  html: (value) => toText(value).replace(/[&<>'"]/g, (sign) => HTML[sign] as string),
  uri: (value) =>
    [...encodeText(toText(value))]
      .map((byte) => {
        const character = String.fromCharCode(byte);
        return /[\w\-.~!*'()]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      })
      .join(''),
  sh: shellWords,
  base64: (value) => encodeBase64(encodeText(toText(value))),
  base64d: decodeBase64,
};

function row(value: Json, name: string, separator: string, quote: (text: string) => string): string {
  if (!isArray(value)) return typeError(value, `cannot be ${name}-formatted, only array`);
  const cells = value.map((cell) => {
    if (cell === null || Number.isNaN(cell)) return '';
    if (typeof cell === 'string') return quote(cell);
    return typeof cell === 'object' ? typeError(cell, 'is not valid in a csv row') : toJson(cell);
  });
  return cells.join(separator);
}

function shellWords(value: Json): string {
  const words = isArray(value) ? value : [value];
  return words
    .map((word) => {
      if (typeof word === 'string') return `'${word.replaceAll("'", "'\\''")}'`;
      return kindOf(word) === 'array' || kindOf(word) === 'object'
        ? typeError(word, 'can not be escaped for shell')
        : toJson(word);
    })
    .join(' ');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const group = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63];
    const used = Math.min(3, bytes.length - i) + 1;
    text += group.map((code, k) => (k < used ? ALPHABET[code] : '=')).join('');
  }
  return text;
}

function decodeBase64(value: Json): string {
  const text = toText(value);
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  let read = 0;
  for (const character of text.replace(/=.*$/s, '')) {
    const code = ALPHABET.indexOf(character);
    if (code < 0) return typeError(text, 'is not valid base64 data');
    held = ((held << 6) | code) & 0xffffff;
    bits += 6;
    read++;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  if (read % 4 === 1) return typeError(text, 'trailing base64 byte found');
  return wellFormed(decodeText(Uint8Array.from(bytes)));
}
