/**
 * jq 1.6's grammar (its src/parser.y). Each rule has a name, by which the tree says what it is, and its symbols as syntax
 * errors print them; `%x` at the end gives it the precedence of x. `error` stands where the parser may pick up again.
 */
const RULES = `
TopLevel
  program           Module Imports Exp
  library           Module Imports FuncDefs
Module
  no-module
  module            module Exp ';'
Imports
  no-imports
  imports           Import Imports
Import
  import-plain      ImportWhat ';'
  import-with       ImportWhat Exp ';'
ImportWhat
  import-data       import String as '$' IDENT
  import            import String as IDENT
  include           include String
FuncDefs
  no-definitions
  definitions       FuncDef FuncDefs
FuncDef
  function          def IDENT ':' Exp ';'
  function-with     def IDENT '(' Params ')' ':' Exp ';'
Params
  only              Param
  list              Params ';' Param
Param
  value-parameter   '$' IDENT
  parameter         IDENT
Exp
  define            FuncDef Exp %FUNCDEF
  bind              Term as Patterns '|' Exp
  reduce            reduce Term as Patterns '(' Exp ';' Exp ')'
  foreach-extract   foreach Term as Patterns '(' Exp ';' Exp ';' Exp ')'
  foreach           foreach Term as Patterns '(' Exp ';' Exp ')'
  if                if Exp then Exp ElseBody
  unfinished-if     if Exp then error
  try-catch         try Exp catch Exp
  try               try Exp
  unfinished-try    try Exp catch error
  label             label '$' IDENT '|' Exp
  optional          Exp '?'
  assign            Exp '=' Exp
  or                Exp or Exp
  and               Exp and Exp
  alternative       Exp // Exp
  update            Exp //= Exp
  modify            Exp |= Exp
  pipe              Exp '|' Exp
  comma             Exp ',' Exp
  operator          Exp '+' Exp
  update            Exp += Exp
  negate            '-' Exp
  operator          Exp '-' Exp
  update            Exp -= Exp
  operator          Exp '*' Exp
  update            Exp *= Exp
  operator          Exp '/' Exp
  operator          Exp '%' Exp
  update            Exp /= Exp
  update            Exp %= Exp
  operator          Exp == Exp
  operator          Exp != Exp
  operator          Exp '<' Exp
  operator          Exp '>' Exp
  operator          Exp <= Exp
  operator          Exp >= Exp
  only              Term
ElseBody
  elif              elif Exp then Exp ElseBody
  else              else Exp end
Patterns
  list              RepPatterns ?// Pattern
  only              Pattern
RepPatterns
  list              RepPatterns ?// Pattern
  only              Pattern
Pattern
  name-pattern      '$' IDENT
  array-pattern     '[' ArrayPats ']'
  object-pattern    '{' ObjPats '}'
ArrayPats
  only              Pattern
  list              ArrayPats ',' Pattern
ObjPats
  only              ObjPat
  list              ObjPats ',' ObjPat
ObjPat
  name-member       '$' IDENT
  name-member-with  '$' IDENT ':' Pattern
  word-member       IDENT ':' Pattern
  word-member       Keyword ':' Pattern
  string-member     String ':' Pattern
  computed-member   '(' Exp ')' ':' Pattern
  bad-member        error ':' Pattern
Term
  identity          '.'
  recurse           ..
  break             break '$' IDENT
  lost-break        break error
  try-field         Term FIELD '?'
  try-first-field   FIELD '?'
  try-string        Term '.' String '?'
  try-first-string  '.' String '?'
  field             Term FIELD %NONOPT
  first-field       FIELD %NONOPT
  string-index      Term '.' String %NONOPT
  first-string      '.' String %NONOPT
  bad-field         '.' error
  bad-field         '.' IDENT error
  try-index         Term '[' Exp ']' '?'
  index             Term '[' Exp ']' %NONOPT
  try-iterate       Term '[' ']' '?'
  iterate           Term '[' ']' %NONOPT
  try-slice         Term '[' Exp ':' Exp ']' '?'
  try-slice-from    Term '[' Exp ':' ']' '?'
  try-slice-to      Term '[' ':' Exp ']' '?'
  slice             Term '[' Exp ':' Exp ']' %NONOPT
  slice-from        Term '[' Exp ':' ']' %NONOPT
  slice-to          Term '[' ':' Exp ']' %NONOPT
  literal           LITERAL
  only              String
  format            FORMAT
  parentheses       '(' Exp ')'
  array             '[' Exp ']'
  empty-array       '[' ']'
  object            '{' MkDict '}'
  location          '$' __loc__
  variable          '$' IDENT
  name              IDENT
  call              IDENT '(' Args ')'
  bad-term          '(' error ')'
  bad-term          '[' error ']'
  bad-term          Term '[' error ']'
  bad-term          '{' error '}'
Args
  only              Exp
  list              Args ';' Exp
String
  string            QQSTRING_START QQString QQSTRING_END
  format-string     FORMAT QQSTRING_START QQString QQSTRING_END
QQString
  no-text
  text              QQString QQSTRING_TEXT
  interpolation     QQString QQSTRING_INTERP_START Exp QQSTRING_INTERP_END
MkDict
  no-pairs
  only              MkDictPair
  list              MkDictPair ',' MkDict
  bad-pairs         error ',' MkDict
MkDictPair
  word-pair         IDENT ':' ExpD
  word-pair         Keyword ':' ExpD
  string-pair       String ':' ExpD
  string-key        String
  variable-key      '$' IDENT
  word-key          IDENT
  computed-pair     '(' Exp ')' ':' ExpD
  bad-pair          error ':' ExpD
ExpD
  pipe              ExpD '|' ExpD
  negate            '-' ExpD
  only              Term
Keyword
  ${'as def module import include if then else elif reduce foreach end and or try catch label break __loc__'
    .split(' ')
    .map((word) => `keyword           ${word}`)
    .join('\n  ')}
`;

/** In the order in which jq declares them: a syntax error lists what it expected in this order. */
export const TERMINALS: readonly string[] = [
  ...'$end error INVALID_CHARACTER IDENT FIELD LITERAL FORMAT .. %= == != // as def module import include'.split(' '),
  ...'if then else elif reduce foreach end and or try catch label break __loc__'.split(' '),
  ...'|= += -= *= /= //= <= >= ?//'.split(' '),
  ...'QQSTRING_START QQSTRING_TEXT QQSTRING_INTERP_START QQSTRING_INTERP_END QQSTRING_END'.split(' '),
  ...'|,=<>+-*/%?;()$:.[]{}'.split('').map((sign) => `'${sign}'`),
];

export type Associativity = 'left' | 'right' | 'none' | 'only';

/** From the loosest to the tightest. */
export const PRECEDENCE: readonly (readonly [Associativity, ...string[]])[] = [
  ['only', 'FUNCDEF'],
  ['right', "'|'"],
  ['left', "','"],
  ['right', '//'],
  ['none', "'='", '|=', '+=', '-=', '*=', '/=', '%=', '//='],
  ['left', 'or'],
  ['left', 'and'],
  ['none', '!=', '==', "'<'", "'>'", '<=', '>='],
  ['left', "'+'", "'-'"],
  ['left', "'*'", "'/'", "'%'"],
  ['only', 'NONOPT'],
  ['only', "'?'"],
  ['only', 'try'],
  ['only', 'catch'],
];

export type Rule = {
  readonly name: string;
  readonly left: string;
  readonly right: readonly string[];
  /** The symbol whose precedence it has. */
  readonly precedence: string | undefined;
};

/** The rules; the first one is what a whole program is. */
export function readRules(): Rule[] {
  const rules: Rule[] = [{ name: 'accept', left: '$accept', right: ['TopLevel', '$end'], precedence: undefined }];
  let left = '';
  for (const line of RULES.split('\n')) {
    if (!line.startsWith(' ')) {
      left = line;
      continue;
    }
    const [name = '', ...symbols] = line.trim().split(/\s+/);
    const stated = symbols.at(-1)?.match(/^%([A-Z]+)$/)?.[1];
    const right = stated === undefined ? symbols : symbols.slice(0, -1);
    const precedence = stated ?? right.findLast((symbol) => TERMINALS.includes(symbol));
    rules.push({ name, left, right, precedence });
  }
  return rules;
}
