import type { Wait } from '../../os/index.ts';
import { arithmetic, indexKey } from '../expand/arithmetic-expansion.ts';
import { ansiQuote, attributes } from '../expand/operators.ts';
import { type PreparedArray, storeArray } from '../run/assign.ts';
import { ExpansionError } from '../run/control.ts';
import { functionText } from '../run/print.ts';
import type { Shell } from '../shell.ts';
import { AssociativeArray, elements, isName, type Variable } from '../variables.ts';
import { type Builtin, type BuiltinContext, type Builtins, parseOptions } from './builtin.ts';

type Run = Generator<Wait, number, void>;

/** A value inside double quotes, as `declare -p` prints it. */
export const doubleQuoted = (text: string): string =>
  /[\0-\x1f\x7f]/.test(text) ? ansiQuote(text) : `"${text.replace(/[\\"$`]/g, '\\$&')}"`;

const keyText = (key: string): string => (/^[\w.-]+$/.test(key) ? key : doubleQuoted(key));

export function declarationText(name: string, variable: Variable): string {
  const flags = attributes(variable);
  const head = `declare -${flags === '' ? '-' : flags} ${name}`;
  const { value } = variable;
  if (value === undefined) return `${head}\n`;
  if (!(value instanceof Map)) return `${head}=${doubleQuoted(value)}\n`;
  const items = elements(variable).map(([key, text]) => `[${keyText(key)}]=${doubleQuoted(text)}`);
  const tail = value instanceof AssociativeArray && items.length > 0 ? ' ' : '';
  return `${head}=(${items.join(' ')}${tail})\n`;
}

type Declaration = {
  readonly flags: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  readonly operands: readonly [string, PreparedArray | undefined][];
};

const DECLARE_USAGE = 'declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]';

/** Options may be taken away with `+`; positions matter, because arrays stand beside the words. */
function* parseDeclaration(
  shell: Shell,
  args: readonly string[],
  { name, arrays }: BuiltinContext,
  letters: string,
  usage: string,
): Generator<Wait, Declaration | undefined, void> {
  const flags = new Set<string>();
  const removed = new Set<string>();
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') {
      i++;
      break;
    }
    if (!/^[-+]./.test(arg) || arrays.has(i)) break;
    for (const letter of arg.slice(1)) {
      if (!letters.includes(letter)) {
        yield* shell.printError(`${name}: ${arg[0]}${letter}: invalid option`);
        yield* shell.process.printError(`${name}: usage: ${usage}\n`);
        return undefined;
      }
      (arg.startsWith('-') ? flags : removed).add(letter);
    }
  }
  return {
    flags,
    removed,
    operands: args.slice(i).map((text, k) => [text, arrays.get(i + k)] as [string, PreparedArray | undefined]),
  };
}

/** Where a name is declared: in the function at work, or in the shell. */
type Scope = 'local' | 'global';

function setAttributes(variable: Variable, flags: ReadonlySet<string>, removed: ReadonlySet<string>): void {
  for (const [set, on] of [
    [flags, true],
    [removed, false],
  ] as const) {
    if (set.has('x')) variable.exported = on;
    if (set.has('i')) variable.integer = on;
    if (set.has('n')) variable.nameref = on;
    if (set.has('l')) variable.case = on ? 'lower' : undefined;
    if (set.has('u')) variable.case = on ? 'upper' : undefined;
  }
  if (flags.has('A') && variable.value === undefined) variable.value = new AssociativeArray();
  if (flags.has('a') && !(variable.value instanceof Map))
    variable.value = new Map(variable.value === undefined ? [] : [[0, variable.value]]);
}

function* declareOne(
  shell: Shell,
  builtin: string,
  operand: string,
  array: PreparedArray | undefined,
  declaration: Declaration,
  scope: Scope,
): Generator<Wait, boolean, void> {
  const match = /^([^=+[]*)(?:\[([^\]]*)\])?(?:(\+?=)([^]*))?$/.exec(array === undefined ? operand : array.name);
  const name = match?.[1] ?? operand;
  if (match === null || !isName(name)) {
    yield* shell.printError(`${builtin}: \`${operand}': not a valid identifier`);
    return false;
  }
  const existing = scope === 'local' ? undefined : shell.variables.findOwn(name);
  if (existing?.readonly === true && (match[3] !== undefined || array !== undefined || declaration.removed.has('r'))) {
    yield* shell.printError(`${builtin}: ${name}: readonly variable`);
    return false;
  }
  const variable =
    scope === 'local' ? shell.variables.declareLocal(name) : shell.variables.declare(name, declaration.flags.has('g'));
  setAttributes(variable, declaration.flags, declaration.removed);
  if (array !== undefined) storeArray(shell, array, declaration.flags.has('A'));
  else if (match[3] !== undefined) assignDeclared(shell, variable, name, match[2], match[4] ?? '', match[3] === '+=');
  if (declaration.flags.has('r')) variable.readonly = true;
  return true;
}

function assignDeclared(
  shell: Shell,
  variable: Variable,
  name: string,
  subscript: string | undefined,
  value: string,
  append: boolean,
): void {
  if (variable.nameref && subscript === undefined) variable.value = value;
  else if (subscript === undefined) shell.variables.set(name, value, append);
  else {
    const key =
      variable.value instanceof AssociativeArray
        ? subscript
        : indexKey(shell, name, String(arithmetic(shell, subscript)));
    shell.variables.setElement(name, key, value, append);
  }
}

function makeDeclare(kind: 'declare' | 'local'): Builtin {
  return {
    usage: kind === 'local' ? 'local [option] name[=value] ...' : DECLARE_USAGE,
    declares: true,
    *run(shell, args, context): Run {
      if (kind === 'local' && shell.functionDepth === 0) {
        yield* shell.printError('local: can only be used in a function');
        return 1;
      }
      const declaration = yield* parseDeclaration(
        shell,
        args,
        context,
        'aAfFgiIlnprtux',
        kind === 'local' ? 'local [option] name[=value] ...' : DECLARE_USAGE.replaceAll('declare', context.name),
      );
      if (declaration === undefined) return 2;
      const { flags, operands } = declaration;
      if (flags.has('f') || flags.has('F'))
        return yield* showFunctions(
          shell,
          flags,
          operands.map(([text]) => text),
        );
      if (flags.has('p') || operands.length === 0)
        return yield* showVariables(
          shell,
          context.name,
          flags,
          operands.map(([text]) => text),
        );
      const scope = shell.functionDepth > 0 && !flags.has('g') ? 'local' : 'global';
      let status = 0;
      for (const [operand, array] of operands)
        if (!(yield* declareOne(shell, context.name, operand, array, declaration, scope))) status = 1;
      return status;
    },
  };
}

function* showFunctions(shell: Shell, flags: ReadonlySet<string>, names: readonly string[]): Run {
  const wanted = names.length > 0 ? names : [...shell.functions.keys()].sort();
  let status = 0;
  for (const name of wanted) {
    const definition = shell.functions.get(name);
    if (definition === undefined) status = 1;
    else if (flags.has('F')) yield* shell.process.print(names.length > 0 ? `${name}\n` : `declare -f ${name}\n`);
    else yield* shell.process.print(functionText(name, definition.body));
  }
  return status;
}

const FILTERS: Record<string, (variable: Variable) => boolean> = {
  a: (variable) => variable.value instanceof Map && !(variable.value instanceof AssociativeArray),
  A: (variable) => variable.value instanceof AssociativeArray,
  i: (variable) => variable.integer,
  x: (variable) => variable.exported,
  r: (variable) => variable.readonly,
  n: (variable) => variable.nameref,
};

function* showVariables(shell: Shell, builtin: string, flags: ReadonlySet<string>, names: readonly string[]): Run {
  let status = 0;
  for (const name of names) {
    const variable = shell.variables.findOwn(name);
    if (variable !== undefined) yield* shell.process.print(declarationText(name, variable));
    else {
      yield* shell.printError(`${builtin}: ${name}: not found`);
      status = 1;
    }
  }
  if (names.length > 0) return status;
  const filters = [...flags].map((letter) => FILTERS[letter]).filter((filter) => filter !== undefined);
  const shown = shell.variables.all().filter(([, variable]) => filters.every((filter) => filter(variable)));
  const line = ([name, variable]: [string, Variable]) =>
    flags.size > 0 ? declarationText(name, variable) : plainLine(name, variable);
  yield* shell.process.print(shown.map(line).join(''));
  return 0;
}

/** As `set` lists a variable. */
export function plainLine(name: string, variable: Variable): string {
  const { value } = variable;
  if (value === undefined) return '';
  if (value instanceof Map)
    return `${name}=(${elements(variable)
      .map(([key, text]) => `[${keyText(key)}]=${doubleQuoted(text)}`)
      .join(' ')})\n`;
  if (/^[\w@%+:,./=-]*$/.test(value)) return `${name}=${value}\n`;
  return `${name}=${/[\0-\x1f\x7f]/.test(value) ? ansiQuote(value) : `'${value.replaceAll("'", "'\\''")}'`}\n`;
}

/** export and readonly: one attribute, on or off. */
function makeAttribute(name: 'export' | 'readonly', letter: 'x' | 'r'): Builtin {
  const usage =
    name === 'export'
      ? 'export [-fn] [name[=value] ...] or export -p'
      : 'readonly [-aAf] [name[=value] ...] or readonly -p';
  return {
    usage,
    declares: true,
    *run(shell, args, context): Run {
      const declaration = yield* parseDeclaration(shell, args, context, name === 'export' ? 'fnp' : 'aAfp', usage);
      if (declaration === undefined) return 2;
      if (declaration.operands.length === 0) return yield* showVariables(shell, name, new Set([letter]), []);
      const off = declaration.flags.has('n');
      const flags = new Set<string>([...declaration.flags].filter((flag) => flag === 'a' || flag === 'A'));
      if (!off) flags.add(letter);
      const wanted: Declaration = { flags, removed: new Set(off ? ['x'] : []), operands: declaration.operands };
      let status = 0;
      for (const [operand, array] of declaration.operands)
        if (!(yield* declareOne(shell, name, operand, array, wanted, 'global'))) status = 1;
      return status;
    },
  };
}

const UNSET_USAGE = 'unset [-f] [-v] [-n] [name ...]';

function* unset(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'unset', UNSET_USAGE, 'fvn', args);
  if (!parsed.ok) return parsed.status;
  let status = 0;
  for (const operand of parsed.operands) {
    const element = /^(\w+)\[(.*)\]$/.exec(operand);
    const name = element?.[1] ?? operand;
    if (parsed.flags.has('f')) shell.functions.delete(operand);
    else if (!isName(name)) {
      // Without -v it may be the name of a function, and it is no error that there is none.
      if (!parsed.flags.has('v') && !parsed.flags.has('n')) continue;
      yield* shell.printError(`unset: \`${operand}': not a valid identifier`);
      status = 1;
    } else if (element !== null) unsetElement(shell, name, element[2] as string);
    else if (shell.variables.findOwn(name) === undefined && !parsed.flags.has('v') && shell.functions.has(name))
      shell.functions.delete(name);
    else if (!shell.variables.unset(parsed.flags.has('n') ? name : shell.variables.target(name))) {
      yield* shell.printError(`unset: ${name}: cannot unset: readonly variable`);
      status = 1;
    }
  }
  return status;
}

function unsetElement(shell: Shell, name: string, subscript: string): void {
  const { value } = shell.variable(name) ?? {};
  if (subscript === '@' || subscript === '*') shell.variables.unset(name);
  else
    shell.variables.unsetElement(
      name,
      value instanceof AssociativeArray ? subscript : indexKey(shell, name, String(arithmetic(shell, subscript))),
    );
}

function* let_(shell: Shell, args: readonly string[]): Run {
  if (args.length === 0) {
    yield* shell.printError('let: expression expected');
    return 1;
  }
  let last = 0n;
  try {
    for (const expression of args) last = arithmetic(shell, expression);
  } catch (error) {
    if (!(error instanceof ExpansionError) || error.fatal) throw error;
    yield* shell.printError(`let: ${error.message}`);
    return 1;
  }
  return last === 0n ? 1 : 0;
}

export const variableBuiltins: Builtins = {
  declare: makeDeclare('declare'),
  typeset: makeDeclare('declare'),
  local: makeDeclare('local'),
  export: makeAttribute('export', 'x'),
  readonly: makeAttribute('readonly', 'r'),
  unset: { usage: UNSET_USAGE, run: unset },
  let: { usage: 'let arg [arg ...]', run: let_ },
};
