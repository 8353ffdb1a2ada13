import type { Process, Wait } from '../os/index.ts';
import { type CommandSpec, notSimulated, type OptionSpec } from './command.ts';

/** An option as it was given: `flag` is its first spelling in the command's data. */
export type Given = { readonly flag: string; readonly value: string | undefined };

export type Parsed = {
  readonly given: readonly Given[];
  readonly operands: readonly string[];
  has(flag: string): boolean;
  /** The last value given. */
  value(flag: string): string | undefined;
  values(flag: string): string[];
};

export type GetoptSettings = {
  /** Exit status of a usage error: 1 for coreutils, 2 for grep and sort. */
  readonly status?: number;
  /** Options end at the first operand (POSIX: env, xargs, timeout, nsenter …). */
  readonly stopAtOperand?: boolean;
  /** What follows the error; `Try 'cat --help' for more information.` by default. */
  readonly usage?: string;
  readonly args?: readonly string[];
};

/**
 * getopt_long(3) over the command's own option data: clusters, joined and separate values, abbreviations of long options,
 * `--`. A value whose name stands in brackets (`[WHEN]`) is optional. What is wrong is printed in glibc's words and gives
 * the exit status instead of options; an option that the real tool has and this one lacks is named honestly.
 */
export function* getopt(
  process: Process,
  command: CommandSpec,
  settings: GetoptSettings = {},
): Generator<Wait, Parsed | number, void> {
  const scan = new Scan(command, settings);
  const args = settings.args ?? process.argv.slice(1);
  const refusal = scan.all(args);
  if (refusal === undefined) return scan.parsed();
  if ('missing' in refusal) return yield* notSimulated(process, command.name, refusal.missing);
  const usage = settings.usage ?? `Try '${command.name} --help' for more information.`;
  yield* process.printError(`${command.name}: ${refusal.error}\n${usage}\n`);
  return settings.status ?? 1;
}

type Refusal = { error: string } | { missing: string };

class Scan {
  readonly #given: Given[] = [];
  readonly #operands: string[] = [];

  constructor(
    private readonly command: CommandSpec,
    private readonly settings: GetoptSettings,
  ) {}

  all(args: readonly string[]): Refusal | undefined {
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] as string;
      if (arg === '--') {
        this.#operands.push(...args.slice(i + 1));
        return undefined;
      }
      const next = args[i + 1];
      let used: boolean | Refusal = false;
      if (arg.startsWith('--')) used = this.#long(arg.slice(2), next);
      else if (arg.startsWith('-') && arg !== '-') used = this.#cluster(arg.slice(1), next);
      else {
        if (this.settings.stopAtOperand) {
          this.#operands.push(...args.slice(i));
          return undefined;
        }
        this.#operands.push(arg);
      }
      if (typeof used === 'object') return used;
      if (used) i++;
    }
    return undefined;
  }

  /** Options of one letter; whether the next argument was used up as a value. */
  #cluster(letters: string, next: string | undefined): boolean | Refusal {
    for (let i = 0; i < letters.length; i++) {
      const letter = letters[i] as string;
      const option = this.command.options.find(({ flags }) => flags.includes(`-${letter}`));
      if (option === undefined) return { error: `invalid option -- '${letter}'` };
      if (!option.simulated) return { missing: `-${letter}` };
      if (option.value === undefined) {
        this.#take(option, undefined);
        continue;
      }
      const joined = letters.slice(i + 1);
      if (joined !== '' || isOptional(option)) {
        this.#take(option, joined === '' ? undefined : joined);
        return false;
      }
      if (next === undefined) return { error: `option requires an argument -- '${letter}'` };
      this.#take(option, next);
      return true;
    }
    return false;
  }

  #long(text: string, next: string | undefined): boolean | Refusal {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const value = equals < 0 ? undefined : text.slice(equals + 1);
    const found = this.#byName(name);
    if ('error' in found) return found;
    const { option, flag } = found;
    if (!option.simulated) return { missing: flag };
    if (option.value === undefined) {
      if (value !== undefined) return { error: `option '${flag}' doesn't allow an argument` };
      this.#take(option, undefined);
      return false;
    }
    if (value !== undefined || isOptional(option)) {
      this.#take(option, value);
      return false;
    }
    if (next === undefined) return { error: `option '${flag}' requires an argument` };
    this.#take(option, next);
    return true;
  }

  #byName(name: string): { option: OptionSpec; flag: string } | { error: string } {
    const candidates = this.command.options.flatMap((option) =>
      option.flags.filter((flag) => flag.startsWith(`--${name}`)).map((flag) => ({ option, flag })),
    );
    const exact = candidates.find(({ flag }) => flag === `--${name}`);
    const [first] = candidates;
    if (exact ?? (first && candidates.every(({ option }) => option === first.option)))
      return (exact ?? first) as { option: OptionSpec; flag: string };
    if (first === undefined) return { error: `unrecognized option '--${name}'` };
    return {
      error: `option '--${name}' is ambiguous; possibilities: ${candidates.map(({ flag }) => `'${flag}'`).join(' ')}`,
    };
  }

  #take(option: OptionSpec, value: string | undefined): void {
    this.#given.push({ flag: option.flags[0] as string, value });
  }

  parsed(): Parsed {
    const given = this.#given;
    return {
      given,
      operands: this.#operands,
      has: (flag) => given.some((one) => one.flag === flag),
      value: (flag) => given.findLast((one) => one.flag === flag)?.value,
      values: (flag) => given.filter((one) => one.flag === flag).map((one) => one.value ?? ''),
    };
  }
}

const isOptional = (option: OptionSpec): boolean => option.value?.startsWith('[') === true;
