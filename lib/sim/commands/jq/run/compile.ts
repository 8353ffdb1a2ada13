import type { Ast, Definition, Pattern } from '../syntax/ast.ts';
import { call, IDENTITY, literal } from '../syntax/ast.ts';
import type { Complaint } from '../syntax/parse.ts';
import type { Json } from '../values/json.ts';
import { type Code, frameAt, type Step } from './machine.ts';
import type { Label, Target } from './steps.ts';
import * as steps from './steps.ts';

/** Functions that are there before the program: written in jq, or steps that take their arguments from the stack. */
export type Library = {
  definition(name: string, arity: number): Definition | undefined;
  step(name: string, arity: number): Step | undefined;
};

/** What a name stands for, in the scopes around an expression. `depth`: how many definitions are around it. */
type Binding =
  | { readonly kind: 'function'; readonly name: string; readonly depth: number; readonly code: Code }
  | { readonly kind: 'parameter'; readonly name: string; readonly depth: number; readonly index: number }
  | { readonly kind: 'variable' | 'label'; readonly name: string; readonly depth: number; readonly slot: number };

type Scope = { readonly binding: Binding; readonly around: Scope | undefined } | undefined;

/** Turns a program into steps; `complaints` gets the names that nothing has. */
export function compile(
  body: Ast,
  variables: ReadonlyMap<string, Json>,
  library: Library,
  complaints: Complaint[],
): Code {
  return new Compiler(library, complaints, variables).main(body);
}

class Compiler {
  readonly #library = new Map<string, Code>();

  constructor(
    readonly library: Library,
    readonly complaints: Complaint[],
    /** Values of variables that come from outside: $ENV, --arg. */
    readonly outside: ReadonlyMap<string, Json>,
  ) {}

  main(body: Ast): Code {
    return new CodeWriter(this, undefined, 1).whole('main', body);
  }

  /** One of jq's own functions, compiled when it is first used. */
  ownFunction(name: string, arity: number): Code | undefined {
    const key = `${name}/${arity}`;
    const known = this.#library.get(key);
    if (known !== undefined) return known;
    const definition = this.library.definition(name, arity);
    if (definition === undefined) return undefined;
    const code: Code = { name, steps: [], variables: 0 };
    this.#library.set(key, code);
    new CodeWriter(this, undefined, 1, code).define(definition);
    return code;
  }
}

/** Lays out the steps of one function or argument. */
class CodeWriter {
  readonly #steps: Step[] = [];
  readonly #sites: { index: number; site: { last: boolean } }[] = [];
  readonly #jumps = new Map<number, Label>();

  constructor(
    private readonly compiler: Compiler,
    private scope: Scope,
    private readonly depth: number,
    private readonly code: Code = { name: '', steps: [], variables: 0 },
  ) {}

  whole(name: string, body: Ast): Code {
    this.#write(body);
    return Object.assign(this.#finish(), { name });
  }

  /** A function's own code: its parameters, then its body. */
  define(definition: Definition): void {
    definition.parameters.forEach((parameter, index) => {
      this.#bind({ kind: 'parameter', name: `${parameter.replace('$', '')}/0`, depth: this.depth, index });
    });
    const values = definition.parameters.filter((parameter) => parameter.startsWith('$'));
    const body = values.reduceRight((rest: Ast, parameter): Ast => {
      const name = parameter.slice(1);
      return { kind: 'bind', source: call(name), patterns: [{ kind: 'name', name }], body: rest };
    }, definition.body);
    this.#write(body);
    this.#finish();
  }

  /** Calls with nothing behind them need no frame to come back to. */
  #finish(): Code {
    this.#emit(steps.end);
    for (const { index, site } of this.#sites) {
      let next = index + 1;
      for (let to = this.#jumps.get(next); to !== undefined; to = this.#jumps.get(next)) next = to.at;
      site.last = this.#steps[next] === steps.end;
    }
    this.code.steps = this.#steps;
    return this.code;
  }

  #emit(...list: Step[]): void {
    this.#steps.push(...list);
  }

  #jump(to: Label): void {
    this.#jumps.set(this.#steps.length, to);
    this.#emit(steps.jump(to));
  }

  #here(label: Label): void {
    label.at = this.#steps.length;
  }

  #bind(binding: Binding): void {
    this.scope = { binding, around: this.scope };
  }

  #slot(): number {
    return this.code.variables++;
  }

  #find(kinds: readonly Binding['kind'][], name: string): Binding | undefined {
    for (let scope = this.scope; scope !== undefined; scope = scope.around) {
      if (scope.binding.name === name && kinds.includes(scope.binding.kind)) return scope.binding;
    }
    return undefined;
  }

  /** What is bound inside is forgotten behind it. */
  #scoped(write: () => void): void {
    const { scope } = this;
    write();
    this.scope = scope;
  }

  #missing(name: string, at: number): void {
    this.compiler.complaints.push({ message: `${name} is not defined`, at });
  }

  /** An expression whose value stays below the input. */
  #value(ast: Ast): void {
    if (ast.kind === 'literal') return this.#emit(steps.place(ast.value));
    this.#emit(steps.beginValue);
    this.#write(ast);
    this.#emit(steps.endValue);
  }

  #write(ast: Ast): void {
    switch (ast.kind) {
      case 'identity':
        return;
      case 'literal':
        return this.#emit(steps.load(ast.value));
      case 'pipe':
        this.#write(ast.left);
        return this.#write(ast.right);
      case 'comma':
        return this.#comma(ast.left, ast.right);
      case 'and':
      case 'or':
        return this.#logical(ast.kind, ast.left, ast.right);
      case 'alternative':
        return this.#alternative(ast.left, ast.right);
      case 'call':
        return this.#call(ast.name, ast.args, ast.at);
      case 'variable':
        return this.#variable(ast.name, ast.at);
      case 'index':
        this.#value(ast.key);
        this.#write(ast.term);
        return this.#emit(steps.index);
      case 'slice':
        this.#value(ast.from ?? literal(null));
        this.#value(ast.to ?? literal(null));
        this.#write(ast.term);
        return this.#emit(steps.slice);
      case 'iterate':
        this.#write(ast.term);
        return this.#emit(steps.iterate);
      case 'try':
        return this.#try(ast.body, ast.handler);
      case 'if':
        return this.#if(ast.condition, ast.yes, ast.no);
      case 'bind':
        return this.#scoped(() => this.#as(ast.source, ast.patterns, ast.body));
      case 'reduce':
      case 'foreach':
        return this.#scoped(() => this.#loop(ast));
      case 'define':
        return this.#scoped(() => this.#define(ast.definition, ast.body));
      case 'label':
        return this.#scoped(() => this.#label(ast.name, ast.body));
      case 'break':
        return this.#break(ast.name, ast.at);
      case 'array':
        return this.#array(ast.body);
      case 'object':
        return this.#object(ast.members);
      case 'string':
        return this.#write(joined(ast.format, ast.parts));
    }
  }

  #comma(left: Ast, right: Ast): void {
    const second = { at: 0 };
    const end = { at: 0 };
    this.#emit(steps.fork(second));
    this.#write(left);
    this.#jump(end);
    this.#here(second);
    this.#write(right);
    this.#here(end);
  }

  #logical(kind: 'and' | 'or', left: Ast, right: Ast): void {
    const [other, no, end] = [{ at: 0 }, { at: 0 }, { at: 0 }];
    this.#emit(steps.duplicate);
    this.#write(left);
    this.#emit(steps.jumpUnless(other));
    const settled = () => {
      this.#emit(steps.load(kind === 'or'));
      this.#jump(end);
    };
    const byRight = () => {
      this.#emit(steps.duplicate);
      this.#write(right);
      this.#emit(steps.jumpUnless(no), steps.load(true));
      this.#jump(end);
      this.#here(no);
      this.#emit(steps.load(false));
      this.#jump(end);
    };
    if (kind === 'and') byRight();
    else settled();
    this.#here(other);
    if (kind === 'and') settled();
    else byRight();
    this.#here(end);
  }

  #alternative(left: Ast, right: Ast): void {
    const [skip, rest, end] = [{ at: 0 }, { at: 0 }, { at: 0 }];
    const found = this.#slot();
    this.#emit(steps.setTo(found, false), steps.fork(rest));
    this.#write(left);
    this.#emit(steps.duplicate, steps.jumpUnless(skip), steps.setTo(found, true));
    this.#jump(end);
    this.#here(skip);
    this.#emit(steps.backtrack);
    this.#here(rest);
    this.#emit(steps.skipIf(found));
    this.#write(right);
    this.#here(end);
  }

  #try(body: Ast, handler: Ast | undefined): void {
    const [caught, end] = [{ at: 0 }, { at: 0 }];
    this.#emit(steps.forkTry(caught));
    this.#write(body);
    this.#jump(end);
    this.#here(caught);
    if (handler === undefined) this.#emit(steps.backtrack);
    else this.#write(handler);
    this.#here(end);
  }

  #if(condition: Ast, yes: Ast, no: Ast): void {
    const [other, end] = [{ at: 0 }, { at: 0 }];
    this.#value(condition);
    this.#emit(swap, steps.jumpUnless(other));
    this.#write(yes);
    this.#jump(end);
    this.#here(other);
    this.#write(no);
    this.#here(end);
  }

  #variable(name: string, at: number): void {
    const found = this.#find(['variable'], name);
    if (found?.kind === 'variable') return this.#emit(steps.recall(this.depth - found.depth, found.slot));
    const value = this.compiler.outside.get(name);
    if (value === undefined) return this.#missing(`$${name}`, at);
    this.#emit(steps.load(value));
  }

  #as(source: Ast, patterns: readonly Pattern[], body: Ast): void {
    this.#value(source);
    this.#emit(swap);
    this.#destructure(patterns);
    this.#write(body);
  }

  /** Takes the value on top apart into variables. */
  #destructure(patterns: readonly Pattern[]): void {
    const slots = new Map<string, number>();
    for (const name of patterns.flatMap((pattern) => namesOf(pattern))) {
      if (slots.has(name)) continue;
      const slot = this.#slot();
      slots.set(name, slot);
    }
    const bindAll = () => {
      for (const [name, slot] of slots) this.#bind({ kind: 'variable', name, depth: this.depth, slot });
    };
    const [only] = patterns;
    if (patterns.length === 1 && only !== undefined) {
      this.#pattern(only, slots);
      return bindAll();
    }
    const end = { at: 0 };
    patterns.forEach((pattern, i) => {
      const next = { at: 0 };
      for (const slot of slots.values()) this.#emit(steps.setTo(slot, null));
      if (i < patterns.length - 1) this.#emit(steps.forkPattern(next));
      this.#pattern(pattern, slots);
      this.#jump(end);
      this.#here(next);
    });
    this.#here(end);
    bindAll();
  }

  #pattern(pattern: Pattern, slots: ReadonlyMap<string, number>): void {
    const bound = (name: string) => {
      const slot = slots.get(name) as number;
      // Keys that come later may use what is bound already.
      this.#bind({ kind: 'variable', name, depth: this.depth, slot });
      return steps.store(slot);
    };
    if (pattern.kind === 'name') return this.#emit(bound(pattern.name));
    if (pattern.kind === 'array') {
      pattern.items.forEach((item, i) => {
        this.#emit(steps.duplicate, steps.place(i), steps.index);
        this.#pattern(item, slots);
      });
    } else {
      for (const { key, variable, value } of pattern.members) {
        this.#emit(steps.duplicate);
        this.#value(key);
        this.#emit(steps.index);
        if (variable !== undefined) {
          if (value !== undefined) this.#emit(steps.duplicate);
          this.#emit(bound(variable));
        }
        if (value !== undefined) this.#pattern(value, slots);
      }
    }
    this.#emit(steps.drop);
  }

  #loop(ast: Extract<Ast, { kind: 'reduce' | 'foreach' }>): void {
    const state = this.#slot();
    const [done, end] = [{ at: 0 }, { at: 0 }];
    this.#emit(steps.duplicate);
    this.#write(ast.init);
    this.#emit(steps.store(state), steps.fork(done), steps.duplicate);
    this.#write(ast.source);
    this.#destructure(ast.patterns);
    this.#emit(steps.take(state));
    this.#write(ast.update);
    if (ast.kind === 'reduce') this.#emit(steps.store(state), steps.backtrack);
    else {
      this.#emit(steps.duplicate, steps.store(state));
      this.#write(ast.extract);
      this.#jump(end);
    }
    this.#here(done);
    this.#emit(ast.kind === 'reduce' ? steps.take(state) : steps.backtrack);
    this.#here(end);
  }

  #define(definition: Definition, body: Ast): void {
    const code: Code = { name: definition.name, steps: [], variables: 0 };
    const name = `${definition.name}/${definition.parameters.length}`;
    this.#bind({ kind: 'function', name, depth: this.depth, code });
    new CodeWriter(this.compiler, this.scope, this.depth + 1, code).define(definition);
    this.#write(body);
  }

  #label(name: string, body: Ast): void {
    const slot = this.#slot();
    this.#bind({ kind: 'label', name, depth: this.depth, slot });
    this.#emit(steps.label(slot));
    this.#write(body);
  }

  #break(name: string, at: number): void {
    const found = this.#find(['label'], name);
    if (found?.kind !== 'label') return this.#missing(`$*label-${name}`, at);
    this.#emit(steps.breakTo(this.depth - found.depth, found.slot));
  }

  #array(body: Ast): void {
    const slot = this.#slot();
    const end = { at: 0 };
    this.#emit(steps.startArray(slot), steps.fork(end));
    this.#write(body);
    this.#emit(steps.append(slot));
    this.#here(end);
    this.#emit(steps.take(slot));
  }

  #object(members: readonly { key: Ast; value: Ast }[]): void {
    this.#emit(steps.place(new Map()));
    for (const { key, value } of members) {
      this.#value(key);
      this.#value(value);
      this.#emit(steps.insert);
    }
    this.#emit(steps.drop);
  }

  #call(name: string, args: readonly Ast[], at: number): void {
    const key = `${name}/${args.length}`;
    const found = this.#find(['function', 'parameter'], key);
    if (found !== undefined) return this.#callTo(this.#target(found), args);
    if (this.#special(key, args)) return;
    const step = this.compiler.library.step(name, args.length);
    if (step !== undefined) {
      for (const arg of [...args].reverse()) this.#value(arg);
      return this.#emit(step);
    }
    const code = this.compiler.ownFunction(name, args.length);
    if (code !== undefined) return this.#callTo(() => ({ code, frame: undefined }), args);
    this.#missing(key, at);
    // Its arguments may hold more names that nothing has.
    for (const arg of args) this.#argument(arg);
  }

  #target(found: Binding): Target {
    const levels = this.depth - found.depth;
    if (found.kind === 'function') return (frame) => ({ code: found.code, frame: frameAt(frame, levels) });
    const { index } = found as Extract<Binding, { kind: 'parameter' }>;
    return (frame) => frameAt(frame, levels).closures[index] as ReturnType<Target>;
  }

  #callTo(target: Target, args: readonly Ast[]): void {
    const site = { last: false };
    const closures = args.map((arg) => this.#argument(arg));
    this.#sites.push({ index: this.#steps.length, site });
    this.#emit(steps.callTo(target, closures, site));
  }

  /** An argument is run by the function it is given to, but sees the variables around itself. */
  #argument(ast: Ast): Target {
    // A parameter that is only passed on needs no frame of its own.
    const passed =
      ast.kind === 'call' && ast.args.length === 0 ? this.#find(['function', 'parameter'], `${ast.name}/0`) : undefined;
    if (passed !== undefined) return this.#target(passed);
    const code = new CodeWriter(this.compiler, this.scope, this.depth + 1).whole('argument', ast);
    return (frame) => ({ code, frame });
  }

  /** Functions whose arguments are not values; whether `key` is one. */
  #special(key: string, args: readonly Ast[]): boolean {
    const [first = IDENTITY, second = IDENTITY] = args;
    if (key === 'empty/0') this.#emit(steps.backtrack);
    else if (key === 'path/1') {
      this.#emit(steps.beginPath);
      this.#write(first);
      this.#emit(steps.endPath);
    } else if (key === 'range/2') {
      // The first bound is the outer loop.
      this.#value(first);
      this.#value(second);
      this.#emit(swapBelow, steps.range);
    } else return false;
    return true;
  }
}

const swap: Step = (machine) => {
  const top = machine.pop();
  const below = machine.pop();
  machine.push(top);
  machine.push(below);
};

const swapBelow: Step = (machine) => {
  const input = machine.pop();
  swap(machine);
  machine.push(input);
};

function namesOf(pattern: Pattern): string[] {
  if (pattern.kind === 'name') return [pattern.name];
  if (pattern.kind === 'array') return pattern.items.flatMap((item) => namesOf(item));
  return pattern.members.flatMap(({ variable, value }) => [
    ...(variable === undefined ? [] : [variable]),
    ...(value === undefined ? [] : namesOf(value)),
  ]);
}

function joined(format: string, parts: readonly (string | Ast)[]): Ast {
  return parts
    .map((part) => (typeof part === 'string' ? literal(part) : call('_format', [part, literal(format)])))
    .reduce((left, right) => call('_plus', [left, right]), literal(''));
}
