import { type Json, kindOf } from '../values/json.ts';
import { toJson } from '../values/print.ts';
import { type Ast, call, type Definition, IDENTITY, literal, type Pattern } from './ast.ts';
import type { Token } from './lexer.ts';
import { type Complaint, isTree, type Tree } from './parse.ts';

/** A program as it was built from its tree. Modules are not there: `modules` tells that it wants some. */
export type Built = { readonly body: Ast; readonly modules: boolean };

/** A program, or a library such as jq's own builtins: definitions only, of which each sees the ones before it. */
export function build(tree: Tree, source: string, complaints: Complaint[]): Built {
  return new Builder(source, complaints).program(tree);
}

export function buildDefinitions(tree: Tree, source: string): Definition[] {
  return new Builder(source, []).definitions(tree.parts[2] as Tree);
}

const OPERATORS: Readonly<Record<string, string>> = {
  '+': '_plus',
  '-': '_minus',
  '*': '_multiply',
  '/': '_divide',
  '%': '_mod',
  '==': '_equal',
  '!=': '_notequal',
  '<': '_less',
  '>': '_greater',
  '<=': '_lesseq',
  '>=': '_greatereq',
};

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const TEMPORARY = '*value';

class Builder {
  constructor(
    private readonly source: string,
    private readonly complaints: Complaint[],
  ) {}

  program(tree: Tree): Built {
    const [module, imports, body] = tree.parts as [Tree, Tree, Tree];
    const modules = module.rule !== 'no-module' || imports.rule !== 'no-imports';
    if (tree.rule === 'program') return { body: this.#ast(body), modules };
    const defined = this.definitions(body).reduceRight(
      (rest: Ast, definition): Ast => ({ kind: 'define', definition, body: rest }),
      IDENTITY,
    );
    return { body: defined, modules };
  }

  definitions(tree: Tree): Definition[] {
    const list: Definition[] = [];
    for (let rest = tree; rest.rule === 'definitions'; rest = rest.parts[1] as Tree) {
      list.push(this.#definition(rest.parts[0] as Tree));
    }
    return list;
  }

  #definition(tree: Tree): Definition {
    const name = textOf(tree.parts[1]);
    if (tree.rule === 'function') return { name, parameters: [], body: this.#ast(tree.parts[3]) };
    const parameters = listOf(tree.parts[3]).map((parameter) =>
      parameter.rule === 'value-parameter' ? `$${textOf(parameter.parts[1])}` : textOf(parameter.parts[0]),
    );
    return { name, parameters, body: this.#ast(tree.parts[6]) };
  }

  #ast(part: Tree | Token | undefined): Ast {
    if (part === undefined || !isTree(part)) return IDENTITY;
    const { parts } = part;
    const at = part.start;
    switch (part.rule) {
      case 'only':
        return this.#ast(parts[0]);
      case 'parentheses':
        return this.#ast(parts[1]);
      case 'literal':
        return literal((parts[0] as Token).value ?? null);
      case 'recurse':
        return call('recurse', [], at);
      case 'variable':
        return { kind: 'variable', name: textOf(parts[1]), at };
      case 'location':
        return literal(this.#location(at));
      case 'name':
        return named(textOf(parts[0]), at);
      case 'call':
        return call(
          textOf(parts[0]),
          listOf(parts[2]).map((arg) => this.#ast(arg)),
          at,
        );
      case 'format':
        return call('format', [literal(valueOf(parts[0]))], at);
      case 'string':
        return this.#string('text', parts[1] as Tree);
      case 'format-string':
        return this.#string(valueOf(parts[0]), parts[2] as Tree);
      case 'array':
        return { kind: 'array', body: this.#ast(parts[1]) };
      case 'empty-array':
        return literal([]);
      case 'object':
        return { kind: 'object', members: this.#pairs(parts[1] as Tree) };
      default:
        return this.#operation(part) ?? this.#access(part) ?? this.#control(part) ?? IDENTITY;
    }
  }

  #location(at: number): Json {
    const line = this.source.slice(0, at).split('\n').length;
    return new Map<string, Json>([
      ['file', '<top-level>'],
      ['line', line],
    ]);
  }

  #operation(tree: Tree): Ast | undefined {
    const { parts } = tree;
    const left = () => this.#ast(parts[0]);
    const right = () => this.#ast(parts[2]);
    switch (tree.rule) {
      case 'pipe':
      case 'comma':
      case 'and':
      case 'or':
      case 'alternative':
        return { kind: tree.rule, left: left(), right: right() };
      case 'operator':
        return this.#binary(textOf(parts[1]), left(), right(), tree.start);
      case 'negate':
        return call('_negate', [this.#ast(parts[1])], tree.start);
      case 'assign':
        return call('_assign', [left(), right()], tree.start);
      case 'modify':
        return call('_modify', [left(), right()], tree.start);
      case 'update':
        return this.#update(textOf(parts[1]).slice(0, -1), left(), right());
      default:
        return undefined;
    }
  }

  /** Numbers are reckoned at once, as jq does, and so a division by zero between them is refused before anything runs. */
  #binary(operator: string, left: Ast, right: Ast, at: number): Ast {
    const reckon = ARITHMETIC[operator];
    if (reckon !== undefined && left.kind === 'literal' && right.kind === 'literal') {
      if (typeof left.value === 'number' && typeof right.value === 'number') {
        const result = reckon(left.value, right.value);
        if (operator === '/' && Math.abs(result) === Number.POSITIVE_INFINITY) {
          this.complaints.push({ message: 'Division by zero?', at });
        }
        return literal(result);
      }
    }
    return call(OPERATORS[operator] as string, [left, right], at);
  }

  /** `paths op= value`: the value is made from the whole input, once for all paths. */
  #update(operator: string, paths: Ast, value: Ast): Ast {
    const kept: Ast = { kind: 'variable', name: TEMPORARY, at: 0 };
    const changed: Ast =
      operator === '//'
        ? { kind: 'alternative', left: IDENTITY, right: kept }
        : call(OPERATORS[operator] as string, [IDENTITY, kept]);
    return {
      kind: 'bind',
      source: value,
      patterns: [{ kind: 'name', name: TEMPORARY }],
      body: call('_modify', [paths, changed]),
    };
  }

  /** `.a`, `."a"`, `.[0]`, `.[]`, `.[1:2]`, each also with `?` behind it. */
  #access(tree: Tree): Ast | undefined {
    const { parts } = tree;
    const optional = tree.rule.startsWith('try-');
    const found = this.#plainAccess(optional ? tree.rule.slice(4) : tree.rule, parts);
    return found && optional ? { kind: 'try', body: found, handler: undefined } : found;
  }

  #plainAccess(rule: string, parts: Tree['parts']): Ast | undefined {
    switch (rule) {
      case 'field':
        return { kind: 'index', term: this.#ast(parts[0]), key: literal(valueOf(parts[1])) };
      case 'first-field':
        return { kind: 'index', term: IDENTITY, key: literal(valueOf(parts[0])) };
      case 'string-index':
      case 'index':
        return { kind: 'index', term: this.#ast(parts[0]), key: this.#ast(parts[2]) };
      case 'first-string':
        return { kind: 'index', term: IDENTITY, key: this.#ast(parts[1]) };
      case 'iterate':
        return { kind: 'iterate', term: this.#ast(parts[0]) };
      case 'slice':
        return { kind: 'slice', term: this.#ast(parts[0]), from: this.#ast(parts[2]), to: this.#ast(parts[4]) };
      case 'slice-from':
        return { kind: 'slice', term: this.#ast(parts[0]), from: this.#ast(parts[2]), to: undefined };
      case 'slice-to':
        return { kind: 'slice', term: this.#ast(parts[0]), from: undefined, to: this.#ast(parts[3]) };
      default:
        return undefined;
    }
  }

  #control(tree: Tree): Ast | undefined {
    const { parts } = tree;
    const at = (i: number) => this.#ast(parts[i]);
    switch (tree.rule) {
      case 'define':
        return { kind: 'define', definition: this.#definition(parts[0] as Tree), body: at(1) };
      case 'bind':
        return { kind: 'bind', source: at(0), patterns: this.#patterns(parts[2]), body: at(4) };
      case 'reduce':
      case 'foreach':
      case 'foreach-extract':
        return {
          kind: tree.rule === 'reduce' ? 'reduce' : 'foreach',
          source: at(1),
          patterns: this.#patterns(parts[3]),
          init: at(5),
          update: at(7),
          extract: tree.rule === 'foreach-extract' ? at(9) : IDENTITY,
        };
      case 'if':
      case 'elif':
        return { kind: 'if', condition: at(1), yes: at(3), no: at(4) };
      case 'else':
        return at(1);
      case 'try':
        return { kind: 'try', body: at(1), handler: undefined };
      case 'optional':
        return { kind: 'try', body: at(0), handler: undefined };
      case 'try-catch':
        return { kind: 'try', body: at(1), handler: at(3) };
      case 'label':
        return { kind: 'label', name: textOf(parts[2]), body: at(4) };
      case 'break':
        return { kind: 'break', name: textOf(parts[2]), at: tree.start };
      default:
        return undefined;
    }
  }

  #string(format: string, text: Tree): Ast {
    const parts: (string | Ast)[] = [];
    for (let rest = text; rest.rule !== 'no-text'; rest = rest.parts[0] as Tree) {
      parts.unshift(rest.rule === 'text' ? valueOf(rest.parts[1]) : this.#ast(rest.parts[2]));
    }
    if (parts.every((part) => typeof part === 'string')) return literal(parts.join(''));
    return { kind: 'string', format, parts };
  }

  #pairs(tree: Tree): { key: Ast; value: Ast }[] {
    const pairs: { key: Ast; value: Ast }[] = [];
    for (let rest: Tree | undefined = tree; rest !== undefined && rest.rule !== 'no-pairs'; ) {
      pairs.push(this.#pair(rest.parts[0] as Tree));
      rest = rest.rule === 'list' ? (rest.parts[2] as Tree) : undefined;
    }
    return pairs;
  }

  #pair(tree: Tree): { key: Ast; value: Ast } {
    const { parts } = tree;
    const ofInput = (key: Ast) => ({ key, value: { kind: 'index', term: IDENTITY, key } as Ast });
    switch (tree.rule) {
      case 'word-pair':
        return { key: literal(wordOf(parts[0])), value: this.#ast(parts[2]) };
      case 'string-pair':
        return { key: this.#ast(parts[0]), value: this.#ast(parts[2]) };
      case 'string-key':
        return ofInput(this.#ast(parts[0]));
      case 'word-key':
        return ofInput(literal(wordOf(parts[0])));
      case 'variable-key': {
        const name = textOf(parts[1]);
        return { key: literal(name), value: { kind: 'variable', name, at: tree.start } };
      }
      default:
        return { key: this.#computedKey(parts[1] as Tree, tree.start), value: this.#ast(parts[4]) };
    }
  }

  #computedKey(tree: Tree, at: number): Ast {
    const key = this.#ast(tree);
    if (key.kind === 'literal' && typeof key.value !== 'string') {
      this.complaints.push({ message: `Cannot use ${kindOf(key.value)} (${toJson(key.value)}) as object key`, at });
    }
    return key;
  }

  #patterns(part: Tree | Token | undefined): Pattern[] {
    return listOf(part).map((tree) => this.#pattern(tree));
  }

  #pattern(tree: Tree): Pattern {
    const { parts } = tree;
    if (tree.rule === 'name-pattern') return { kind: 'name', name: textOf(parts[1]) };
    if (tree.rule === 'array-pattern') return { kind: 'array', items: this.#patterns(parts[1]) };
    return { kind: 'object', members: listOf(parts[1]).map((member) => this.#member(member)) };
  }

  #member(tree: Tree): { key: Ast; variable: string | undefined; value: Pattern | undefined } {
    const { parts } = tree;
    const pattern = (i: number) => this.#pattern(parts[i] as Tree);
    switch (tree.rule) {
      case 'name-member':
        return { key: literal(textOf(parts[1])), variable: textOf(parts[1]), value: undefined };
      case 'name-member-with':
        return { key: literal(textOf(parts[1])), variable: textOf(parts[1]), value: pattern(3) };
      case 'word-member':
        return { key: literal(wordOf(parts[0])), variable: undefined, value: pattern(2) };
      case 'string-member':
        return { key: this.#ast(parts[0]), variable: undefined, value: pattern(2) };
      default:
        return { key: this.#computedKey(parts[1] as Tree, tree.start), variable: undefined, value: pattern(4) };
    }
  }
}

const textOf = (part: Tree | Token | undefined): string => (part as Token).text;
const valueOf = (part: Tree | Token | undefined): string => String((part as Token).value ?? '');

/** A name or a keyword where a key stands. */
const wordOf = (part: Tree | Token | undefined): string =>
  part !== undefined && isTree(part) && part.rule === 'keyword' ? textOf(part.parts[0]) : textOf(part);

/** The members of a left-recursive list: `only x` or `list rest separator x`. */
function listOf(part: Tree | Token | undefined): Tree[] {
  const list: Tree[] = [];
  let rest = part as Tree;
  while (rest.rule === 'list') {
    list.unshift(rest.parts[2] as Tree);
    rest = rest.parts[0] as Tree;
  }
  list.unshift(rest.parts[0] as Tree);
  return list;
}

function named(name: string, at: number): Ast {
  if (name === 'true' || name === 'false') return literal(name === 'true');
  return name === 'null' ? literal(null) : call(name, [], at);
}
