import { SECOND } from '../../base/index.ts';
import { epochSeconds } from '../../os/index.ts';

const UNITS: Readonly<Record<string, number>> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/** What `date -d` takes, as far as people use it: `@SECONDS`, ISO 8601, `now`, `yesterday`, `2 hours ago`. Microseconds. */
export function readDate(text: string, now: number): number | undefined {
  const trimmed = text.trim().toLowerCase();
  const stamp = /^@(-?\d+(\.\d+)?)$/.exec(trimmed);
  if (stamp !== null) return Math.round(Number(stamp[1]) * SECOND);
  const iso = /^(\d{4})-(\d\d?)-(\d\d?)(?:[t ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(?:z|utc)?$/.exec(trimmed);
  if (iso !== null) {
    const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = ''] = iso;
    if (
      Number(month) < 1 ||
      Number(month) > 12 ||
      Number(day) < 1 ||
      Number(day) > 31 ||
      Number(hour) > 24 ||
      Number(minute) > 59
    )
      return undefined;
    const seconds = epochSeconds(
      Number(year),
      Number(month),
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    return seconds * SECOND + Number(fraction.slice(0, 6).padEnd(6, '0'));
  }
  if (trimmed === '' || trimmed === 'now' || trimmed === 'today') return now;
  if (trimmed === 'yesterday') return now - 86_400 * SECOND;
  if (trimmed === 'tomorrow') return now + 86_400 * SECOND;
  const relative = /^([+-]?\d+)\s*([a-z]+?)s?(\s+ago)?$/.exec(trimmed);
  const unit = relative === null ? undefined : UNITS[relative[2] as string];
  if (relative === null || unit === undefined) return undefined;
  return now + Number(relative[1]) * unit * SECOND * (relative[3] === undefined ? 1 : -1);
}
