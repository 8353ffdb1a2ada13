/** What an awk variable holds. A Field is text from outside that counts as a number too if it looks like one. */
export type Value = number | string | Field | undefined;

export class Field {
  /** Its number when the text looks like one ("strnum" of POSIX awk). */
  readonly number: number | undefined;

  constructor(readonly text: string) {
    this.number = NUMERIC.test(text) ? toNumber(text) : undefined;
  }
}

const NUMERIC = /^[ \t\n]*[+-]?(0[xX][0-9a-fA-F]+|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)[ \t\n]*$/;
const PREFIX = /^[ \t\n\r\f\v]*([+-]?)(0[xX][0-9a-fA-F]+|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|inf(inity)?|nan)/i;

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (typeof value !== 'string') return value.number ?? toNumber(value.text);
  const found = PREFIX.exec(value);
  if (found === null) return 0;
  const digits = (found[2] as string).toLowerCase();
  const size = digits.startsWith('inf') ? Number.POSITIVE_INFINITY : Number(digits);
  return found[1] === '-' ? -size : size;
}

export function toText(value: Value, format: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (typeof value === 'object') return value.text;
  return numberText(value, format);
}

/** A whole number that fits an int is printed whole, any other by CONVFMT or OFMT. */
export function numberText(value: number, format: string): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return String(value === 0 ? 0 : value);
  return formatText(format, [value], '%.6g').text;
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'object') return value.number === undefined ? value.text !== '' : value.number !== 0;
  return typeof value === 'string' ? value !== '' : (value ?? 0) !== 0;
}

/** Numbers compare as numbers, anything with a real string as strings (POSIX awk, "Expressions in awk"). */
export function compare(a: Value, b: Value, format: string): number {
  const left = typeof a === 'object' ? a.number : typeof a === 'string' ? undefined : (a ?? 0);
  const right = typeof b === 'object' ? b.number : typeof b === 'string' ? undefined : (b ?? 0);
  if (left !== undefined && right !== undefined)
    return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN;
  const [x, y] = [toText(a, format), toText(b, format)];
  return x < y ? -1 : x > y ? 1 : 0;
}

export type Formatted = {
  readonly text: string /** Values ran out; `text` is what came before that. */;
  readonly missing: boolean;
};

/** printf(3) as far as awk passes it on: flags, width, precision, `*`, and d i o x X u c s e f g E F G. */
export function formatText(format: string, values: readonly Value[], convert: string): Formatted {
  let out = '';
  let used = 0;
  const directive = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlLqjzt]*([a-zA-Z%])/g;
  let at = 0;
  for (let found = directive.exec(format); found !== null; found = directive.exec(format)) {
    out += format.slice(at, found.index);
    at = directive.lastIndex;
    const letter = found[4] as string;
    if (letter === '%') {
      out += '%';
      continue;
    }
    const stars = [found[2], found[3]].filter((part) => part === '*').length;
    if (used + stars >= values.length) return { text: out, missing: true };
    const width = found[2] === '*' ? toNumber(values[used++]) : Number(found[2] ?? 0);
    const precisionText = found[3] === '*' ? String(toNumber(values[used++])) : found[3];
    const precision = precisionText !== undefined ? Number(precisionText) : found[0].includes('.') ? 0 : undefined;
    const flags = (found[1] ?? '') + (width < 0 ? '-' : '');
    const body = conversion(letter, values[used++], flags, precision, convert);
    out += pad(body, flags, Math.min(Math.abs(width), 10_000), letter, precision);
  }
  return { text: out + format.slice(at), missing: false };
}

function conversion(
  letter: string,
  value: Value,
  flags: string,
  precision: number | undefined,
  convert: string,
): string {
  switch (letter) {
    case 's':
      return toText(value, convert).slice(0, precision);
    case 'c':
      return typeof value === 'number' || (typeof value === 'object' && value.number !== undefined)
        ? String.fromCharCode(toNumber(value) & 255)
        : toText(value, convert).slice(0, 1);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return integer(letter, toNumber(value), flags, precision);
  }
  return real(letter, toNumber(value), flags, precision ?? 6);
}

function integer(letter: string, value: number, flags: string, precision: number | undefined): string {
  if (!Number.isFinite(value)) return sign(value, flags) + (Number.isNaN(value) ? 'nan' : 'inf');
  const whole = Math.trunc(value);
  const radix = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
  const bits = radix !== 10 && whole < 0 ? BigInt.asUintN(64, BigInt(whole)) : BigInt(Math.abs(whole));
  let digits = bits.toString(radix);
  if (letter === 'X') digits = digits.toUpperCase();
  if (precision !== undefined) digits = digits.padStart(Math.min(precision, 10_000), '0');
  if (flags.includes('#') && whole !== 0) digits = (radix === 16 ? `0${letter}` : radix === 8 ? '0' : '') + digits;
  return radix === 10 ? sign(whole, flags) + digits : digits;
}

function real(letter: string, value: number, flags: string, precision: number): string {
  const prefix = sign(value, flags);
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return (Number.isNaN(value) ? '-' : prefix) + (Number.isNaN(value) ? 'nan' : 'inf');
  const digits = Math.min(100, precision);
  const lower = letter.toLowerCase();
  const body =
    lower === 'f'
      ? fixed(size, digits)
      : lower === 'e'
        ? exponential(size, digits)
        : general(size, digits || 1, flags.includes('#'));
  return prefix + (letter === lower ? body : body.toUpperCase());
}

const fixed = (value: number, digits: number) =>
  value < 1e21 ? value.toFixed(digits) : BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');

const exponential = (value: number, digits: number) => value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');

function general(value: number, digits: number, keepZeros: boolean): string {
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  const body =
    exponent < -4 || exponent >= digits
      ? exponential(value, digits - 1)
      : value.toFixed(Math.max(0, digits - 1 - exponent));
  if (keepZeros || !body.includes('.')) return body;
  return body.replace(/\.?0+(e|$)/, '$1');
}

const sign = (value: number, flags: string) =>
  value < 0 || Object.is(value, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';

function pad(body: string, flags: string, width: number, letter: string, precision: number | undefined): string {
  if (flags.includes('-')) return body.padEnd(width);
  const zeros =
    flags.includes('0') && !'sc'.includes(letter) && !(precision !== undefined && 'diouxX'.includes(letter));
  if (!zeros) return body.padStart(width);
  const start = /^[-+ ]?(0[xX])?/.exec(body)?.[0] ?? '';
  return start + body.slice(start.length).padStart(width - start.length, '0');
}
