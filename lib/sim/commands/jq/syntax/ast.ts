import type { Json } from '../values/json.ts';

/** A jq program: every expression makes any number of outputs from one input. `at` is its place in the source. */
export type Ast =
  | { readonly kind: 'identity' }
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'pipe' | 'comma' | 'and' | 'or' | 'alternative'; readonly left: Ast; readonly right: Ast }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Ast[]; readonly at: number }
  | { readonly kind: 'variable'; readonly name: string; readonly at: number }
  | { readonly kind: 'index'; readonly term: Ast; readonly key: Ast }
  | { readonly kind: 'slice'; readonly term: Ast; readonly from: Ast | undefined; readonly to: Ast | undefined }
  | { readonly kind: 'iterate'; readonly term: Ast }
  | { readonly kind: 'try'; readonly body: Ast; readonly handler: Ast | undefined }
  | { readonly kind: 'if'; readonly condition: Ast; readonly yes: Ast; readonly no: Ast }
  | { readonly kind: 'bind'; readonly source: Ast; readonly patterns: readonly Pattern[]; readonly body: Ast }
  | {
      readonly kind: 'reduce' | 'foreach';
      readonly source: Ast;
      readonly patterns: readonly Pattern[];
      readonly init: Ast;
      readonly update: Ast;
      readonly extract: Ast;
    }
  | { readonly kind: 'define'; readonly definition: Definition; readonly body: Ast }
  | { readonly kind: 'label'; readonly name: string; readonly body: Ast }
  | { readonly kind: 'break'; readonly name: string; readonly at: number }
  | { readonly kind: 'array'; readonly body: Ast }
  | { readonly kind: 'object'; readonly members: readonly { readonly key: Ast; readonly value: Ast }[] }
  /** `@name "text\(…)"`: what is interpolated goes through the format. */
  | { readonly kind: 'string'; readonly format: string; readonly parts: readonly (string | Ast)[] };

/** What `as` takes a value apart by. `key` may bind a variable as well: `{$a: [$b]}`. */
export type Pattern =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'array'; readonly items: readonly Pattern[] }
  | {
      readonly kind: 'object';
      readonly members: readonly {
        readonly key: Ast;
        readonly variable: string | undefined;
        readonly value: Pattern | undefined;
      }[];
    };

export type Definition = {
  readonly name: string;
  /** `$x` is a parameter that is also bound to each of its values. */
  readonly parameters: readonly string[];
  readonly body: Ast;
};

export const call = (name: string, args: readonly Ast[] = [], at = 0): Ast => ({ kind: 'call', name, args, at });
export const literal = (value: Json): Ast => ({ kind: 'literal', value });
export const IDENTITY: Ast = { kind: 'identity' };
