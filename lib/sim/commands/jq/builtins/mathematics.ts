import { typeError } from '../values/error.ts';
import type { Json } from '../values/json.ts';

/** The functions of C's mathematical library that jq hands on. Bessel, gamma and error functions are not among them. */
const ONE: Readonly<Record<string, (x: number) => number>> = {
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  exp10: (x) => 10 ** x,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  fabs: Math.abs,
  floor: Math.floor,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  logb: (x) => Math.floor(Math.log2(Math.abs(x))),
  nearbyint: roundToEven,
  pow10: (x) => 10 ** x,
  rint: roundToEven,
  round: (x) => Math.sign(x) * Math.round(Math.abs(x)),
  significand: (x) => (x === 0 || !Number.isFinite(x) ? x : x / 2 ** Math.floor(Math.log2(Math.abs(x)))),
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
};

/** A number taken apart: fraction and exponent of 2, fraction and whole. */
const PARTS: Readonly<Record<string, (x: number) => Json>> = {
  frexp: (x) => {
    if (x === 0 || !Number.isFinite(x)) return [x, 0];
    const exponent = Math.floor(Math.log2(Math.abs(x))) + 1;
    return [x / 2 ** exponent, exponent];
  },
  modf: (x) => [x - Math.trunc(x), Math.trunc(x)],
};

const TWO: Readonly<Record<string, (x: number, y: number) => number>> = {
  atan2: Math.atan2,
  copysign: (x, y) => Math.abs(x) * (y < 0 || Object.is(y, -0) ? -1 : 1),
  fdim: (x, y) => Math.max(x - y, 0),
  fmax: Math.max,
  fmin: Math.min,
  fmod: (x, y) => x % y,
  hypot: Math.hypot,
  ldexp: (x, y) => x * 2 ** y,
  pow: (x, y) => x ** y,
  scalb: (x, y) => x * 2 ** y,
  scalbln: (x, y) => x * 2 ** y,
};

function roundToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** What jq has and is not here. */
export const MISSING: ReadonlySet<string> = new Set([
  ...'gamma lgamma tgamma lgamma_r j0 j1 y0 y1 erf erfc'.split(' ').map((name) => `${name}/0`),
  ...'jn yn nextafter nexttoward drem remainder'.split(' ').map((name) => `${name}/2`),
  ...'builtins get_search_list get_prog_origin get_jq_origin modulemeta'.split(' ').map((name) => `${name}/0`),
  'fma/3',
]);

const number = (value: Json): number => (typeof value === 'number' ? value : typeError(value, 'number required'));

/** The function `name` of so many arguments, applied to the input or to its arguments; undefined where there is none. */
export function mathematics(name: string, arity: number): ((input: Json, args: readonly Json[]) => Json) | undefined {
  const one = arity === 0 ? (ONE[name] ?? PARTS[name]) : undefined;
  if (one !== undefined) return (input) => one(number(input));
  const two = arity === 2 ? TWO[name] : undefined;
  if (two !== undefined) return (_, [x = null, y = null]) => two(number(x), number(y));
  return undefined;
}
