import { Regex, RegexError, RegexTooSlow, type Wait } from '../../os/index.ts';
import { arithmetic } from '../expand/arithmetic-expansion.ts';
import { expandParts, expandPattern, expandText } from '../expand/expand.ts';
import { Pattern } from '../expand/pattern.ts';
import type { Shell } from '../shell.ts';
import type { Cond, Part } from '../syntax/ast.ts';
import { compareFiles, fileTest } from './file-test.ts';
import { traceLine, traceWord } from './trace.ts';

/** [[ … ]] */
export function* evaluateCondition(shell: Shell, test: Cond): Generator<Wait, boolean, void> {
  switch (test.type) {
    case 'and':
      return (yield* evaluateCondition(shell, test.left)) && (yield* evaluateCondition(shell, test.right));
    case 'or':
      return (yield* evaluateCondition(shell, test.left)) || (yield* evaluateCondition(shell, test.right));
    case 'not':
      return !(yield* evaluateCondition(shell, test.operand));
    case 'unary': {
      const operand = yield* expandText(shell, test.operand.parts, 'word');
      if (shell.options.has('xtrace')) yield* traceLine(shell, `[[ ${test.op} ${traceWord(operand)} ]]`);
      return unaryTest(shell, test.op, operand);
    }
    case 'binary':
      return yield* binaryTest(shell, test);
  }
}

export function unaryTest(shell: Shell, op: string, operand: string): boolean {
  switch (op) {
    case '-n':
      return operand !== '';
    case '-z':
      return operand === '';
    case '-o':
      return [...shell.options].some((option) => option === operand);
    case '-v':
      return isSet(shell, operand);
    case '-R':
      return shell.variables.findOwn(operand)?.nameref === true;
    default:
      return fileTest(shell.process, op, operand);
  }
}

function isSet(shell: Shell, name: string): boolean {
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(name);
  if (element === null)
    return /^\d+$/.test(name) ? shell.positional.length >= Number(name) : shell.variables.get(name) !== undefined;
  const value = shell.variable(element[1] as string)?.value;
  const key = element[2] as string;
  if (key === '@' || key === '*') return value instanceof Map ? value.size > 0 : value !== undefined;
  return value instanceof Map && [...value.keys()].some((one) => String(one) === key);
}

function* binaryTest(shell: Shell, test: Extract<Cond, { type: 'binary' }>): Generator<Wait, boolean, void> {
  const left = yield* expandText(shell, test.left.parts, 'word');
  const trace = function* (right: string): Generator<Wait, void, void> {
    if (shell.options.has('xtrace')) yield* traceLine(shell, `[[ ${traceWord(left)} ${test.op} ${right} ]]`);
  };
  switch (test.op) {
    case '=':
    case '==':
    case '!=': {
      const pattern = yield* expandPattern(shell, test.right.parts);
      yield* trace(pattern);
      return new Pattern(pattern, { ignoreCase: shell.shopt.has('nocasematch') }).matches(left) === (test.op !== '!=');
    }
    case '=~':
      return yield* matchRegex(shell, left, test.right.parts);
    default: {
      const right = yield* expandText(shell, test.right.parts, 'word');
      yield* trace(traceWord(right));
      return compare(shell, test.op, left, right);
    }
  }
}

function compare(shell: Shell, op: string, left: string, right: string): boolean {
  if (op === '<') return left < right;
  if (op === '>') return left > right;
  if (op === '-ef' || op === '-nt' || op === '-ot') return compareFiles(shell.process, op, left, right);
  return compareNumbers(op, arithmetic(shell, left), arithmetic(shell, right));
}

export function compareNumbers(op: string, a: bigint, b: bigint): boolean {
  switch (op) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    default:
      return a >= b;
  }
}

/** =~ with an extended regular expression; quoted parts of it stand for themselves. Sets BASH_REMATCH. */
function* matchRegex(shell: Shell, text: string, parts: readonly Part[]): Generator<Wait, boolean, void> {
  const fragments = yield* expandParts(shell, parts, { double: false, tilde: 'none' });
  const source = fragments
    .map((fragment) =>
      fragment === 'break'
        ? ' '
        : fragment.quoted
          ? fragment.text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
          : fragment.text,
    )
    .join('');
  if (shell.options.has('xtrace')) yield* traceLine(shell, `[[ ${traceWord(text)} =~ ${source} ]]`);
  try {
    const match = new Regex(source, 'extended', { ignoreCase: shell.shopt.has('nocasematch') }).exec(text);
    const groups =
      match === undefined ? [] : [text.slice(match.start, match.end), ...match.groups.map((group) => group ?? '')];
    shell.variables.setArray(
      'BASH_REMATCH',
      groups.map((group) => [undefined, group] as const),
      false,
    );
    return match !== undefined;
  } catch (error) {
    if (!(error instanceof RegexError || error instanceof RegexTooSlow)) throw error;
    shell.status = 2;
    return false;
  }
}
