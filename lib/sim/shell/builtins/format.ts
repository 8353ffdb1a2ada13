import { byteText, codePointText, joinBytes } from '../syntax/ansi-c.ts';

/** What printf prints, and what it complains of on the way. `stop`: a \c ended all output. */
export type Formatted = {
  readonly text: string;
  readonly problems: readonly string[];
  readonly stop: boolean;
  readonly invalid: boolean;
};

type Directive = {
  readonly flags: string;
  readonly width?: number;
  readonly precision?: number;
  readonly conversion: string;
};

export type FormatOptions = {
  /** The calendar, for %(…)T; undefined where there is none. */
  readonly time?: (format: string, seconds: number | undefined) => string;
  /** `bash` words its complaints otherwise than coreutils' printf. */
  readonly dialect: 'bash' | 'coreutils';
};

/** The most that a width may pad: a field a terminal could never show is a mistake. */
const MAX_WIDTH = 100_000;

/** printf(1): the format is used again while arguments are left. */
export function formatPrintf(format: string, args: readonly string[], options: FormatOptions): Formatted {
  const formatter = new Formatter(args, options);
  let text = '';
  do {
    const before = formatter.used;
    text += formatter.round(format);
    if (formatter.used === before) break;
  } while (!formatter.stop && formatter.used < args.length);
  return { text: joinBytes(text), problems: formatter.problems, stop: formatter.stop, invalid: formatter.invalid };
}

class Formatter {
  used = 0;
  stop = false;
  invalid = false;
  readonly problems: string[] = [];

  constructor(
    private readonly args: readonly string[],
    private readonly options: FormatOptions,
  ) {}

  round(format: string): string {
    let out = '';
    let i = 0;
    while (i < format.length && !this.stop) {
      const c = format[i] as string;
      if (c === '\\') {
        const escape = parseEscape(format, i, false);
        out += escape.text;
        this.stop ||= escape.stop;
        i = escape.end;
      } else if (c === '%') {
        const [text, end] = this.#directive(format, i);
        out += text;
        i = end;
      } else {
        out += c;
        i++;
      }
    }
    return out;
  }

  #next(): string | undefined {
    return this.args[this.used++];
  }

  #directive(format: string, at: number): [string, number] {
    const match =
      /^%(?:(%)|([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|j|z|t|L|q(?=[diouxX]))?(\([^)]*\)T|[a-zA-Z])?)/.exec(
        format.slice(at),
      );
    const end = at + (match?.[0].length ?? 1);
    if (match?.[1] !== undefined) return ['%', end];
    if (match === null || match[5] === undefined)
      return [this.#badDirective(format.slice(at, end), format[end]), format.length];
    let flags = match[2] ?? '';
    let width = match[3] === '*' ? this.#integer(this.#next()) : match[3] === undefined ? undefined : Number(match[3]);
    const precision =
      match[4] === '*' ? this.#integer(this.#next()) : match[4] === undefined ? undefined : Number(match[4]);
    if (width !== undefined && width < 0) {
      flags += '-';
      width = -width;
    }
    const directive: Directive = {
      flags,
      conversion: match[5],
      ...(width === undefined ? {} : { width: Math.min(MAX_WIDTH, width) }),
      ...(precision === undefined || precision < 0 ? {} : { precision: Math.min(MAX_WIDTH, precision) }),
    };
    if (!isConversion(directive.conversion))
      return [this.#badDirective(match[0].slice(0, -1), directive.conversion), format.length];
    return [this.#convert(directive), end];
  }

  #badDirective(head: string, next: string | undefined): string {
    this.invalid = true;
    if (this.options.dialect === 'coreutils')
      this.problems.push(`${head}${next ?? ''}: invalid conversion specification`);
    else
      this.problems.push(
        next === undefined || (head === '%' && next === undefined)
          ? `\`${head}': missing format character`
          : `\`${next}': invalid format character`,
      );
    this.stop = true;
    return '';
  }

  #integer(text: string | undefined): number {
    return Number(this.#bigint(text ?? '0'));
  }

  #convert(directive: Directive): string {
    const { conversion } = directive;
    if (conversion.startsWith('(')) return this.#time(directive);
    switch (conversion) {
      case 's':
        return pad(cut(this.#next() ?? '', directive.precision), directive);
      case 'b': {
        const escaped = expandEscapes(this.#next() ?? '');
        this.stop ||= escaped.stop;
        return pad(cut(escaped.text, directive.precision), directive);
      }
      case 'q':
        return pad(quoteArgument(this.#next() ?? ''), directive);
      case 'c':
        return pad([...(this.#next() ?? '')][0] ?? (this.options.dialect === 'coreutils' ? '' : ''), directive);
      case 'd':
      case 'i':
        return formatInteger(this.#bigint(this.#next() ?? '0'), directive);
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return formatUnsigned(BigInt.asUintN(64, this.#bigint(this.#next() ?? '0')), directive);
      default:
        return formatFloat(this.#float(this.#next() ?? '0'), directive);
    }
  }

  #time(directive: Directive): string {
    const format = directive.conversion.slice(1, -2);
    const argument = this.#next();
    const seconds =
      argument === undefined || argument === '-1' || argument === '-2' ? undefined : Number(this.#bigint(argument));
    return pad(this.options.time?.(format === '' ? '%X' : format, seconds) ?? '', directive);
  }

  /** C's strtoimax(3), and a character's code behind a quote. */
  #bigint(text: string): bigint {
    const quoted = /^["'](.)/su.exec(text);
    if (quoted !== null) return BigInt((quoted[1] as string).codePointAt(0) ?? 0);
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    if (match === null || match[0].length < text.length) this.#badNumber(text, match !== null);
    if (match === null) return 0n;
    const digits = match[2] as string;
    const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
    const signed = match[1] === '-' ? -value : value;
    const [low, high] = [-(2n ** 63n), 2n ** 64n - 1n];
    if (signed < low || signed > high)
      this.problems.push(
        this.options.dialect === 'bash'
          ? `warning: ${text}: Numerical result out of range`
          : `${quote(text)}: Numerical result out of range`,
      );
    return signed < low ? low : signed > 2n ** 63n - 1n && signed > high ? 2n ** 63n - 1n : signed;
  }

  #float(text: string): number {
    const quoted = /^["'](.)/su.exec(text);
    if (quoted !== null) return (quoted[1] as string).codePointAt(0) ?? 0;
    const match = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(text);
    if (match === null || match[0].length < text.length) this.#badNumber(text, match !== null);
    if (match === null) return 0;
    const word = match[0].trim().toLowerCase();
    if (/inf/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
    return /nan/.test(word) ? Number.NaN : Number(word);
  }

  #badNumber(text: string, partly: boolean): void {
    if (text === '' && this.options.dialect === 'bash') return;
    if (this.options.dialect === 'bash') this.problems.push(`${text}: invalid number`);
    else
      this.problems.push(
        partly ? `${quote(text)}: value not completely converted` : `${quote(text)}: expected a numeric value`,
      );
  }
}

const quote = (text: string): string => `‘${text}’`;

const isConversion = (conversion: string): boolean =>
  conversion.startsWith('(') || 'sbqcdiouxXeEfFgGaA'.includes(conversion);

const cut = (text: string, precision: number | undefined): string =>
  precision === undefined ? text : [...text].slice(0, precision).join('');

function pad(text: string, { flags, width }: Directive): string {
  const missing = (width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  return flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

/** Sign and digits with the flags 0, + and blank. */
function padNumber(sign: string, digits: string, directive: Directive, zeros: boolean): string {
  const { flags, width = 0 } = directive;
  const missing = width - sign.length - digits.length;
  if (zeros && flags.includes('0') && !flags.includes('-') && missing > 0) return sign + '0'.repeat(missing) + digits;
  return pad(sign + digits, directive);
}

const signOf = (negative: boolean, flags: string): string =>
  negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';

export function formatInteger(value: bigint, directive: Directive): string {
  const negative = value < 0n;
  const digits = String(negative ? -value : value).padStart(directive.precision ?? 0, '0');
  return padNumber(
    signOf(negative, directive.flags),
    directive.precision === 0 && value === 0n ? '' : digits,
    directive,
    directive.precision === undefined,
  );
}

export function formatUnsigned(value: bigint, directive: Directive): string {
  const { conversion, flags, precision } = directive;
  const radix = conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16;
  let digits = value.toString(radix).padStart(precision ?? 0, '0');
  if (conversion === 'X') digits = digits.toUpperCase();
  const alternate = flags.includes('#') && value !== 0n;
  if (alternate && radix === 8 && !digits.startsWith('0')) digits = `0${digits}`;
  return padNumber(alternate && radix === 16 ? `0${conversion}` : '', digits, directive, precision === undefined);
}

export function formatFloat(value: number, directive: Directive): string {
  const { flags, conversion, precision = 6 } = directive;
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  const upper = /[A-Z]/.test(conversion);
  let digits = Number.isFinite(value)
    ? finite(magnitude, conversion.toLowerCase(), Math.min(precision, 100), flags.includes('#'))
    : Number.isNaN(value)
      ? 'nan'
      : 'inf';
  if (upper) digits = digits.toUpperCase();
  return padNumber(signOf(negative, flags), digits, directive, Number.isFinite(value));
}

function finite(value: number, conversion: string, precision: number, alternate: boolean): string {
  if (conversion === 'f') return exactFixed(value, precision);
  if (conversion === 'e') return exponential(value, precision);
  if (conversion === 'a') return hexFloat(value);
  const significant = precision === 0 ? 1 : precision;
  const exponent = value === 0 ? 0 : Number(value.toExponential(significant - 1).split('e')[1]);
  const scientific = exponent < -4 || exponent >= significant;
  const text = scientific ? exponential(value, significant - 1) : exactFixed(value, significant - 1 - exponent);
  if (alternate) return text;
  return scientific ? text.replace(/\.?0*e/, 'e') : text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** toFixed gives up at 1e21; C does not. */
function exactFixed(value: number, precision: number): string {
  if (value < 1e21) return value.toFixed(precision);
  return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
}

const exponential = (value: number, precision: number): string =>
  value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');

function hexFloat(value: number): string {
  if (value === 0) return '0x0p+0';
  let exponent = Math.floor(Math.log2(value));
  let mantissa = value / 2 ** exponent;
  while (mantissa < 8) {
    mantissa *= 2;
    exponent--;
  }
  return `0x${mantissa.toString(16)}p${exponent >= 0 ? '+' : ''}${exponent}`;
}

const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** One backslash escape at `at`. In %b and `echo -e` an octal number may have a leading 0 beside its three digits. */
export function parseEscape(
  text: string,
  at: number,
  inArgument: boolean,
): { text: string; end: number; stop: boolean } {
  const rest = text.slice(at + 1, at + 10);
  const found = (value: string, length: number) => ({ text: value, end: at + 1 + length, stop: false });
  const octal = (inArgument ? /^0[0-7]{0,3}|^[1-7][0-7]{0,2}/ : /^[0-7]{1,3}/).exec(rest);
  if (octal !== null) return found(byteText(Number.parseInt(octal[0], 8) & 255), octal[0].length);
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hex !== null) return found(byteText(Number.parseInt(hex[1] as string, 16)), hex[0].length);
  const unicode = /^u([0-9a-fA-F]{1,4})|^U([0-9a-fA-F]{1,8})/.exec(rest);
  if (unicode !== null)
    return found(codePointText(Number.parseInt(unicode[1] ?? (unicode[2] as string), 16)), unicode[0].length);
  if (rest[0] === 'c' && inArgument) return { text: '', end: text.length, stop: true };
  if (rest[0] === 'c') return { text: '', end: text.length, stop: true };
  const simple = ESCAPES[rest[0] ?? ''];
  if (simple !== undefined && !(inArgument && (rest[0] === '"' || rest[0] === "'"))) return found(simple, 1);
  return found(`\\${rest[0] ?? ''}`, rest === '' ? 0 : 1);
}

/** The escapes of `echo -e` and %b. */
export function expandEscapes(text: string): { text: string; stop: boolean } {
  let out = '';
  let i = 0;
  while (i < text.length) {
    if (text[i] !== '\\') {
      out += text[i++];
      continue;
    }
    const escape = parseEscape(text, i, true);
    out += escape.text;
    i = escape.end;
    if (escape.stop) return { text: joinBytes(out), stop: true };
  }
  return { text: joinBytes(out), stop: false };
}

/** %q: so that the shell reads it back. */
export function quoteArgument(text: string): string {
  if (text === '') return "''";
  if (/[\0-\x1f\x7f]/.test(text)) {
    const names: Record<string, string> = {
      '\n': '\\n',
      '\t': '\\t',
      '\r': '\\r',
      '\x07': '\\a',
      '\b': '\\b',
      '\x1b': '\\E',
      '\f': '\\f',
      '\v': '\\v',
    };
    return `$'${text.replace(/[\\']/g, '\\$&').replace(/[\0-\x1f\x7f]/g, (c) => names[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)}'`;
  }
  return text.replace(/[^\p{L}\p{N}_@%+=:./-]/gu, '\\$&').replace(/^~|^#/, '\\$&');
}
