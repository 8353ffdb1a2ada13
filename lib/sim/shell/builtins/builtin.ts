import type { Wait } from '../../os/index.ts';
import type { PreparedArray } from '../run/assign.ts';
import type { Shell } from '../shell.ts';

export type BuiltinContext = {
  /** The name it was called by. */
  readonly name: string;
  /** Array assignments among the arguments of a declaring builtin, by position. */
  readonly arrays: ReadonlyMap<number, PreparedArray>;
};

export type Builtin = {
  readonly run: (shell: Shell, args: readonly string[], context: BuiltinContext) => Generator<Wait, number, void>;
  /** Its arguments may be assignments, which are not split. */
  readonly declares?: boolean;
  /** As bash's `help` shows it. */
  readonly usage: string;
};

export type Builtins = Readonly<Record<string, Builtin>>;

type Parsed =
  | { readonly ok: true; readonly flags: ReadonlyMap<string, string>; readonly operands: readonly string[] }
  | { readonly ok: false; readonly status: number };

/**
 * The options of a builtin as internal_getopt() reads them: single letters, `x:` takes a value. Prints bash's message
 * for one that is not there.
 */
export function* parseOptions(
  shell: Shell,
  name: string,
  usage: string,
  spec: string,
  args: readonly string[],
): Generator<Wait, Parsed, void> {
  const flags = new Map<string, string>();
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') {
      i++;
      break;
    }
    if (!arg.startsWith('-') || arg === '-') break;
    for (let k = 1; k < arg.length; k++) {
      const letter = arg[k] as string;
      const at = spec.indexOf(letter);
      if (at === -1 || letter === ':') {
        yield* shell.printError(`${name}: -${letter}: invalid option`);
        yield* shell.process.printError(`${name}: usage: ${usage}\n`);
        return { ok: false, status: 2 };
      }
      if (spec[at + 1] !== ':') flags.set(letter, '');
      else {
        const value = k + 1 < arg.length ? arg.slice(k + 1) : args[++i];
        if (value === undefined) {
          yield* shell.printError(`${name}: -${letter}: option requires an argument`);
          yield* shell.process.printError(`${name}: usage: ${usage}\n`);
          return { ok: false, status: 2 };
        }
        flags.set(letter, value);
        break;
      }
    }
  }
  return { ok: true, flags, operands: args.slice(i) };
}

/** A builtin that only computes. */
export const simple = (usage: string, run: (shell: Shell, args: readonly string[]) => number): Builtin => ({
  usage,
  // biome-ignore lint/correctness/useYield: a builtin is a generator, also when it never waits
  run: function* (shell, args) {
    return run(shell, args);
  },
});

/** The number argument of exit, return, break, shift …; undefined, after a message, when it is none. */
export function* numericArgument(shell: Shell, name: string, text: string): Generator<Wait, number | undefined, void> {
  if (/^\s*[-+]?\d+\s*$/.test(text)) return Number(text);
  yield* shell.printError(`${name}: ${text}: numeric argument required`);
  return undefined;
}
