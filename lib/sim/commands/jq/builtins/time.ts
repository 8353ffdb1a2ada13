import { civilTime, epochSeconds, strftime as formatTime } from '../../../os/index.ts';
import { fail } from '../values/error.ts';
import { isArray, type Json, type JsonArray } from '../values/json.ts';

/** jq's broken down time: year, month from 0, day, hours, minutes, seconds, day of the week from Sunday, day of the year from 0. */
export function gmtime(value: Json): Json {
  if (typeof value !== 'number') return fail('gmtime() requires numeric inputs');
  const whole = Math.trunc(value);
  const time = civilTime(whole);
  const seconds = time.second + (value - Math.floor(value));
  return [time.year, time.month - 1, time.day, time.hour, time.minute, seconds, time.weekday, time.yearday - 1];
}

const isBrokenDown = (value: JsonArray, fields: number): value is number[] =>
  value.length >= fields && value.slice(0, 8).every((field) => typeof field === 'number');

function secondsOf([year = 0, month = 0, ...rest]: readonly number[]): number {
  const [day = 0, hour = 0, minute = 0, second = 0] = rest.map(Math.trunc);
  return epochSeconds(Math.trunc(year), Math.trunc(month) + 1, day, hour, minute, second);
}

export function mktime(value: Json): Json {
  if (!isArray(value)) return fail('mktime requires array inputs');
  if (value.length < 6 || !isBrokenDown(value, 8)) return fail('mktime requires parsed datetime inputs');
  return secondsOf(value);
}

export function strftime(value: Json, format: Json, name = 'strftime/1'): Json {
  const time = typeof value === 'number' ? (gmtime(value) as JsonArray) : value;
  if (!isArray(time)) return fail(`${name} requires parsed datetime inputs`);
  if (typeof format !== 'string') return fail(`${name} requires a string format`);
  if (!isBrokenDown(time, 8)) return fail(`${name} requires parsed datetime inputs`);
  const text = formatTime(format, secondsOf(time) * 1_000_000);
  return text === '' ? fail(`${name}: unknown system failure`) : text;
}

type Fields = { year: number; month: number; day: number; hour: number; minute: number; second: number };

const NAMES = {
  weekday: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
  month: 'january february march april may june july august september october november december'.split(' '),
};

/** strptime(3) for the directives of dates and times, then the days of the week and year reckoned from the date. */
export function strptime(value: Json, format: Json): Json {
  if (typeof value !== 'string' || typeof format !== 'string') {
    return fail('strptime/1 requires string inputs and arguments');
  }
  const reader = new Reader(value);
  if (!reader.read(format) || /^\S/.test(reader.rest)) {
    return fail(`date "${value}" does not match format "${format}"`);
  }
  const { year, month, day, hour, minute, second } = reader.fields;
  const time = civilTime(epochSeconds(year, month, day));
  const yearday = day === 0 && month === 1 ? -1 : time.yearday - 1;
  // Where the format has no date, jq leaves the marks by which it would see the two.
  const days = reader.dated ? [time.weekday, yearday] : [8, 367];
  const parsed: Json[] = [year, month - 1, day, hour, minute, second, ...days];
  if (reader.rest !== '') parsed.push(reader.rest);
  return parsed;
}

const COMPOSED: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  T: '%H:%M:%S',
  c: '%a %b %e %H:%M:%S %Y',
  r: '%I:%M:%S %p',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

class Reader {
  readonly fields: Fields = { year: 1900, month: 1, day: 0, hour: 0, minute: 0, second: 0 };
  /** A part of a date was read. */
  dated = false;
  #afternoon = false;

  constructor(public rest: string) {}

  read(format: string): boolean {
    for (const part of format.match(/%[EO]?.|\s+|[^%\s]/gs) ?? []) {
      if (/^\s/.test(part)) this.rest = this.rest.trimStart();
      else if (part.length > 1 ? !this.#directive(part.at(-1) as string) : !this.#literal(part)) return false;
    }
    return true;
  }

  #literal(character: string): boolean {
    if (!this.rest.startsWith(character)) return false;
    this.rest = this.rest.slice(character.length);
    return true;
  }

  #directive(letter: string): boolean {
    const composed = COMPOSED[letter];
    if (composed !== undefined) return this.read(composed);
    const field = DIRECTIVES[letter];
    this.dated ||= DATES.includes(letter);
    if (field !== undefined) return this.#number(...field);
    if ('aA'.includes(letter)) return this.#name(NAMES.weekday) !== undefined;
    if ('bBh'.includes(letter)) {
      const month = this.#name(NAMES.month);
      this.fields.month = (month ?? 0) + 1;
      return month !== undefined;
    }
    if (letter === 'p') return this.#half();
    if (letter === 'z') return this.#match(/^\s*(?:Z|[+-]\d\d(?::?\d\d)?)/) !== undefined;
    // A name of a time zone is let by.
    if (letter === 'Z') return this.#match(/^[A-Za-z]*/) !== undefined;
    if (letter === 's') return this.#epoch();
    if (letter === 'n' || letter === 't') return this.#match(/^\s*/) !== undefined;
    return letter === '%' && this.#literal('%');
  }

  #match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.rest)?.[0];
    if (found !== undefined) this.rest = this.rest.slice(found.length);
    return found;
  }

  #number(field: keyof Fields | undefined, digits: number, low: number, high: number): boolean {
    const found = this.#match(new RegExp(`^\\s*\\d{1,${digits}}`));
    const number = Number(found);
    if (found === undefined || number < low || number > high) return false;
    if (field === 'year' && digits === 2) this.fields.year = number + (number < 69 ? 2000 : 1900);
    else if (field === 'hour' && high === 12) this.fields.hour = (number % 12) + (this.#afternoon ? 12 : 0);
    else if (field !== undefined) this.fields[field] = number;
    return true;
  }

  #name(names: readonly string[]): number | undefined {
    const text = this.rest.toLowerCase();
    const index = names.findIndex((name) => text.startsWith(name.slice(0, 3)));
    if (index < 0) return undefined;
    const name = names[index] as string;
    this.rest = this.rest.slice(text.startsWith(name) ? name.length : 3);
    return index;
  }

  #half(): boolean {
    const found = this.#match(/^[AaPp][Mm]/);
    if (found === undefined) return false;
    this.#afternoon = found.toLowerCase() === 'pm';
    this.fields.hour = (this.fields.hour % 12) + (this.#afternoon ? 12 : 0);
    return true;
  }

  #epoch(): boolean {
    const found = this.#match(/^\d+/);
    if (found === undefined) return false;
    const { year, month, day, hour, minute, second } = civilTime(Number(found));
    Object.assign(this.fields, { year, month, day, hour, minute, second });
    return true;
  }
}

const DATES = 'bBhCdejmsyY';

const DIRECTIVES: Readonly<Record<string, readonly [keyof Fields | undefined, number, number, number]>> = {
  C: [undefined, 2, 0, 99],
  H: ['hour', 2, 0, 23],
  I: ['hour', 2, 1, 12],
  M: ['minute', 2, 0, 59],
  S: ['second', 2, 0, 61],
  U: [undefined, 2, 0, 53],
  W: [undefined, 2, 0, 53],
  Y: ['year', 4, 0, 9999],
  d: ['day', 2, 1, 31],
  e: ['day', 2, 1, 31],
  j: [undefined, 3, 1, 366],
  k: ['hour', 2, 0, 23],
  m: ['month', 2, 1, 12],
  u: [undefined, 1, 1, 7],
  w: [undefined, 1, 0, 6],
  y: ['year', 2, 0, 99],
};
