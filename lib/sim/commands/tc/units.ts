/** Numbers with units as tc reads and writes them (lib/utils_math.c, tc_util.c). undefined: not understood. */

const RATE_UNITS: Readonly<Record<string, number>> = {
  bit: 1,
  kibit: 1024,
  kbit: 1000,
  mibit: 1024 ** 2,
  mbit: 1e6,
  gibit: 1024 ** 3,
  gbit: 1e9,
  tibit: 1024 ** 4,
  tbit: 1e12,
  bps: 8,
  kibps: 8 * 1024,
  kbps: 8e3,
  mibps: 8 * 1024 ** 2,
  mbps: 8e6,
  gibps: 8 * 1024 ** 3,
  gbps: 8e9,
  tibps: 8 * 1024 ** 4,
  tbps: 8e12,
};

/** Bytes a second; without a unit the number is bits. */
export function parseRate(text: string): number | undefined {
  const parsed = numberAndUnit(text);
  const scale = parsed === undefined ? undefined : parsed.unit === '' ? 1 : RATE_UNITS[parsed.unit];
  return parsed === undefined || scale === undefined ? undefined : Math.floor((parsed.value * scale) / 8);
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  kbit: 128,
  mbit: 1024 ** 2 / 8,
  gbit: 1024 ** 3 / 8,
};

/** Bytes. */
export function parseSize(text: string): number | undefined {
  const parsed = numberAndUnit(text);
  const scale = parsed === undefined ? undefined : SIZE_UNITS[parsed.unit];
  if (parsed === undefined || scale === undefined) return undefined;
  const size = Math.floor(parsed.value * scale);
  return size <= 0xffff_ffff ? size : undefined;
}

/** A size, and behind a slash the cell of the rate table, which changes nothing here. */
export const parseSizeAndCell = (text: string): number | undefined => parseSize(text.replace(/\/\d+$/, ''));

const TIME_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  us: 1,
  usec: 1,
  usecs: 1,
  ms: 1000,
  msec: 1000,
  msecs: 1000,
  s: 1e6,
  sec: 1e6,
  secs: 1e6,
};

/** Microseconds. */
export function parseTime(text: string): number | undefined {
  const parsed = numberAndUnit(text);
  const scale = parsed === undefined ? undefined : TIME_UNITS[parsed.unit];
  return parsed === undefined || scale === undefined ? undefined : Math.floor(parsed.value * scale);
}

/** `25%` as 0.25. */
export function parsePercent(text: string): number | undefined {
  const parsed = numberAndUnit(text);
  if (parsed === undefined || (parsed.unit !== '%' && parsed.unit !== '')) return undefined;
  return parsed.value >= 0 && parsed.value <= 100 ? parsed.value / 100 : undefined;
}

function numberAndUnit(text: string): { value: number; unit: string } | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(.*)$/i.exec(text);
  return match === null ? undefined : { value: Number(match[1]), unit: (match[2] ?? '').toLowerCase() };
}

/** `10Mbit`: the largest unit that loses nothing, or that leaves fewer than a thousand thousands. */
export function showRate(bytes: number): string {
  let rate = bytes * 8;
  const units = ['', 'K', 'M', 'G', 'T'];
  let unit = 0;
  for (; unit < units.length - 1; unit++) {
    if (rate < 1000 || (rate % 1000 !== 0 && rate < 1_000_000)) break;
    rate = Math.floor(rate / 1000);
  }
  return `${rate}${units[unit]}bit`;
}

export function showSize(size: number): string {
  const bytes = Math.trunc(size);
  const near = (unit: number, tolerance: number): boolean =>
    bytes >= unit && Math.abs(unit * Math.round(bytes / unit) - bytes) < tolerance;
  if (near(1024 * 1024, 1024)) return `${Math.round(bytes / (1024 * 1024))}Mb`;
  if (near(1024, 16)) return `${Math.round(bytes / 1024)}Kb`;
  return `${bytes}b`;
}

export function showTime(micros: number): string {
  if (micros >= 1_000_000) return `${general(micros / 1_000_000)}s`;
  if (micros >= 1000) return `${general(micros / 1000)}ms`;
  return `${Math.trunc(micros)}us`;
}

/** printf's %.3g */
const general = (value: number): string => String(Number(value.toPrecision(3)));

/** printf's %g of a percentage. */
export const showPercent = (part: number): string => `${Number((part * 100).toPrecision(6))}%`;

/** The kernel keeps a size as the time that it takes at a rate, in ticks of 64 ns, and tc reads whole microseconds. */
export const xmitTime = (rate: number, bytes: number): number =>
  Math.floor(Math.floor((bytes * 1e9) / rate / 64) * 0.064);
/** A size as it comes back from there. */
export const xmitSize = (rate: number, bytes: number): number => Math.trunc((rate * xmitTime(rate, bytes)) / 1e6);

/** `1:10`, `1:`, `ffff:`, `root`; numbers are hexadecimal (get_tc_classid). */
export function parseClassId(text: string): number | undefined {
  if (text === 'root') return 0xffff_ffff;
  if (text === 'none') return 0;
  const match = /^([0-9a-f]*):([0-9a-f]*)$/i.exec(text);
  if (match === null) return /^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined;
  const [major, minor] = [hex(match[1]), hex(match[2])];
  return major > 0xffff || minor > 0xffff ? undefined : major * 65536 + minor;
}

/** The number in front of the colon (get_qdisc_handle). */
export function parseHandle(text: string): number | undefined {
  if (text === 'none') return 0;
  const match = /^([0-9a-f]+)(:.*)?$/i.exec(text);
  const major = match === null ? undefined : hex(match[1]);
  return major === undefined || major > 0xffff ? undefined : major * 65536;
}

const hex = (text: string | undefined): number => (text === undefined || text === '' ? 0 : Number.parseInt(text, 16));

export function showClassId(id: number): string {
  if (id === 0xffff_ffff) return 'root';
  if (id === 0) return 'none';
  const [major, minor] = [id >>> 16, id & 0xffff];
  if (major === 0) return `:${minor.toString(16)}`;
  return `${major.toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}
