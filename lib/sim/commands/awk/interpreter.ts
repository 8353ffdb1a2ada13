import { strerror } from '../../base/index.ts';
import { call, type Process, Regex, RegexError, type Wait } from '../../os/index.ts';
import { closeInput, openInput } from '../lines.ts';
import { AwkArray } from './array.ts';
import {
  AwkError,
  type Binary,
  type Expression,
  type Lvalue,
  type Program,
  type Redirect,
  type Rule,
  type Statement,
} from './ast.ts';
import { callBuiltin } from './builtins.ts';
import { Record } from './record.ts';
import { RecordReader } from './records.ts';
import { Streams } from './streams.ts';
import { compare, Field, formatText, isTrue, numberText, toNumber, toText, type Value } from './value.ts';

/** A variable: a scalar, or an array once it is used as one. `origin` is the caller's variable behind a parameter. */
export type Cell = { value: Value; array: AwkArray | undefined; readonly origin?: Cell | undefined };

type Flow = 'normal' | 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | 'return';

const MAX_CALLS = 1000;
const SUBSEP = '\x1c';

export class Interpreter {
  readonly streams: Streams;
  readonly record: Record;
  readonly globals = new Map<string, Cell>();
  /** Seed of srand() and the state of rand(). */
  seed = 0;
  #locals: Map<string, Cell> | undefined;
  #returned: Value;
  #exitStatus = 0;
  #calls = 0;
  #steps = 0;
  #inRange = new Set<Rule>();
  #main: RecordReader | undefined;
  #nextArgument = 1;
  #sawFile = false;
  readonly #regexes = new Map<string, Regex>();

  constructor(
    readonly process: Process,
    private readonly program: Program,
  ) {
    this.streams = new Streams(process);
    this.record = new Record(this);
    const defaults: [string, Value][] = [
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['SUBSEP', SUBSEP],
      ['CONVFMT', '%.6g'],
      ['OFMT', '%.6g'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['FILENAME', ''],
    ];
    for (const [name, value] of defaults) this.setGlobal(name, value);
    for (const [name, value] of process.env) this.array('ENVIRON').set(name, new Field(value));
  }

  /** Runs the program over ARGV; its exit status. */
  *run(args: readonly string[]): Generator<Wait, number, void> {
    ['awk', ...args].forEach((arg, i) => this.array('ARGV').set(String(i), new Field(arg)));
    this.setGlobal('ARGC', args.length + 1);
    try {
      let flow = yield* this.#all(this.program.begin);
      if (flow !== 'exit' && (this.program.rules.length > 0 || this.program.end.length > 0))
        flow = yield* this.#records();
      yield* this.#all(this.program.end);
      return this.#exitStatus;
    } finally {
      this.#closeMain();
    }
  }

  *#records(): Generator<Wait, Flow, void> {
    while (yield* this.nextRecord()) {
      for (const rule of this.program.rules) {
        if (!(yield* this.#selected(rule))) continue;
        const flow = rule.body === undefined ? yield* this.#print([], undefined) : yield* this.#execute(rule.body);
        if (flow === 'exit') return flow;
        if (flow === 'nextfile') this.#closeMain();
        if (flow === 'next' || flow === 'nextfile') break;
      }
    }
    return 'normal';
  }

  *#selected(rule: Rule): Generator<Wait, boolean, void> {
    const { pattern } = rule;
    if (pattern.kind === 'always') return true;
    if (pattern.kind === 'when') return isTrue(yield* this.evaluate(pattern.condition));
    if (!this.#inRange.has(rule) && !isTrue(yield* this.evaluate(pattern.from))) return false;
    if (isTrue(yield* this.evaluate(pattern.to))) this.#inRange.delete(rule);
    else this.#inRange.add(rule);
    return true;
  }

  // Input

  /** Reads the next record of the main input into $0; false at its end. */
  *nextRecord(into?: (text: string) => void): Generator<Wait, boolean, void> {
    for (;;) {
      if (this.#main === undefined && !(yield* this.#openNext())) return false;
      const text = yield* (this.#main as RecordReader).next(this.text('RS'));
      if (text === undefined) {
        this.#closeMain();
        continue;
      }
      this.setGlobal('NR', toNumber(this.global('NR')) + 1);
      this.setGlobal('FNR', toNumber(this.global('FNR')) + 1);
      if (into === undefined) this.record.setWhole(text);
      else into(text);
      return true;
    }
  }

  // biome-ignore lint/correctness/useYield: called with yield* like all that may open a file
  *#openNext(): Generator<Wait, boolean, void> {
    while (this.#nextArgument < toNumber(this.global('ARGC'))) {
      const operand = this.toText(this.array('ARGV').get(String(this.#nextArgument++)));
      if (operand === '') continue;
      const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(operand);
      if (assignment !== null) {
        this.setGlobal(assignment[1] as string, new Field(assignment[2] as string));
        continue;
      }
      const fd = openInput(this.process, operand);
      if (!fd.ok) throw new AwkError(`cannot open ${operand} (${strerror(fd.error.errno)})`);
      return this.#start(operand, fd.value);
    }
    return this.#sawFile ? false : this.#start('', 0);
  }

  #start(name: string, fd: number): boolean {
    this.#sawFile = true;
    this.#main = new RecordReader(this.process, fd);
    this.setGlobal('FILENAME', name);
    this.setGlobal('FNR', 0);
    return true;
  }

  #closeMain(): void {
    if (this.#main !== undefined) closeInput(this.process, this.#main.fd);
    this.#main = undefined;
  }

  // Variables

  #cell(name: string): Cell {
    const local = this.#locals?.get(name);
    if (local !== undefined) return local;
    let cell = this.globals.get(name);
    if (cell === undefined) {
      cell = { value: undefined, array: undefined };
      this.globals.set(name, cell);
    }
    return cell;
  }

  global(name: string): Value {
    return this.globals.get(name)?.value;
  }

  setGlobal(name: string, value: Value): void {
    const cell = this.globals.get(name);
    if (cell === undefined) this.globals.set(name, { value, array: undefined });
    else cell.value = value;
    if (name === 'NF') this.record?.setCount(toNumber(value));
  }

  text(name: string): string {
    return this.toText(this.global(name));
  }

  toText(value: Value): string {
    return toText(value, typeof value === 'number' ? toText(this.global('CONVFMT'), '%.6g') : '');
  }

  isArray(name: string): boolean {
    return this.#cell(name).array !== undefined;
  }

  array(name: string): AwkArray {
    return arrayOf(this.#cell(name), name);
  }

  regex(source: string): Regex {
    let regex = this.#regexes.get(source);
    if (regex === undefined) {
      try {
        regex = new Regex(source, 'extended');
      } catch (error) {
        if (error instanceof RegexError)
          throw new AwkError(`regular expression compile failed (${error.message})\n${source}`);
        throw error;
      }
      this.#regexes.set(source, regex);
    }
    return regex;
  }

  /** The expression behind an operand of `~`, split() or sub(): a literal, or a value read as one. */
  *pattern(expression: Expression): Generator<Wait, Regex, void> {
    if (expression.kind === 'regex') return this.regex(expression.source);
    return this.regex(this.toText(yield* this.evaluate(expression)));
  }

  // Statements

  *#all(statements: readonly Statement[]): Generator<Wait, Flow, void> {
    for (const statement of statements) {
      const flow = yield* this.#execute(statement);
      if (flow !== 'normal') return flow;
    }
    return 'normal';
  }

  *#tick(): Generator<Wait, void, void> {
    if (++this.#steps % 300 === 0) yield {};
  }

  *#execute(statement: Statement): Generator<Wait, Flow, void> {
    yield* this.#tick();
    switch (statement.kind) {
      case 'block':
        return yield* this.#all(statement.body);
      case 'expression':
        yield* this.evaluate(statement.value);
        return 'normal';
      case 'print':
        return yield* this.#print(statement.values, statement.redirect);
      case 'printf':
        return yield* this.#printf(statement.values, statement.redirect);
      case 'if':
        if (isTrue(yield* this.evaluate(statement.condition))) return yield* this.#execute(statement.then);
        return statement.otherwise === undefined ? 'normal' : yield* this.#execute(statement.otherwise);
      case 'while':
        return yield* this.#loop(undefined, statement.condition, statement.body, undefined);
      case 'do':
        return yield* this.#doLoop(statement.body, statement.condition);
      case 'for':
        return yield* this.#loop(statement.start, statement.condition, statement.body, statement.step);
      case 'for-in':
        return yield* this.#forIn(statement.name, statement.array, statement.body);
      case 'delete':
        if (statement.subscript === undefined) this.array(statement.array).clear();
        else this.array(statement.array).delete(yield* this.subscript(statement.subscript));
        return 'normal';
      case 'exit':
        if (statement.value !== undefined) this.#exitStatus = toNumber(yield* this.evaluate(statement.value)) & 255;
        return 'exit';
      case 'return':
        this.#returned = statement.value === undefined ? undefined : yield* this.evaluate(statement.value);
        return 'return';
      default:
        return statement.kind;
    }
  }

  *#loop(
    start: Statement | undefined,
    condition: Expression | undefined,
    body: Statement,
    step: Statement | undefined,
  ): Generator<Wait, Flow, void> {
    if (start !== undefined) yield* this.#execute(start);
    while (condition === undefined || isTrue(yield* this.evaluate(condition))) {
      const flow = yield* this.#execute(body);
      if (flow === 'break') break;
      if (flow !== 'normal' && flow !== 'continue') return flow;
      if (step !== undefined) yield* this.#execute(step);
    }
    return 'normal';
  }

  *#doLoop(body: Statement, condition: Expression): Generator<Wait, Flow, void> {
    do {
      const flow = yield* this.#execute(body);
      if (flow === 'break') break;
      if (flow !== 'normal' && flow !== 'continue') return flow;
    } while (isTrue(yield* this.evaluate(condition)));
    return 'normal';
  }

  *#forIn(name: string, array: string, body: Statement): Generator<Wait, Flow, void> {
    for (const key of this.array(array).keys()) {
      yield* this.assign({ kind: 'name', name }, new Field(key));
      const flow = yield* this.#execute(body);
      if (flow === 'break') break;
      if (flow !== 'normal' && flow !== 'continue') return flow;
    }
    return 'normal';
  }

  *#print(values: readonly Expression[], redirect: Redirect | undefined): Generator<Wait, Flow, void> {
    const texts: string[] = [];
    for (const value of values) {
      const result = yield* this.evaluate(value);
      texts.push(typeof result === 'number' ? numberText(result, this.text('OFMT')) : this.toText(result));
    }
    const line = values.length === 0 ? this.record.whole() : texts.join(this.text('OFS'));
    yield* this.#emit(line + this.text('ORS'), redirect);
    return 'normal';
  }

  *#printf(values: readonly Expression[], redirect: Redirect | undefined): Generator<Wait, Flow, void> {
    const { text, missing, format } = yield* this.format(values);
    if (missing) {
      const error = this.tooFewArguments('printf', format);
      if (redirect === undefined) error.unwritten = text;
      throw error;
    }
    yield* this.#emit(text, redirect);
    return 'normal';
  }

  *format(values: readonly Expression[]): Generator<Wait, { text: string; missing: boolean; format: string }, void> {
    const [head, ...rest] = values as [Expression, ...Expression[]];
    const format = this.toText(yield* this.evaluate(head));
    const arguments_: Value[] = [];
    for (const value of rest) arguments_.push(yield* this.evaluate(value));
    return { ...formatText(format, arguments_, this.text('CONVFMT')), format };
  }

  tooFewArguments(name: string, format: string): AwkError {
    const where = `FILENAME="${this.text('FILENAME')}" FNR=${this.text('FNR')} NR=${this.text('NR')}`;
    return new AwkError(`run time error: not enough arguments passed to ${name}("${format}")\n\t${where}`);
  }

  *#emit(text: string, redirect: Redirect | undefined): Generator<Wait, void, void> {
    const fd =
      redirect === undefined
        ? 1
        : yield* this.streams.output(redirect.kind, this.toText(yield* this.evaluate(redirect.target)));
    yield* this.streams.write(fd, text);
  }

  // Expressions

  *evaluate(expression: Expression): Generator<Wait, Value, void> {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'regex':
        return this.regex(expression.source).test(this.record.whole()) ? 1 : 0;
      case 'name':
        return this.#name(expression.name);
      case 'field':
        return this.record.field(toNumber(yield* this.evaluate(expression.index)));
      case 'element':
        return this.array(expression.array).get(yield* this.subscript(expression.subscript));
      case 'assign':
        return yield* this.#assignment(expression);
      case 'binary':
        return this.#binary(
          expression.op,
          yield* this.evaluate(expression.left),
          yield* this.evaluate(expression.right),
        );
      case 'logical': {
        const left = isTrue(yield* this.evaluate(expression.left));
        if (left === (expression.op === '||')) return left ? 1 : 0;
        return isTrue(yield* this.evaluate(expression.right)) ? 1 : 0;
      }
      case 'match': {
        const text = this.toText(yield* this.evaluate(expression.text));
        const regex = yield* this.pattern(expression.pattern);
        return regex.test(text) !== expression.negated ? 1 : 0;
      }
      case 'in':
        return this.array(expression.array).has(yield* this.subscript(expression.subscript)) ? 1 : 0;
      case 'unary': {
        const value = yield* this.evaluate(expression.value);
        return expression.op === '!'
          ? isTrue(value)
            ? 0
            : 1
          : expression.op === '-'
            ? -toNumber(value)
            : toNumber(value);
      }
      case 'ternary':
        return yield* this.evaluate(
          isTrue(yield* this.evaluate(expression.condition)) ? expression.then : expression.otherwise,
        );
      case 'step': {
        const before = toNumber(yield* this.evaluate(expression.target));
        yield* this.assign(expression.target, before + expression.by);
        return expression.prefix ? before + expression.by : before;
      }
      case 'builtin':
        return yield* callBuiltin(this, expression.name, expression.args);
      case 'call':
        return yield* this.#call(expression.name, expression.args);
      case 'getline':
        return yield* this.#getline(expression);
    }
  }

  #name(name: string): Value {
    if (name === 'NF') return this.record.count();
    return this.#cell(name).value;
  }

  *#assignment(expression: Extract<Expression, { kind: 'assign' }>): Generator<Wait, Value, void> {
    if (expression.op === undefined) {
      const value = yield* this.evaluate(expression.value);
      yield* this.assign(expression.target, value);
      return value;
    }
    const before = yield* this.evaluate(expression.target);
    const value = this.#binary(expression.op, before, yield* this.evaluate(expression.value));
    yield* this.assign(expression.target, value);
    return value;
  }

  #binary(op: Binary, left: Value, right: Value): Value {
    switch (op) {
      case ' ':
        return this.toText(left) + this.toText(right);
      case '+':
        return toNumber(left) + toNumber(right);
      case '-':
        return toNumber(left) - toNumber(right);
      case '*':
        return toNumber(left) * toNumber(right);
      case '/':
        return toNumber(left) / toNumber(right);
      case '%':
        return toNumber(left) % toNumber(right);
      case '^':
        return toNumber(left) ** toNumber(right);
    }
    const order = compare(left, right, this.text('CONVFMT'));
    const holds = {
      '<': order < 0,
      '<=': order <= 0,
      '==': order === 0,
      '!=': order !== 0,
      '>': order > 0,
      '>=': order >= 0,
    }[op];
    return holds ? 1 : 0;
  }

  *assign(target: Lvalue, value: Value): Generator<Wait, void, void> {
    if (target.kind === 'field')
      this.record.setField(toNumber(yield* this.evaluate(target.index)), this.toText(value), value);
    else if (target.kind === 'element') this.array(target.array).set(yield* this.subscript(target.subscript), value);
    else {
      const cell = this.#cell(target.name);
      if (cell.array !== undefined) throw new AwkError(`type error in assignment to array ${target.name}`);
      cell.value = value;
      if (target.name === 'NF') this.record.setCount(toNumber(value));
    }
  }

  *subscript(parts: readonly Expression[]): Generator<Wait, string, void> {
    const texts: string[] = [];
    for (const part of parts) texts.push(this.toText(yield* this.evaluate(part)));
    return texts.join(this.text('SUBSEP'));
  }

  *#call(name: string, args: readonly Expression[]): Generator<Wait, Value, void> {
    const fn = this.program.functions.get(name);
    if (fn === undefined) throw new AwkError(`function ${name} never defined`);
    if (args.length > fn.parameters.length) throw new AwkError(`too many arguments in call to ${name}`);
    if (++this.#calls > MAX_CALLS)
      throw new AwkError(
        `function ${name}: more than ${MAX_CALLS} calls inside each other (a limit of this simulator)`,
      );
    const locals = new Map<string, Cell>();
    for (const [i, parameter] of fn.parameters.entries()) {
      const arg = args[i];
      if (arg?.kind === 'name') {
        const origin = this.#cell(arg.name);
        locals.set(parameter, {
          value: arg.name === 'NF' ? this.record.count() : origin.value,
          array: origin.array,
          origin,
        });
      } else
        locals.set(parameter, { value: arg === undefined ? undefined : yield* this.evaluate(arg), array: undefined });
    }
    const saved = this.#locals;
    this.#locals = locals;
    this.#returned = undefined;
    const flow = yield* call(this.#execute(fn.body));
    this.#locals = saved;
    this.#calls--;
    if (flow === 'exit' || flow === 'next' || flow === 'nextfile')
      throw new AwkError(`${flow} inside a function: not simulated here`);
    const value = this.#returned;
    this.#returned = undefined;
    return value;
  }

  *#getline(expression: Extract<Expression, { kind: 'getline' }>): Generator<Wait, Value, void> {
    const { from, target } = expression;
    let got: string | undefined;
    if (from.kind === 'input') {
      const more = yield* this.nextRecord((text) => {
        got = text;
      });
      if (!more) return 0;
    } else {
      const reader = yield* this.streams.input(from.kind, this.toText(yield* this.evaluate(from.name)));
      if (reader === undefined) return -1;
      got = yield* reader.next(this.text('RS'));
      if (got === undefined) return 0;
      if (from.kind === 'command') this.setGlobal('NR', toNumber(this.global('NR')) + 1);
    }
    if (target === undefined) this.record.setWhole(got ?? '');
    else yield* this.assign(target, new Field(got ?? ''));
    return 1;
  }
}

/** The array of a variable; a parameter that becomes one makes the caller's variable one too. */
function arrayOf(cell: Cell, name: string): AwkArray {
  if (cell.array === undefined) {
    if (cell.value !== undefined) throw new AwkError(`type error in reference to array ${name}`);
    cell.array = cell.origin === undefined ? new AwkArray() : arrayOf(cell.origin, name);
  }
  return cell.array;
}
