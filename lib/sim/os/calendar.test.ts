import { expect, test } from 'vitest';
import { civilTime, epochSeconds, strftime } from './calendar.ts';

test('agrees with the platform for days over four centuries', () => {
  for (
    let seconds = Date.UTC(1800, 0, 1) / 1000;
    seconds < Date.UTC(2200, 0, 1) / 1000;
    seconds += 86_400 * 11 + 3_723
  ) {
    const real = new Date(seconds * 1000);
    const ours = civilTime(seconds);
    expect([ours.year, ours.month, ours.day, ours.hour, ours.minute, ours.second, ours.weekday]).toEqual([
      real.getUTCFullYear(),
      real.getUTCMonth() + 1,
      real.getUTCDate(),
      real.getUTCHours(),
      real.getUTCMinutes(),
      real.getUTCSeconds(),
      real.getUTCDay(),
    ]);
    expect(epochSeconds(ours.year, ours.month, ours.day, ours.hour, ours.minute, ours.second)).toBe(seconds);
  }
});

test.each([
  ['%Y-%m-%dT%H:%M:%S.%N %a %b %e %j', '2026-01-05T03:04:05.678900000 Mon Jan  5 005'],
  ['%G-W%V-%u %U %W %y %C', '2026-W02-1 01 01 26 20'],
  ['%-d %_m %I %p %s %% %Q', '5  1 03 AM 1767582245 % %Q'],
])('date +%s as GNU date prints it', (format, expected) => {
  expect(strftime(format, 1767582245_678900)).toBe(expected);
});

test('the week of a year that begins in the last one', () => {
  expect(strftime('%G-W%V', epochSeconds(2027, 1, 1) * 1e6)).toBe('2026-W53');
});
