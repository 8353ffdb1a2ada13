/**
 * What bash's grammar (bash(1), SHELL GRAMMAR) makes of a text. Nothing is expanded yet; `line` is 1-based in its source.
 */
export type Word = {
  readonly parts: readonly Part[];
  /** As it was typed, for messages and for `type`. */
  readonly text: string;
  /** Set where the word has the form of an assignment, whatever position it stands in. */
  readonly assignment?: Assignment;
};

export type Part =
  /** Unquoted text: its blanks are gone, its glob characters and braces count. */
  | { readonly type: 'literal'; readonly text: string }
  /** '…', $'…' or \x: only itself. */
  | { readonly type: 'quoted'; readonly text: string }
  /** "…" */
  | { readonly type: 'double'; readonly parts: readonly Part[] }
  | ParamPart
  /** $(…) or `…` */
  | { readonly type: 'command'; readonly body: Script }
  /** A backquoted command is parsed when it runs, as bash does. */
  | { readonly type: 'backquote'; readonly source: string; readonly line: number }
  /** $((…)) */
  | { readonly type: 'arith'; readonly expression: readonly Part[] }
  /** <(…) or >(…) */
  | { readonly type: 'process'; readonly direction: '<' | '>'; readonly body: Script };

export type ParamPart = {
  readonly type: 'param';
  readonly name: string;
  /** ${a[index]}; `@` and `*` stand for themselves. */
  readonly index?: readonly Part[] | '@' | '*';
  /** ${!name} */
  readonly indirect?: boolean;
  /** ${#name} */
  readonly length?: boolean;
  /** ${!prefix*} and ${!prefix@} */
  readonly prefix?: '*' | '@';
  readonly op?: ParamOp;
  readonly text: string;
};

export type ParamOp =
  | {
      readonly kind: 'default' | 'assign' | 'error' | 'alternate';
      readonly colon: boolean;
      readonly word: readonly Part[];
    }
  | {
      readonly kind: 'remove';
      readonly side: 'prefix' | 'suffix';
      readonly greedy: boolean;
      readonly pattern: readonly Part[];
    }
  | {
      readonly kind: 'replace';
      readonly where: 'first' | 'all' | 'prefix' | 'suffix';
      readonly pattern: readonly Part[];
      readonly by: readonly Part[];
    }
  | { readonly kind: 'case'; readonly to: 'upper' | 'lower'; readonly all: boolean; readonly pattern: readonly Part[] }
  | { readonly kind: 'slice'; readonly offset: readonly Part[]; readonly length?: readonly Part[] }
  | { readonly kind: 'transform'; readonly letter: string }
  /** Anything else: an error when it is expanded. */
  | { readonly kind: 'bad' };

export type Assignment = {
  readonly name: string;
  readonly index?: readonly Part[];
  readonly append: boolean;
  readonly value: Word | { readonly array: readonly ArrayElement[] };
};

export type ArrayElement = { readonly key?: readonly Part[]; readonly append?: boolean; readonly value: Word };

export type Redirect = {
  /** `2>`, `{fd}>`; undefined: the operator's own default. */
  readonly fd?: number | { readonly variable: string };
  readonly op: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '&>' | '&>>' | '<<<' | '<<';
  readonly target: Word;
  /** Here-document: its body, filled in when the line ends. */
  readonly body?: { parts: readonly Part[] };
};

export type Script = { readonly items: readonly Item[] };
export type Item = { readonly list: AndOr; readonly background: boolean };
export type AndOr = {
  readonly first: Pipeline;
  readonly rest: readonly { readonly op: '&&' | '||'; readonly pipeline: Pipeline }[];
  readonly text: string;
};
export type Pipeline = {
  readonly commands: readonly Command[];
  readonly negated: boolean;
  /** The `time` keyword, with `-p` for POSIX's format. */
  readonly timed: 'no' | 'bash' | 'posix';
  /** As jobs list it. */
  readonly text: string;
};

export type Command = {
  readonly line: number;
  readonly redirects: readonly Redirect[];
  readonly text: string;
} & CommandBody;

export type SimpleCommand = Extract<Command, { type: 'simple' }>;

export type CommandBody =
  | { readonly type: 'simple'; readonly assignments: readonly Assignment[]; readonly words: readonly Word[] }
  | { readonly type: 'subshell' | 'group'; readonly body: Script }
  | {
      readonly type: 'if';
      readonly branches: readonly { readonly condition: Script; readonly body: Script }[];
      readonly otherwise?: Script;
    }
  | { readonly type: 'for' | 'select'; readonly name: string; readonly words?: readonly Word[]; readonly body: Script }
  | {
      readonly type: 'arithFor';
      readonly init: readonly Part[];
      readonly test: readonly Part[];
      readonly step: readonly Part[];
      readonly body: Script;
    }
  | { readonly type: 'while' | 'until'; readonly condition: Script; readonly body: Script }
  | { readonly type: 'case'; readonly subject: Word; readonly clauses: readonly CaseClause[] }
  | { readonly type: 'function'; readonly name: string; readonly body: Command }
  | { readonly type: 'arith'; readonly expression: readonly Part[]; readonly source: string }
  | { readonly type: 'cond'; readonly test: Cond };

export type CaseClause = {
  readonly patterns: readonly Word[];
  readonly body: Script;
  readonly end: ';;' | ';&' | ';;&';
};

/** [[ … ]] */
export type Cond =
  | { readonly type: 'and' | 'or'; readonly left: Cond; readonly right: Cond }
  | { readonly type: 'not'; readonly operand: Cond }
  | { readonly type: 'unary'; readonly op: string; readonly operand: Word }
  | { readonly type: 'binary'; readonly op: string; readonly left: Word; readonly right: Word };
