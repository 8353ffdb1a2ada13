import { type Errno, fail, ok, type Result } from '../../base/index.ts';
import type { Spec } from './spec.ts';

/** The value as /proc/sys shows it, without the newline. */
export function formatValue(value: number | readonly number[] | string): string {
  return typeof value === 'object' ? value.join('\t') : String(value);
}

/** What a write to /proc/sys sets (proc_dointvec, proc_dointvec_minmax, proc_dostring); undefined leaves it as it was. */
export function parseValue(spec: Spec, text: string): Result<number | readonly number[] | string | undefined> {
  if (spec.kind === 'text') return ok(text.replace(/\n.*$/s, ''));
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  // Nothing was written, or nothing but blanks (proc_get_long).
  if (words.length === 0) return text === '' ? ok(undefined) : fail('EINVAL');
  const numbers: number[] = [];
  for (const word of words.slice(0, spec.kind === 'int' ? 1 : spec.value.length)) {
    const number = parseNumber(word);
    if (number === undefined) return fail('EINVAL');
    numbers.push(number);
  }
  if (spec.kind === 'ints') return ok(spec.value.map((old, i) => numbers[i] ?? old));
  const value = numbers[0] as number;
  return value < spec.min || value > spec.max ? fail('EINVAL') : ok(value);
}

/** strtoul with base 0 and a sign: decimal, 0x…, 0…. */
function parseNumber(word: string): number | undefined {
  const match = /^(-?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.exec(word);
  if (match === null) return undefined;
  const digits = match[2] as string;
  const magnitude = /^0x/i.test(digits)
    ? Number.parseInt(digits, 16)
    : digits.startsWith('0') && digits.length > 1
      ? Number.parseInt(digits, 8)
      : Number(digits);
  const value = match[1] === '-' ? -magnitude : magnitude;
  return Math.abs(value) > 2 ** 32 ? undefined : value;
}

/** What a key does not take although it is of the right form; undefined: it takes it. */
export function refusal(path: string, value: number | readonly number[] | string): Errno | undefined {
  if (path === 'net/ipv4/ip_local_port_range' && typeof value === 'object') {
    const [low = 0, high = 0] = value;
    return low < 1 || high > 65535 || low > high ? 'EINVAL' : undefined;
  }
  if (path === 'net/ipv4/tcp_congestion_control') return value === 'cubic' || value === 'reno' ? undefined : 'ENOENT';
  return undefined;
}
