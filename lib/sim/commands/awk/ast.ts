/** An awk program as it was read. */
export type Program = {
  readonly begin: readonly Statement[];
  readonly end: readonly Statement[];
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
};

export type Rule = {
  readonly pattern:
    | { readonly kind: 'always' }
    | { readonly kind: 'when'; readonly condition: Expression }
    | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression };
  /** undefined: print the record. */
  readonly body: Statement | undefined;
};

export type AwkFunction = { readonly name: string; readonly parameters: readonly string[]; body: Statement };

export type Redirect = { readonly kind: '>' | '>>' | '|'; readonly target: Expression };

export type Statement =
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'expression'; readonly value: Expression }
  | {
      readonly kind: 'print' | 'printf';
      readonly values: readonly Expression[];
      readonly redirect: Redirect | undefined;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: Statement;
      readonly otherwise: Statement | undefined;
    }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: Statement }
  | { readonly kind: 'do'; readonly body: Statement; readonly condition: Expression }
  | {
      readonly kind: 'for';
      readonly start: Statement | undefined;
      readonly condition: Expression | undefined;
      readonly step: Statement | undefined;
      readonly body: Statement;
    }
  | { readonly kind: 'for-in'; readonly name: string; readonly array: string; readonly body: Statement }
  | { readonly kind: 'break' | 'continue' | 'next' | 'nextfile' }
  | { readonly kind: 'exit' | 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'delete'; readonly array: string; readonly subscript: readonly Expression[] | undefined };

export type Lvalue =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'field'; readonly index: Expression }
  | { readonly kind: 'element'; readonly array: string; readonly subscript: readonly Expression[] };

export type Binary = '+' | '-' | '*' | '/' | '%' | '^' | '<' | '<=' | '==' | '!=' | '>' | '>=' | ' ';

export type Expression =
  | Lvalue
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'binary'; readonly op: Binary; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'logical'; readonly op: '&&' | '||'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'match'; readonly negated: boolean; readonly text: Expression; readonly pattern: Expression }
  | { readonly kind: 'in'; readonly subscript: readonly Expression[]; readonly array: string }
  | { readonly kind: 'unary'; readonly op: '+' | '-' | '!'; readonly value: Expression }
  | {
      readonly kind: 'ternary';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: 'assign'; readonly target: Lvalue; readonly op: Binary | undefined; readonly value: Expression }
  | { readonly kind: 'step'; readonly target: Lvalue; readonly by: 1 | -1; readonly prefix: boolean }
  | { readonly kind: 'builtin'; readonly name: Builtin; readonly args: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly line: number }
  | {
      readonly kind: 'getline';
      readonly target: Lvalue | undefined;
      readonly from: { readonly kind: 'input' } | { readonly kind: 'file' | 'command'; readonly name: Expression };
    };

export const BUILTINS = [
  'length',
  'substr',
  'index',
  'split',
  'sub',
  'gsub',
  'match',
  'sprintf',
  'sin',
  'cos',
  'atan2',
  'exp',
  'log',
  'sqrt',
  'int',
  'rand',
  'srand',
  'tolower',
  'toupper',
  'system',
  'close',
  'fflush',
  'systime',
  'strftime',
  'mktime',
] as const;
export type Builtin = (typeof BUILTINS)[number];

/** A program that awk refuses, or a run-time error: the text after `awk: `. */
export class AwkError extends Error {
  /** What stood in the output buffer, which mawk writes only when it ends: behind the message. */
  unwritten = '';
}
