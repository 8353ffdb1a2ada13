import type { Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, type Builtins, parseOptions } from './builtin.ts';

type Run = Generator<Wait, number, void>;

const HISTORY_USAGE = 'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]';

function* history(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'history', HISTORY_USAGE, 'cd:anrwps', args);
  if (!parsed.ok) return parsed.status;
  if (parsed.flags.has('c')) shell.history.length = 0;
  const offset = parsed.flags.get('d');
  if (offset !== undefined) shell.history.splice(Number(offset) - 1, 1);
  if (parsed.flags.size > 0) return 0;
  const [count] = parsed.operands;
  if (count !== undefined && !/^\d+$/.test(count)) {
    yield* shell.printError(`history: ${count}: numeric argument required`);
    return 1;
  }
  const first = count === undefined ? 0 : Math.max(0, shell.history.length - Number(count));
  yield* shell.process.print(
    shell.history
      .slice(first)
      .map((line, i) => `${String(first + i + 1).padStart(5)}  ${line}\n`)
      .join(''),
  );
  return 0;
}

function* times(shell: Shell): Run {
  const show = (micros: number) => `${Math.floor(micros / 60_000_000)}m${((micros / 1_000_000) % 60).toFixed(3)}s`;
  yield* shell.process.print(`${show(shell.process.cpuTime)} 0m0.000s\n0m0.000s 0m0.000s\n`);
  return 0;
}

function* umask(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'umask', 'umask [-p] [-S] [mode]', 'pS', args);
  if (!parsed.ok) return parsed.status;
  const [mode] = parsed.operands;
  if (mode === undefined) {
    const text = parsed.flags.has('S')
      ? symbolic(shell.process.umask)
      : shell.process.umask.toString(8).padStart(4, '0');
    yield* shell.process.print(
      `${parsed.flags.has('p') ? `umask ${parsed.flags.has('S') ? '-S ' : ''}` : ''}${text}\n`,
    );
    return 0;
  }
  if (/^[0-7]{1,4}$/.test(mode)) shell.process.umask = Number.parseInt(mode, 8) & 0o777;
  else {
    const changed = symbolicMask(shell.process.umask, mode);
    if (changed === undefined) {
      yield* shell.printError(
        /^\d/.test(mode)
          ? `umask: ${mode}: octal number out of range`
          : `umask: \`${mode[0] ?? ''}': invalid symbolic mode operator`,
      );
      return 1;
    }
    shell.process.umask = changed;
  }
  if (parsed.flags.has('S')) yield* shell.process.print(`${symbolic(shell.process.umask)}\n`);
  return 0;
}

/** What the mask lets through: u=rwx,g=rx,o=rx. */
function symbolic(mask: number): string {
  const letters = (bits: number) => `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
  return `u=${letters(~(mask >> 6) & 7)},g=${letters(~(mask >> 3) & 7)},o=${letters(~mask & 7)}`;
}

function symbolicMask(mask: number, text: string): number | undefined {
  let allowed = ~mask & 0o777;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (match === null) return undefined;
    const who = match[1] === '' || match[1]?.includes('a') ? 'ugo' : (match[1] as string);
    const bits = [...(match[3] as string)].reduce(
      (sum, letter) => sum | { r: 4, w: 2, x: 1 }[letter as 'r' | 'w' | 'x'],
      0,
    );
    for (const one of who) {
      const shift = { u: 6, g: 3, o: 0 }[one as 'u' | 'g' | 'o'];
      if (match[2] === '=') allowed &= ~(7 << shift);
      allowed = match[2] === '-' ? allowed & ~(bits << shift) : allowed | (bits << shift);
    }
  }
  return ~allowed & 0o777;
}

const ULIMIT_USAGE = 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]';

/** What this machine is bounded by; the rest a real Debian leaves unlimited. */
function limitsOf(shell: Shell): [string, string, string][] {
  const { limits } = shell.process.machine;
  return [
    ['c', 'core file size              (blocks, -c)', '0'],
    ['d', 'data seg size               (kbytes, -d)', 'unlimited'],
    ['f', 'file size                   (blocks, -f)', String(limits.fileBytes / 1_024)],
    ['n', 'open files                          (-n)', String(limits.openFiles)],
    ['p', 'pipe size                (512 bytes, -p)', '8'],
    ['s', 'stack size                  (kbytes, -s)', '8192'],
    ['t', 'cpu time                   (seconds, -t)', 'unlimited'],
    ['u', 'max user processes                  (-u)', String(limits.processes)],
    ['v', 'virtual memory              (kbytes, -v)', 'unlimited'],
  ];
}

function* ulimit(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'ulimit', ULIMIT_USAGE, 'SHacdfnpstuv', args);
  if (!parsed.ok) return parsed.status;
  if (parsed.operands.length > 0) {
    yield* shell.process.printError('ulimit: not simulated here: changing a limit\n');
    return 64;
  }
  const limits = limitsOf(shell);
  const letters = [...parsed.flags.keys()].filter((letter) => letter !== 'S' && letter !== 'H');
  if (parsed.flags.has('a')) yield* shell.process.print(limits.map(([, text, value]) => `${text} ${value}\n`).join(''));
  else {
    const wanted = limits.filter(([letter]) => (letters.length === 0 ? letter === 'f' : letters.includes(letter)));
    yield* shell.process.print(
      wanted.map(([, text, value]) => (wanted.length > 1 ? `${text} ${value}\n` : `${value}\n`)).join(''),
    );
  }
  return 0;
}

function* caller(shell: Shell, args: readonly string[]): Run {
  const depth = Number(args[0] ?? 0);
  const frame = shell.frames.at(-1 - depth);
  if (frame === undefined) return 1;
  const outer = shell.frames.at(-2 - depth);
  const source = outer?.source || shell.name;
  yield* shell.process.print(
    args.length === 0 ? `${frame.line} ${source}\n` : `${frame.line} ${outer?.name ?? 'main'} ${source}\n`,
  );
  return 0;
}

/** `help` lists what the shell itself can do; `help NAME` its usage. */
export const helpBuiltin = (all: () => ReadonlyMap<string, Builtin>): Builtins => ({
  help: {
    usage: 'help [-dms] [pattern ...]',
    *run(shell, args): Run {
      const builtins = all();
      const names = args.filter((arg) => !arg.startsWith('-'));
      if (names.length === 0) {
        yield* shell.process.print(
          `These shell commands are defined internally.\n\n${[...builtins.values()]
            .map((builtin) => ` ${builtin.usage}`)
            .sort()
            .join('\n')}\n`,
        );
        return 0;
      }
      let status = 0;
      for (const name of names) {
        const builtin = builtins.get(name);
        if (builtin !== undefined) yield* shell.process.print(`${name}: ${builtin.usage}\n`);
        else {
          yield* shell.printError(
            `help: no help topics match \`${name}'.  Try \`help help' or \`man -k ${name}' or \`info ${name}'.`,
          );
          status = 1;
        }
      }
      return status;
    },
  },
});

export const environmentBuiltins: Builtins = {
  history: { usage: HISTORY_USAGE, run: history },
  times: { usage: 'times', run: times },
  umask: { usage: 'umask [-p] [-S] [mode]', run: umask },
  ulimit: { usage: ULIMIT_USAGE, run: ulimit },
  caller: { usage: 'caller [expr]', run: caller },
};
