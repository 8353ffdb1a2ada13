import { type KeyField, type Operand, prefixBorders, type Scalar } from '../../kernel/nftables/index.ts';
import type { Ast } from './ast.ts';
import { type Datatype, knownType, type Names } from './datatypes.ts';
import { NftProblem, NotSimulated } from './location.ts';

/** Turns what was written into values of a type. */
export class ValueReader {
  constructor(readonly names: Names) {}

  /** One value. */
  scalar(ast: Ast, typeName: string): Scalar {
    const type = knownType(typeName);
    switch (ast.kind) {
      case 'symbol': {
        const parsed = type.parse(ast.text, this.names);
        if ('error' in parsed) throw new NftProblem(parsed.error, ast.at);
        return parsed.value;
      }
      case 'binary':
        return combine(ast.op, this.scalar(ast.left, typeName), this.scalar(ast.right, typeName), ast);
      case 'list':
        return this.#flags(ast.items, type, ast);
      case 'wildcard':
        throw new NotSimulated(`wildcard in ${typeName}`);
      default:
        throw new NftProblem(`Value expected, found ${ast.kind} expression`, ast.at);
    }
  }

  #flags(items: readonly Ast[], type: Datatype, ast: Ast): number {
    if (type.isFlags !== true) throw new NftProblem(`Basetype of type ${type.name} is not bitmask`, ast.at);
    return items.reduce((sum, item) => sum | Number(this.scalar(item, type.name)), 0);
  }

  /** What a match compares with. `flags`: several bits mean any of them. */
  operand(ast: Ast, typeName: string, flags: boolean): Operand {
    const type = knownType(typeName);
    if (ast.kind === 'range') {
      const { from, to } = this.#range(ast, typeName);
      return { kind: 'range', from, to };
    }
    if (ast.kind === 'prefix') {
      const { value, length } = this.#prefix(ast, type);
      return length === type.bits ? { kind: 'value', value } : { kind: 'prefix', value, length };
    }
    if (ast.kind === 'wildcard' && ast.text === '*')
      throw new NftProblem('All-wildcard strings are not supported', ast.at);
    if (ast.kind === 'wildcard') return { kind: 'wildcard', prefix: ast.text.replace(/\\?\*$/, '') };
    const value = this.scalar(ast, typeName);
    return flags && type.isFlags === true ? { kind: 'flags', value: Number(value) } : { kind: 'value', value };
  }

  /** One field of an element's key. */
  field(ast: Ast, typeName: string): KeyField {
    const type = knownType(typeName);
    if (ast.kind === 'range') return this.#range(ast, typeName);
    if (ast.kind === 'prefix') {
      const { value, length } = this.#prefix(ast, type);
      const [from, to] = prefixBorders(value, length);
      return { from, to };
    }
    if (ast.kind === 'wildcard') {
      const prefix = ast.text.replace(/\\?\*$/, '');
      return { from: prefix, to: `${prefix}\uffff` };
    }
    const value = this.scalar(ast, typeName);
    return { from: value, to: value };
  }

  #range(ast: Extract<Ast, { kind: 'range' }>, typeName: string): KeyField {
    const from = this.scalar(ast.from, typeName);
    const to = this.scalar(ast.to, typeName);
    if (from >= to) throw new NftProblem('Range has zero or negative size', ast.at);
    return { from, to };
  }

  #prefix({ of, length, at }: Extract<Ast, { kind: 'prefix' }>, type: Datatype): { value: Scalar; length: number } {
    const value = this.scalar(of, type.name);
    if (length > type.bits)
      throw new NftProblem(`Prefix length ${length} is invalid for type of ${type.bits} bits width`, at);
    return { value: prefixBorders(value, length)[0], length };
  }
}

function combine(op: string, a: Scalar, b: Scalar, { at }: Ast): number | bigint {
  if (typeof a === 'string' || typeof b === 'string') throw new NftProblem('Binary operation is undefined here', at);
  if (typeof a === 'bigint' || typeof b === 'bigint') throw new NotSimulated('binary operations on IPv6 addresses');
  switch (op) {
    case 'and':
      return (a & b) >>> 0;
    case 'or':
      return (a | b) >>> 0;
    case 'xor':
      return (a ^ b) >>> 0;
    case 'lshift':
      return (a << b) >>> 0;
    default:
      return a >>> b;
  }
}
