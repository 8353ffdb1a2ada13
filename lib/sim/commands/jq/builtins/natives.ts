import { BACKTRACK, type Machine, type Step } from '../run/machine.ts';
import { Raised, typeError, typeError2 } from '../values/error.ts';
import { type Json, kindOf } from '../values/json.ts';
import { deletePaths, getPath, hasKey, setPath } from '../values/paths.ts';
import { toJson } from '../values/print.ts';
import { contains, negate, OPERATORS } from './arithmetic.ts';
import { extreme, flatten, groupBy, keys, sort, sortBy } from './lists.ts';
import { mathematics } from './mathematics.ts';
import { matches } from './regex.ts';
import * as text from './text.ts';
import { gmtime, mktime, strftime, strptime } from './time.ts';

/** A function of its input and of the values of its arguments. */
type Native = (input: Json, args: readonly Json[]) => Json;

/** What the program may ask of the process around it. */
export type Host = {
  /** Seconds since the epoch. */
  now(): number;
  inputName(): Json;
  inputLine(): number;
  /** Steps that wait for input, write, or end the program; they take the input off the stack and leave the output. */
  readonly steps: Readonly<Record<string, (machine: Machine) => void>>;
};

const NATIVES: Readonly<Record<string, Native>> = {
  'tojson/0': toJson,
  'fromjson/0': text.fromJson,
  'tonumber/0': text.toNumber,
  'tostring/0': text.toText,
  'length/0': text.lengthOf,
  'type/0': kindOf,
  'keys/0': (input) => keys(input, true),
  'keys_unsorted/0': (input) => keys(input, false),
  'has/1': (input, [key = null]) => hasKey(input, key),
  'contains/1': (input, [other = null]) => {
    if (kindOf(input) === kindOf(other)) return contains(input, other);
    return typeError2(input, other, 'cannot have their containment checked');
  },
  'setpath/2': (input, [path = null, value = null]) => setPath(input, path, value),
  'delpaths/1': (input, [paths = null]) => deletePaths(input, paths),
  '_negate/1': (_, [value = null]) => negate(value),
  'sort/0': sort,
  '_sort_by_impl/1': (input, [by = null]) => sortBy(input, by),
  '_group_by_impl/1': (input, [by = null]) => groupBy(input, by),
  'min/0': (input) => extreme(input, input, true),
  'max/0': (input) => extreme(input, input, false),
  '_min_by_impl/1': (input, [by = null]) => extreme(input, by, true),
  '_max_by_impl/1': (input, [by = null]) => extreme(input, by, false),
  '_flatten/1': (input, [depth = null]) => flatten(input, depth),
  'split/1': (input, [separator = null]) => {
    if (typeof input === 'string' && typeof separator === 'string') return text.splitText(input, separator);
    throw new Raised('split input and separator must be strings');
  },
  'explode/0': text.explode,
  'implode/0': text.implode,
  '_strindices/1': (input, [wanted = null]) => text.textIndexes(input, wanted),
  'startswith/1': (input, [prefix = null]) => text.startsWith(input, prefix),
  'endswith/1': (input, [suffix = null]) => text.endsWith(input, suffix),
  'ltrimstr/1': (input, [prefix = null]) => text.trimStart(input, prefix),
  'rtrimstr/1': (input, [suffix = null]) => text.trimEnd(input, suffix),
  'utf8bytelength/0': (input) =>
    typeof input === 'string'
      ? new TextEncoder().encode(input).length
      : typeError(input, 'only strings have UTF-8 byte length'),
  'format/1': (input, [name = null]) => text.format(input, name),
  '_format/2': (_, [value = null, name = null]) => text.format(value, name),
  '_match_impl/3': (input, [regex = null, flags = null, testing]) => matches(input, regex, flags, testing === true),
  'isinfinite/0': (input) => Math.abs(number(input)) === Number.POSITIVE_INFINITY,
  'isnan/0': (input) => Number.isNaN(number(input)),
  'isnormal/0': (input) => Number.isFinite(number(input)) && Math.abs(number(input)) >= 2 ** -1022,
  'infinite/0': () => Number.POSITIVE_INFINITY,
  'nan/0': () => Number.NaN,
  'gmtime/0': gmtime,
  'localtime/0': gmtime,
  'mktime/0': mktime,
  'strptime/1': (input, [format = null]) => strptime(input, format),
  'strftime/1': (input, [format = null]) => strftime(input, format),
  'strflocaltime/1': (input, [format = null]) => strftime(input, format, 'strflocaltime/1'),
  'error/1': (_, [value = null]) => {
    // null is no message: it is as if there were no output.
    throw value === null ? BACKTRACK : new Raised(value);
  },
};

const number = (value: Json): number => (typeof value === 'number' ? value : typeError(value, 'number required'));

/** The step of the function `name` of so many arguments; undefined where it is none of these. */
export function nativeStep(name: string, arity: number, host: Host): Step | undefined {
  const key = `${name}/${arity}`;
  if (key === 'getpath/1') return getPathStep;
  const operator = arity === 2 ? OPERATORS[name] : undefined;
  if (operator !== undefined) return step(2, (_, [a = null, b = null]) => operator(a, b));
  if (key === 'now/0') return step(0, () => host.now());
  if (key === 'input_filename/0') return step(0, () => host.inputName());
  if (key === 'input_line_number/0') return step(0, () => host.inputLine());
  const native = NATIVES[key] ?? mathematics(name, arity);
  return native === undefined ? host.steps[key] : step(arity, native);
}

/** The input is on top, below it the first argument, and so on. */
const step =
  (arity: number, native: Native): Step =>
  (machine) => {
    const input = machine.pop();
    const args: Json[] = [];
    for (let i = 0; i < arity; i++) args.push(machine.pop());
    machine.push(native(input, args));
  };

/** The one among them that a path can go through. */
const getPathStep: Step = (machine) => {
  const input = machine.pop();
  const path = machine.pop();
  if (!machine.onPath(input)) throw new Raised('Invalid path expression with result getpath');
  const value = getPath(input, path);
  for (const key of path as readonly Json[]) machine.follow(key, value);
  machine.push(value);
};
