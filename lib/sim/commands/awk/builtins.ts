import { Random } from '../../base/index.ts';
import { epochSeconds, type RegexMatch, strftime, type Wait } from '../../os/index.ts';
import { AwkError, type Builtin, type Expression, type Lvalue } from './ast.ts';
import type { Interpreter } from './interpreter.ts';
import { splitText } from './split.ts';
import { Field, toNumber, type Value } from './value.ts';

/** How many arguments each takes. */
const ARITY: Readonly<Record<Builtin, readonly [number, number]>> = {
  length: [0, 1],
  substr: [2, 3],
  index: [2, 2],
  split: [2, 3],
  sub: [2, 3],
  gsub: [2, 3],
  match: [2, 2],
  sprintf: [1, 255],
  sin: [1, 1],
  cos: [1, 1],
  atan2: [2, 2],
  exp: [1, 1],
  log: [1, 1],
  sqrt: [1, 1],
  int: [1, 1],
  rand: [0, 0],
  srand: [0, 1],
  tolower: [1, 1],
  toupper: [1, 1],
  system: [1, 1],
  close: [1, 1],
  fflush: [0, 1],
  systime: [0, 0],
  strftime: [0, 3],
  mktime: [1, 1],
};

const MATHS: Partial<Record<Builtin, (x: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  int: Math.trunc,
};

export function* callBuiltin(
  awk: Interpreter,
  name: Builtin,
  args: readonly Expression[],
): Generator<Wait, Value, void> {
  const [least, most] = ARITY[name];
  if (args.length < least || args.length > most)
    throw new AwkError(`line 1: wrong number of arguments in call to ${name}`);
  const value = (i: number) => awk.evaluate(args[i] as Expression);
  const text = function* (i: number): Generator<Wait, string, void> {
    return awk.toText(yield* value(i));
  };
  const maths = MATHS[name];
  if (maths !== undefined) return maths(toNumber(yield* value(0)));
  switch (name) {
    case 'length':
      return yield* lengthOf(awk, args[0]);
    case 'substr':
      return substr(
        yield* text(0),
        toNumber(yield* value(1)),
        args[2] === undefined ? Number.POSITIVE_INFINITY : toNumber(yield* value(2)),
      );
    case 'index':
      return (yield* text(0)).indexOf(yield* text(1)) + 1;
    case 'split':
      return yield* split(awk, args);
    case 'sub':
    case 'gsub':
      return yield* substitute(awk, args, name === 'gsub');
    case 'match': {
      const subject = yield* text(0);
      const match = (yield* awk.pattern(args[1] as Expression)).exec(subject);
      awk.setGlobal('RSTART', match === undefined ? 0 : match.start + 1);
      awk.setGlobal('RLENGTH', match === undefined ? -1 : match.end - match.start);
      return match === undefined ? 0 : match.start + 1;
    }
    case 'sprintf': {
      const { text: out, missing, format } = yield* awk.format(args);
      if (missing) throw awk.tooFewArguments('sprintf', format);
      return out;
    }
    case 'atan2':
      return Math.atan2(toNumber(yield* value(0)), toNumber(yield* value(1)));
    case 'rand':
      return randomOf(awk).float();
    case 'srand': {
      const before = awk.seed;
      awk.seed = args[0] === undefined ? seconds(awk) : toNumber(yield* value(0));
      generators.set(awk, new Random(`awk ${awk.seed}`));
      return before;
    }
    case 'tolower':
      return (yield* text(0)).replace(/[A-Z]+/g, (c) => c.toLowerCase());
    case 'toupper':
      return (yield* text(0)).replace(/[a-z]+/g, (c) => c.toUpperCase());
    case 'system':
      return yield* awk.streams.system(yield* text(0));
    case 'close':
      return yield* awk.streams.close(yield* text(0));
    case 'fflush':
      return 0;
    case 'systime':
      return seconds(awk);
    case 'strftime':
      return strftime(
        args[0] === undefined ? '%c' : yield* text(0),
        (args[1] === undefined ? seconds(awk) : toNumber(yield* value(1))) * 1_000_000,
      );
    case 'mktime': {
      const [year, month, day, hour, minute, second] = (yield* text(0)).split(' ').map(Number);
      if (year === undefined || month === undefined || day === undefined) return -1;
      return epochSeconds(year, month, day, hour, minute, second);
    }
  }
  throw new AwkError(`${name}: not simulated here`);
}

const generators = new WeakMap<Interpreter, Random>();

function randomOf(awk: Interpreter): Random {
  let random = generators.get(awk);
  if (random === undefined) {
    random = awk.process.machine.random.fork('awk');
    generators.set(awk, random);
  }
  return random;
}

const seconds = (awk: Interpreter) =>
  Math.floor((awk.process.machine.epoch + awk.process.machine.events.now) / 1_000_000);

function* lengthOf(awk: Interpreter, arg: Expression | undefined): Generator<Wait, number, void> {
  if (arg === undefined) return awk.record.whole().length;
  if (arg.kind === 'name' && awk.isArray(arg.name)) return awk.array(arg.name).size;
  return awk.toText(yield* awk.evaluate(arg)).length;
}

/**
 * Characters numbered from 1. mawk 1.3.4 cuts fractions off, and where the start lies before 1 it makes the length longer
 * by that much instead of shorter: substr("hello", -1, 3) is "hell" there.
 */
function substr(text: string, start: number, length: number): string {
  const first = Math.trunc(start);
  const count = Math.trunc(length) - Math.min(0, first);
  const from = Math.max(1, first) - 1;
  return count > 0 ? text.slice(from, from + count) : '';
}

function* split(awk: Interpreter, args: readonly Expression[]): Generator<Wait, number, void> {
  const [subject, target, separator] = args;
  if (target?.kind !== 'name') throw new AwkError('line 1: type error in arg(2) in call to split');
  const text = awk.toText(yield* awk.evaluate(subject as Expression));
  const by =
    separator === undefined
      ? awk.text('FS')
      : separator.kind === 'regex'
        ? separator.source
        : awk.toText(yield* awk.evaluate(separator));
  const pieces = splitText(awk, text, by);
  const array = awk.array(target.name);
  array.clear();
  pieces.forEach((piece, i) => array.set(String(i + 1), new Field(piece)));
  return pieces.length;
}

function* substitute(awk: Interpreter, args: readonly Expression[], all: boolean): Generator<Wait, number, void> {
  const regex = yield* awk.pattern(args[0] as Expression);
  const replacement = awk.toText(yield* awk.evaluate(args[1] as Expression));
  const target = (args[2] ?? { kind: 'field', index: { kind: 'number', value: 0 } }) as Expression;
  const text = awk.toText(yield* awk.evaluate(target));
  let out = '';
  let at = 0;
  let count = 0;
  for (let from = 0, previousEnd = -1; from <= text.length; ) {
    const match = regex.exec(text, from, { notLineStart: from > 0 });
    if (match === undefined) break;
    const empty = match.end === match.start;
    if (!(empty && match.start === previousEnd)) {
      out += text.slice(at, match.start) + withMatch(replacement, text, match);
      at = match.end;
      count++;
      if (!all) break;
    }
    previousEnd = match.end;
    from = empty ? match.end + 1 : match.end;
  }
  if (count > 0) {
    if (!('index' in target) && target.kind !== 'name' && target.kind !== 'element')
      throw new AwkError('line 1: type error in arg(3) in call to sub');
    yield* awk.assign(target as Lvalue, out + text.slice(at));
  }
  return count;
}

/** `&` is what matched, `\&` an ampersand. */
function withMatch(replacement: string, text: string, match: RegexMatch): string {
  return replacement.replace(/\\\\|\\&|&/g, (sign) =>
    sign === '&' ? text.slice(match.start, match.end) : sign.slice(1),
  );
}
