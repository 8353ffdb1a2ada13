import {
  AwkError,
  type AwkFunction,
  type Binary,
  BUILTINS,
  type Builtin,
  type Expression,
  type Lvalue,
  type Program,
  type Redirect,
  type Rule,
  type Statement,
} from './ast.ts';
import { type Token, tokenize } from './lexer.ts';

/**
 * Reads an awk program (the grammar of POSIX awk, as mawk accepts it).
 *
 * @throws AwkError in mawk's words
 */
export function parseProgram(source: string): Program {
  return new Parser(tokenize(source)).program();
}

const MAX_DEPTH = 400;

class Parser {
  #at = 0;
  #depth = 0;
  /** Inside parentheses `>` compares; in a bare print list it redirects. */
  #noGreater = false;
  readonly #functions = new Map<string, AwkFunction>();
  readonly #calls: { name: string; line: number }[] = [];

  constructor(private readonly tokens: readonly Token[]) {}

  program(): Program {
    const begin: Statement[] = [];
    const end: Statement[] = [];
    const rules: Rule[] = [];
    this.#terminators();
    while (this.#token.kind !== 'end') {
      if (this.#take('keyword', 'function')) this.#function();
      else if (this.#take('keyword', 'BEGIN')) begin.push(this.#block());
      else if (this.#take('keyword', 'END')) end.push(this.#block());
      else rules.push(this.#rule());
      this.#terminators();
    }
    for (const { name, line } of this.#calls) {
      if (!this.#functions.has(name)) throw new AwkError(`line ${line + 1}: function ${name} never defined`);
    }
    return { begin, end, rules, functions: this.#functions };
  }

  // Tokens

  get #token(): Token {
    return this.tokens[this.#at] as Token;
  }

  #is(kind: Token['kind'], text?: string): boolean {
    return this.#token.kind === kind && (text === undefined || this.#token.text === text);
  }

  #take(kind: Token['kind'], text?: string): Token | undefined {
    if (!this.#is(kind, text)) return undefined;
    return this.tokens[this.#at++];
  }

  #expect(kind: Token['kind'], text?: string): Token {
    return this.#take(kind, text) ?? this.#bad();
  }

  #bad(): never {
    const { kind, text, line } = this.#token;
    if (kind === 'end') throw new AwkError(`line ${line + 1}: missing } near end of file`);
    throw new AwkError(`line ${line}: syntax error at or near ${kind === 'newline' ? 'end of line' : text}`);
  }

  #newlines(): void {
    while (this.#take('newline'));
  }

  #terminators(): void {
    while (this.#take('newline') || this.#take('sign', ';'));
  }

  // Rules and functions

  #rule(): Rule {
    if (this.#is('sign', '{')) return { pattern: { kind: 'always' }, body: this.#block() };
    const from = this.#expression();
    if (this.#take('sign', ',')) {
      this.#newlines();
      const to = this.#expression();
      return { pattern: { kind: 'range', from, to }, body: this.#optionalBody() };
    }
    return { pattern: { kind: 'when', condition: from }, body: this.#optionalBody() };
  }

  #optionalBody(): Statement | undefined {
    if (this.#is('sign', '{')) return this.#block();
    if (!this.#is('newline') && !this.#is('sign', ';') && !this.#is('end')) this.#bad();
    return undefined;
  }

  #function(): void {
    const name = (this.#take('function-name') ?? this.#expect('name')).text;
    this.#expect('sign', '(');
    const parameters: string[] = [];
    while (!this.#take('sign', ')')) {
      if (parameters.length > 0) {
        this.#expect('sign', ',');
        this.#newlines();
      }
      parameters.push(this.#expect('name').text);
    }
    this.#newlines();
    const fn: AwkFunction = { name, parameters, body: { kind: 'block', body: [] } };
    this.#functions.set(name, fn);
    fn.body = this.#block();
  }

  #block(): Statement {
    this.#expect('sign', '{');
    const body: Statement[] = [];
    this.#terminators();
    while (!this.#take('sign', '}')) {
      if (this.#is('end')) this.#bad();
      body.push(this.#statement());
      this.#terminators();
    }
    return { kind: 'block', body };
  }

  // Statements

  #statement(): Statement {
    if (++this.#depth > MAX_DEPTH) throw new AwkError('program nests too deeply');
    const statement = this.#anyStatement();
    this.#depth--;
    return statement;
  }

  #anyStatement(): Statement {
    if (this.#is('sign', '{')) return this.#block();
    if (this.#take('sign', ';')) return { kind: 'block', body: [] };
    if (this.#take('keyword', 'if')) return this.#if();
    if (this.#take('keyword', 'while')) {
      const condition = this.#condition();
      if (this.#take('sign', ';')) return { kind: 'while', condition, body: { kind: 'block', body: [] } };
      return { kind: 'while', condition, body: this.#body() };
    }
    if (this.#take('keyword', 'do')) return this.#do();
    if (this.#take('keyword', 'for')) return this.#for();
    const statement = this.#simple();
    this.#endOfStatement();
    return statement;
  }

  #endOfStatement(): void {
    if (this.#take('newline') || this.#take('sign', ';') || this.#is('sign', '}') || this.#is('end')) return;
    this.#bad();
  }

  #body(): Statement {
    this.#newlines();
    return this.#statement();
  }

  #condition(): Expression {
    this.#expect('sign', '(');
    const condition = this.#inParentheses(() => this.#expression());
    this.#expect('sign', ')');
    return condition;
  }

  #if(): Statement {
    const condition = this.#condition();
    const then = this.#body();
    const before = this.#at;
    this.#terminators();
    if (this.#take('keyword', 'else')) return { kind: 'if', condition, then, otherwise: this.#body() };
    this.#at = before;
    return { kind: 'if', condition, then, otherwise: undefined };
  }

  #do(): Statement {
    const body = this.#body();
    this.#terminators();
    this.#expect('keyword', 'while');
    const condition = this.#condition();
    this.#endOfStatement();
    return { kind: 'do', body, condition };
  }

  #for(): Statement {
    this.#expect('sign', '(');
    const [name, keyword, array, close] = this.tokens.slice(this.#at, this.#at + 4);
    if (name?.kind === 'name' && keyword?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.#at += 4;
      return { kind: 'for-in', name: name.text, array: array.text, body: this.#body() };
    }
    const start = this.#is('sign', ';') ? undefined : this.#simple();
    this.#expect('sign', ';');
    this.#newlines();
    const condition = this.#is('sign', ';') ? undefined : this.#expression();
    this.#expect('sign', ';');
    this.#newlines();
    const step = this.#is('sign', ')') ? undefined : this.#simple();
    this.#expect('sign', ')');
    if (this.#take('sign', ';')) return { kind: 'for', start, condition, step, body: { kind: 'block', body: [] } };
    return { kind: 'for', start, condition, step, body: this.#body() };
  }

  #simple(): Statement {
    const token = this.#token;
    if (token.kind !== 'keyword' || token.text === 'getline') return { kind: 'expression', value: this.#expression() };
    this.#at++;
    switch (token.text) {
      case 'print':
      case 'printf':
        return this.#print(token.text);
      case 'break':
      case 'continue':
      case 'next':
      case 'nextfile':
        return { kind: token.text };
      case 'exit':
      case 'return':
        return { kind: token.text, value: this.#startsExpression() ? this.#expression() : undefined };
      case 'delete':
        return this.#delete();
    }
    this.#at--;
    return this.#bad();
  }

  #delete(): Statement {
    const array = this.#expect('name').text;
    if (!this.#take('sign', '[')) return { kind: 'delete', array, subscript: undefined };
    const subscript = this.#inParentheses(() => this.#list());
    this.#expect('sign', ']');
    return { kind: 'delete', array, subscript };
  }

  #print(kind: 'print' | 'printf'): Statement {
    let values: readonly Expression[] = [];
    if (this.#startsExpression()) {
      const saved = this.#noGreater;
      this.#noGreater = true;
      values = this.#printList();
      this.#noGreater = saved;
    }
    if (kind === 'printf' && values.length === 0) this.#bad();
    return { kind, values, redirect: this.#redirect() };
  }

  /** `print (a, b) > c` has its list in parentheses; `print (a)(b)` has not. */
  #printList(): readonly Expression[] {
    const before = this.#at;
    if (this.#take('sign', '(')) {
      const values = this.#inParentheses(() => this.#list());
      const closed = this.#take('sign', ')') !== undefined;
      const after = this.#token;
      const ends =
        after.kind === 'newline' ||
        after.kind === 'end' ||
        (after.kind === 'sign' && [';', '}', '>', '>>', '|'].includes(after.text));
      if (closed && ends) return values;
      this.#at = before;
    }
    return this.#list();
  }

  #redirect(): Redirect | undefined {
    for (const kind of ['>>', '>', '|'] as const) {
      if (this.#take('sign', kind)) return { kind, target: this.#ternary() };
    }
    return undefined;
  }

  #startsExpression(): boolean {
    const { kind, text } = this.#token;
    if (kind === 'sign') return ['(', '$', '!', '+', '-', '++', '--'].includes(text);
    if (kind === 'keyword') return text === 'getline';
    return kind !== 'newline' && kind !== 'end';
  }

  #list(): readonly Expression[] {
    const values = [this.#expression()];
    while (this.#take('sign', ',')) {
      this.#newlines();
      values.push(this.#expression());
    }
    return values;
  }

  // Expressions, from the weakest binding to the strongest

  #inParentheses<T>(read: () => T): T {
    const saved = this.#noGreater;
    this.#noGreater = false;
    const value = read();
    this.#noGreater = saved;
    return value;
  }

  #expression(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new AwkError('program nests too deeply');
    const value = this.#ternary();
    this.#depth--;
    return value;
  }

  #ternary(): Expression {
    const condition = this.#or();
    if (this.#take('sign', '?')) {
      this.#newlines();
      const then = this.#ternary();
      this.#newlines();
      this.#expect('sign', ':');
      this.#newlines();
      return { kind: 'ternary', condition, then, otherwise: this.#ternary() };
    }
    return this.#assignment(condition);
  }

  #assignment(target: Expression): Expression {
    const sign = this.#token.kind === 'sign' ? this.#token.text : '';
    if (!/^([-+*/%^]?=)$/.test(sign) || !isLvalue(target)) return target;
    this.#at++;
    this.#newlines();
    return { kind: 'assign', target, op: sign === '=' ? undefined : (sign[0] as Binary), value: this.#expression() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take('sign', '||')) {
      this.#newlines();
      left = { kind: 'logical', op: '||', left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.#take('sign', '&&')) {
      this.#newlines();
      left = { kind: 'logical', op: '&&', left, right: this.#in() };
    }
    return left;
  }

  #in(): Expression {
    let left = this.#match();
    while (this.#take('keyword', 'in')) left = { kind: 'in', subscript: [left], array: this.#expect('name').text };
    return left;
  }

  #match(): Expression {
    let left = this.#comparison();
    for (;;) {
      const negated = this.#is('sign', '!~');
      if (!negated && !this.#is('sign', '~')) return left;
      this.#at++;
      left = { kind: 'match', negated, text: left, pattern: this.#comparison() };
    }
  }

  #comparison(): Expression {
    const left = this.#concatenation();
    for (const op of ['<=', '==', '!=', '>=', '<', '>'] as const) {
      if (op === '>' && this.#noGreater) continue;
      if (this.#take('sign', op)) return { kind: 'binary', op, left, right: this.#concatenation() };
    }
    if (this.#is('sign', '|') && this.tokens[this.#at + 1]?.text === 'getline') return this.#commandGetline(left);
    return left;
  }

  #commandGetline(command: Expression): Expression {
    let value = command;
    while (this.#is('sign', '|') && this.tokens[this.#at + 1]?.text === 'getline') {
      this.#at += 2;
      value = { kind: 'getline', target: this.#optionalLvalue(), from: { kind: 'command', name: value } };
    }
    return value;
  }

  #concatenation(): Expression {
    let left = this.#additive();
    while (this.#startsConcatenated()) left = { kind: 'binary', op: ' ', left, right: this.#additive() };
    return left;
  }

  #startsConcatenated(): boolean {
    const { kind, text } = this.#token;
    if (kind === 'sign') return ['(', '$', '!', '-', '+', '++', '--'].includes(text);
    if (kind === 'keyword') return false;
    return ['number', 'string', 'name', 'function-name', 'regex'].includes(kind);
  }

  #additive(): Expression {
    return this.#leftAssociative(['+', '-'], () => this.#multiplicative());
  }

  #multiplicative(): Expression {
    return this.#leftAssociative(['*', '/', '%'], () => this.#unary());
  }

  #leftAssociative(signs: readonly Binary[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const op = signs.find((sign) => this.#is('sign', sign));
      if (op === undefined) return left;
      this.#at++;
      left = { kind: 'binary', op, left, right: operand() };
    }
  }

  #unary(): Expression {
    for (const op of ['!', '-', '+'] as const) {
      if (this.#take('sign', op)) return { kind: 'unary', op, value: this.#unary() };
    }
    return this.#power();
  }

  #power(): Expression {
    const base = this.#postfix();
    if (!this.#take('sign', '^')) return base;
    const minus = this.#take('sign', '-');
    const exponent = this.#power();
    return {
      kind: 'binary',
      op: '^',
      left: base,
      right: minus ? { kind: 'unary', op: '-', value: exponent } : exponent,
    };
  }

  #postfix(): Expression {
    const value = this.#primary();
    if (!isLvalue(value)) return value;
    if (this.#take('sign', '++')) return { kind: 'step', target: value, by: 1, prefix: false };
    if (this.#take('sign', '--')) return { kind: 'step', target: value, by: -1, prefix: false };
    return value;
  }

  #primary(): Expression {
    const token = this.#token;
    this.#at++;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.number ?? 0 };
      case 'string':
        return { kind: 'string', value: token.text };
      case 'regex':
        return { kind: 'regex', source: token.text };
      case 'name':
        return this.#name(token.text);
      case 'function-name':
        return this.#call(token);
      case 'keyword':
        if (token.text === 'getline') return this.#getline();
        break;
      case 'sign':
        if (token.text === '(') return this.#grouping();
        if (token.text === '$') return { kind: 'field', index: this.#fieldIndex() };
        if (token.text === '++' || token.text === '--') {
          const target = this.#primary();
          if (!isLvalue(target)) break;
          return { kind: 'step', target, by: token.text === '++' ? 1 : -1, prefix: true };
        }
    }
    this.#at--;
    return this.#bad();
  }

  /** What `$` takes: a primary, `++i`, `-1`; not `i++`, which belongs to the field. */
  #fieldIndex(): Expression {
    if (this.#take('sign', '-')) return { kind: 'unary', op: '-', value: this.#primary() };
    return this.#primary();
  }

  #name(name: string): Expression {
    if ((BUILTINS as readonly string[]).includes(name)) {
      if (name !== 'length') this.#bad();
      return { kind: 'builtin', name, args: [] };
    }
    if (!this.#take('sign', '[')) return { kind: 'name', name };
    const subscript = this.#inParentheses(() => this.#list());
    this.#expect('sign', ']');
    return { kind: 'element', array: name, subscript };
  }

  #call(token: Token): Expression {
    this.#expect('sign', '(');
    this.#newlines();
    const args = this.#is('sign', ')') ? [] : this.#inParentheses(() => this.#list());
    this.#newlines();
    if (!this.#take('sign', ')')) {
      const { kind, line } = this.#token;
      if (kind === 'end')
        throw new AwkError(
          `line ${line}: missing ) near end of line\nawk: line ${line + 1}: missing } near end of file`,
        );
      if (kind === 'newline') throw new AwkError(`line ${line}: missing ) near end of line`);
      this.#bad();
    }
    const builtin = BUILTINS.find((name) => name === token.text);
    if (builtin !== undefined) return { kind: 'builtin', name: builtin as Builtin, args };
    this.#calls.push({ name: token.text, line: token.line });
    return { kind: 'call', name: token.text, args, line: token.line };
  }

  #grouping(): Expression {
    const values = this.#inParentheses(() => this.#list());
    this.#expect('sign', ')');
    if (values.length === 1) return values[0] as Expression;
    this.#expect('keyword', 'in');
    return { kind: 'in', subscript: values, array: this.#expect('name').text };
  }

  #getline(): Expression {
    const target = this.#optionalLvalue();
    if (this.#take('sign', '<')) return { kind: 'getline', target, from: { kind: 'file', name: this.#postfix() } };
    return { kind: 'getline', target, from: { kind: 'input' } };
  }

  #optionalLvalue(): Lvalue | undefined {
    if (!this.#is('name') && !this.#is('sign', '$')) return undefined;
    const value = this.#primary();
    return isLvalue(value) ? value : this.#bad();
  }
}

const isLvalue = (value: Expression): value is Lvalue =>
  value.kind === 'name' || value.kind === 'field' || value.kind === 'element';
