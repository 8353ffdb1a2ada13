import { parseSignal, SIGNALS, type Signal, type Wait } from '../../os/index.ts';
import { SET_OPTIONS, type SetOption, SHOPT_OPTIONS, type ShoptOption } from '../options.ts';
import { functionText } from '../run/print.ts';
import { installTrap } from '../run/traps.ts';
import type { Shell } from '../shell.ts';
import { type Builtins, parseOptions } from './builtin.ts';
import { plainLine } from './variables.ts';

type Run = Generator<Wait, number, void>;

const SET_USAGE = 'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]';
const OPTION_NAMES = Object.keys(SET_OPTIONS) as SetOption[];

const optionByLetter = (letter: string): SetOption | undefined =>
  OPTION_NAMES.find((name) => SET_OPTIONS[name] === letter);

function switchOption(shell: Shell, option: SetOption, on: boolean): void {
  if (on) shell.options.add(option);
  else shell.options.delete(option);
}

function* set(shell: Shell, args: readonly string[]): Run {
  if (args.length === 0) {
    yield* shell.process.print(
      shell.variables
        .all()
        .map(([name, variable]) => plainLine(name, variable))
        .join(''),
    );
    yield* shell.process.print(
      [...shell.functions]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { body }]) => functionText(name, body))
        .join(''),
    );
    return 0;
  }
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--' || arg === '-') {
      shell.positional = args.slice(i + 1);
      return 0;
    }
    if (!/^[-+]./.test(arg)) break;
    const on = arg.startsWith('-');
    if (arg.slice(1) === 'o') {
      const name = args[i + 1];
      if (name === undefined) return yield* listOptions(shell, on);
      if (!(yield* setByName(shell, name, on))) return 2;
      i++;
      continue;
    }
    const status = yield* setByLetters(shell, arg, on, args[i + 1]);
    if (status === 'used') i++;
    else if (status !== 'done') return status;
  }
  if (i < args.length) shell.positional = args.slice(i);
  return 0;
}

function* setByLetters(
  shell: Shell,
  arg: string,
  on: boolean,
  next: string | undefined,
): Generator<Wait, number | 'done' | 'used', void> {
  let used = false;
  for (const letter of arg.slice(1)) {
    if (letter === 'o' && next !== undefined) {
      if (!(yield* setByName(shell, next, on))) return 2;
      used = true;
      continue;
    }
    const option = optionByLetter(letter);
    if (option === undefined) {
      yield* shell.printError(`set: ${arg[0]}${letter}: invalid option`);
      yield* shell.process.printError(`set: usage: ${SET_USAGE}\n`);
      return 2;
    }
    switchOption(shell, option, on);
  }
  return used ? 'used' : 'done';
}

function* setByName(shell: Shell, name: string, on: boolean): Generator<Wait, boolean, void> {
  const option = OPTION_NAMES.find((one) => one === name);
  if (option === undefined) {
    yield* shell.printError(`set: ${name}: invalid option name`);
    return false;
  }
  switchOption(shell, option, on);
  return true;
}

function* listOptions(shell: Shell, readable: boolean): Run {
  const line = (name: SetOption) =>
    readable
      ? `${name.padEnd(15)}\t${shell.options.has(name) ? 'on' : 'off'}\n`
      : `set ${shell.options.has(name) ? '-' : '+'}o ${name}\n`;
  yield* shell.process.print(OPTION_NAMES.map(line).join(''));
  return 0;
}

function* shopt(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'shopt', 'shopt [-pqsu] [-o] [optname ...]', 'pqsuo', args);
  if (!parsed.ok) return parsed.status;
  const { flags, operands } = parsed;
  const names: readonly string[] = flags.has('o') ? OPTION_NAMES : SHOPT_OPTIONS;
  const enabled: Set<string> = flags.has('o') ? shell.options : shell.shopt;
  for (const name of operands) {
    if (names.includes(name)) continue;
    yield* shell.printError(`shopt: ${name}: invalid shell option name`);
    return 1;
  }
  if (operands.length > 0 && (flags.has('s') || flags.has('u'))) {
    for (const name of operands) {
      if (flags.has('s')) enabled.add(name as ShoptOption & SetOption);
      else enabled.delete(name);
    }
    return 0;
  }
  const shown = (operands.length > 0 ? operands : names).filter((name) =>
    flags.has('s') ? enabled.has(name) : flags.has('u') ? !enabled.has(name) : true,
  );
  const line = (name: string) =>
    flags.has('p')
      ? `shopt ${enabled.has(name) ? '-s' : '-u'} ${name}\n`
      : `${name.padEnd(15)}\t${enabled.has(name) ? 'on' : 'off'}\n`;
  if (!flags.has('q')) yield* shell.process.print(shown.map(line).join(''));
  return operands.every((name) => enabled.has(name)) ? 0 : 1;
}

type TrapName = Signal | 'EXIT' | 'ERR' | 'RETURN' | 'DEBUG';

function trapName(text: string): TrapName | undefined {
  if (text === '0') return 'EXIT';
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (name === 'EXIT' || name === 'ERR' || name === 'RETURN' || name === 'DEBUG') return name;
  return parseSignal(text);
}

const trapOrder = (name: TrapName): number =>
  name === 'EXIT' ? 0 : SIGNALS.includes(name as Signal) ? SIGNALS.indexOf(name as Signal) + 1 : 100;

const printedName = (name: TrapName): string => (SIGNALS.includes(name as Signal) ? `SIG${name}` : name);

function* trap(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'trap', 'trap [-lp] [[arg] signal_spec ...]', 'lp', args);
  if (!parsed.ok) return parsed.status;
  const { flags, operands } = parsed;
  if (flags.has('l')) return yield* shell.executor.runWords(shell, ['kill', '-l'], { functions: false });
  if (operands.length === 0 || flags.has('p')) return yield* showTraps(shell, operands);
  const [action = ''] = operands;
  const resets = action === '-' || (operands.length === 1 && trapName(action) !== undefined);
  const names = operands.length === 1 ? operands : operands.slice(1);
  let status = 0;
  for (const text of names) {
    const name = trapName(text);
    if (name === undefined) {
      yield* shell.printError(`trap: ${text}: invalid signal specification`);
      status = 1;
    } else setTrap(shell, name, resets ? undefined : action);
  }
  return status;
}

function setTrap(shell: Shell, name: TrapName, action: string | undefined): void {
  if (action === undefined) shell.traps.delete(name);
  else shell.traps.set(name, action);
  if (name !== 'EXIT' && name !== 'ERR' && name !== 'RETURN' && name !== 'DEBUG') installTrap(shell, name, action);
}

function* showTraps(shell: Shell, names: readonly string[]): Run {
  const wanted = names.map(trapName);
  const shown = [...shell.traps]
    .filter(([name]) => wanted.length === 0 || wanted.includes(name))
    .sort(([a], [b]) => trapOrder(a) - trapOrder(b));
  yield* shell.process.print(
    shown.map(([name, action]) => `trap -- '${action.replaceAll("'", "'\\''")}' ${printedName(name)}\n`).join(''),
  );
  return 0;
}

export const settingBuiltins: Builtins = {
  set: { usage: SET_USAGE, run: set },
  shopt: { usage: 'shopt [-pqsu] [-o] [optname ...]', run: shopt },
  trap: { usage: 'trap [-lp] [[arg] signal_spec ...]', run: trap },
};
