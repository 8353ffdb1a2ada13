const UNITS = ['', 'K', 'M', 'G', 'T', 'P'];

/** `ls -h`: powers of 1024, rounded up, with one digit behind the point below ten. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < UNITS.length - 1) {
    value /= 1_024;
    unit++;
  }
  if (unit === 0) return String(bytes);
  const tenths = Math.ceil(value * 10) / 10;
  return tenths < 10 ? `${tenths.toFixed(1)}${UNITS[unit]}` : `${Math.ceil(value)}${UNITS[unit]}`;
}
