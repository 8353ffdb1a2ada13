import type { Wait } from '../../os/index.ts';
import { ExpansionError } from '../run/control.ts';
import type { Shell } from '../shell.ts';
import { AssociativeArray, lastIndex, ReadonlyError } from '../variables.ts';
import { ArithmeticError, type ArithmeticVariables, evaluateArithmetic } from './arithmetic.ts';

/** The shell's variables, as expressions see them. */
function arithmeticVariables(shell: Shell): ArithmeticVariables {
  const { variables } = shell;
  const keyOf = (name: string, subscript: string): string => {
    if (variables.find(name)?.value instanceof AssociativeArray) return subscript.replace(/^(["'])(.*)\1$/, '$2');
    return indexKey(shell, name, String(evaluateArithmetic(subscript, self)));
  };
  const self: ArithmeticVariables = {
    get(name, subscript) {
      if (subscript === undefined) return variables.get(name);
      const value = variables.find(name)?.value;
      const key = keyOf(name, subscript);
      if (value instanceof AssociativeArray) return value.get(key);
      return value instanceof Map ? value.get(Number(key)) : key === '0' ? value : undefined;
    },
    set(name, subscript, value) {
      if (subscript === undefined) variables.set(name, value);
      else variables.setElement(name, keyOf(name, subscript), value);
    },
    unset(name) {
      if (shell.options.has('nounset')) throw new ExpansionError(`${name}: unbound variable`, 127, true);
    },
  };
  return self;
}

/** A negative subscript counts from the end. */
export function indexKey(shell: Shell, name: string, key: string): string {
  if (!key.startsWith('-')) return key;
  const value = shell.variables.find(name)?.value;
  const last =
    value instanceof Map && !(value instanceof AssociativeArray) ? lastIndex(value) : value === undefined ? -1 : 0;
  const index = last + 1 + Number(key);
  if (index < 0) throw new ExpansionError(`${name}: bad array subscript`, 1, false);
  return String(index);
}

/** Evaluates an expression; what is wrong with it is an error of the expansion. */
// biome-ignore lint/correctness/useYield: one of the family of expansions, which may all wait
export function* expandArithmetic(shell: Shell, expression: string): Generator<Wait, bigint, void> {
  return arithmetic(shell, expression);
}

export function arithmetic(shell: Shell, expression: string): bigint {
  try {
    return evaluateArithmetic(expression, arithmeticVariables(shell));
  } catch (error) {
    if (error instanceof ArithmeticError || error instanceof ReadonlyError)
      throw new ExpansionError(error.message, 1, false);
    throw error;
  }
}
