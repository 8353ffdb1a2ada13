/** A time in UTC, broken down as struct tm is (but with the whole year and months from 1). */
export type Civil = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 … 366 */
  readonly yearday: number;
};

const DAY = 86_400;

/** gmtime(3). The calendar arithmetic is Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms". */
export function civilTime(epochSeconds: number): Civil {
  const days = Math.floor(epochSeconds / DAY);
  const rest = Math.floor(epochSeconds - days * DAY);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
    hour: Math.floor(rest / 3600),
    minute: Math.floor((rest % 3600) / 60),
    second: rest % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearday: days - daysSinceEpoch(year, 1, 1) + 1,
  };
}

/** timegm(3): seconds since the epoch; fields out of range are carried over. */
export function epochSeconds(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const months = year * 12 + month - 1;
  const days = daysSinceEpoch(Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1) + day - 1;
  return days * DAY + hour * 3600 + minute * 60 + second;
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** strftime(3) in the C locale and UTC. `%N` (nanoseconds) and the flags `-`, `_`, `0` are date(1)'s. Unknown letters stay. */
export function strftime(format: string, epochMicros: number): string {
  const time = civilTime(Math.floor(epochMicros / 1_000_000));
  return format.replace(/%([-_0])?([a-zA-Z%])/g, (whole, flag: string | undefined, letter: string) => {
    const value = expand(letter, time, epochMicros);
    if (value === undefined) return whole;
    if (flag === '-') return value.replace(/^[0 ]+(?=\d)/, '');
    if (flag === '_') return value.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length));
    return flag === '0' ? value.replace(/^ +/, (blanks) => '0'.repeat(blanks.length)) : value;
  });
}

const two = (value: number) => String(value).padStart(2, '0');

function expand(letter: string, time: Civil, micros: number): string | undefined {
  const simple = fields(time, micros)[letter];
  if (simple !== undefined) return simple;
  const composed = COMPOSED[letter];
  return composed === undefined
    ? undefined
    : composed.replace(/%(.)/g, (_, inner: string) => expand(inner, time, micros) ?? '');
}

const COMPOSED: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  h: '%b',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

function fields(time: Civil, micros: number): Readonly<Record<string, string>> {
  const hour12 = time.hour % 12 === 0 ? 12 : time.hour % 12;
  const weekday = WEEKDAYS[time.weekday] as string;
  const month = MONTHS[time.month - 1] as string;
  return {
    '%': '%',
    n: '\n',
    t: '\t',
    a: weekday.slice(0, 3),
    A: weekday,
    b: month.slice(0, 3),
    B: month,
    C: two(Math.floor(time.year / 100)),
    d: two(time.day),
    e: String(time.day).padStart(2),
    g: two(isoWeek(time).year % 100),
    G: String(isoWeek(time).year),
    H: two(time.hour),
    I: two(hour12),
    j: String(time.yearday).padStart(3, '0'),
    k: String(time.hour).padStart(2),
    l: String(hour12).padStart(2),
    m: two(time.month),
    M: two(time.minute),
    N: `${String(((micros % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0')}000`,
    p: time.hour < 12 ? 'AM' : 'PM',
    P: time.hour < 12 ? 'am' : 'pm',
    s: String(Math.floor(micros / 1_000_000)),
    S: two(time.second),
    u: String(time.weekday === 0 ? 7 : time.weekday),
    w: String(time.weekday),
    U: two(Math.floor((time.yearday + 6 - time.weekday) / 7)),
    W: two(Math.floor((time.yearday + 6 - ((time.weekday + 6) % 7)) / 7)),
    V: two(isoWeek(time).week),
    y: two(time.year % 100),
    Y: String(time.year),
    z: '+0000',
    Z: 'UTC',
  };
}

/** ISO 8601: weeks begin on Monday, week 1 holds the year's first Thursday. */
function isoWeek(time: Civil): { year: number; week: number } {
  const thursday = civilTime(
    (daysSinceEpoch(time.year, time.month, time.day) + 4 - (time.weekday === 0 ? 7 : time.weekday)) * DAY,
  );
  return { year: thursday.year, week: Math.floor((thursday.yearday - 1) / 7) + 1 };
}
