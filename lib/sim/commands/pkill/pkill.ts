import { type Process, parseSignal, Regex, RegexError, type Signal, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';

const MATCHING = [
  option('-f --full', 'use full process name to match'),
  option('-i --ignore-case', 'match case insensitively'),
  option('-n --newest', 'select most recently started'),
  option('-o --oldest', 'select least recently started'),
  option('-P --parent', 'match only child processes of the given parent', 'PPID'),
  option('-t --terminal', 'match by controlling terminal', 'TTY'),
  option('-v --inverse', 'negates the matching'),
  option('-x --exact', 'match exactly with the command name'),
  option('-u --euid', 'match by effective IDs', 'ID'),
  option('-c --count', 'count of matching processes'),
  missing('-g --pgroup', 'match listed process group IDs', 'PGID'),
  missing('-F --pidfile', 'read PIDs from file', 'FILE'),
  missing('-A --ignore-ancestors', 'exclude our ancestors from results'),
  missing('--ns', 'match the processes that belong to the same namespace', 'PID'),
];

/** pgrep of procps 4.0. */
export const pgrep: CommandSpec = {
  ...program('pgrep', 'look up processes based on name and other attributes', [
    ...MATCHING,
    option('-a --list-full', 'list PID and full command line'),
    option('-d --delimiter', 'specify output delimiter', 'STRING'),
    option('-l --list-name', 'list PID and process name'),
  ]),
  *run(process) {
    const found = yield* select(process, pgrep, process.argv.slice(1));
    if (typeof found === 'number') return found;
    const { parsed, matches } = found;
    const text = (one: Process) =>
      parsed.has('-a')
        ? `${one.pid} ${one.argv.join(' ')}`
        : parsed.has('-l')
          ? `${one.pid} ${one.comm}`
          : String(one.pid);
    if (parsed.has('-c')) yield* process.print(`${matches.length}\n`);
    else if (matches.length > 0) yield* process.print(`${matches.map(text).join(parsed.value('-d') ?? '\n')}\n`);
    return matches.length > 0 ? 0 : 1;
  },
};

/** pkill of procps 4.0. */
export const pkill: CommandSpec = {
  ...program('pkill', 'signal processes based on name and other attributes', [
    ...MATCHING,
    option('--signal', 'signal to send (either number or name)', 'SIG'),
    option('-e --echo', 'display what is killed'),
  ]),
  *run(process) {
    const args = process.argv.slice(1);
    const at = args.findIndex((arg) => /^-/.test(arg) && parseSignal(arg.slice(1)) !== undefined);
    const named = at === -1 ? undefined : parseSignal((args[at] as string).slice(1));
    const found = yield* select(
      process,
      pkill,
      args.filter((_, i) => i !== at),
    );
    if (typeof found === 'number') return found;
    const { parsed, matches } = found;
    const text = parsed.value('--signal');
    const signal: Signal | undefined = named ?? (text === undefined ? 'TERM' : parseSignal(text));
    if (signal === undefined) return yield* failure(process, 'pkill', `Unknown signal "${text}".`, 2);
    for (const one of matches) {
      one.kill(signal);
      if (parsed.has('-e')) yield* process.print(`${one.comm} killed (pid ${one.pid})\n`);
    }
    if (parsed.has('-c')) yield* process.print(`${matches.length}\n`);
    return matches.length > 0 ? 0 : 1;
  },
};

type Selection = { readonly parsed: Parsed; readonly matches: readonly Process[] };

function* select(
  process: Process,
  command: CommandSpec,
  args: readonly string[],
): Generator<Wait, Selection | number, void> {
  const usage = `Try \`${command.name} --help' for more information.`;
  const parsed = yield* getopt(process, command, { status: 2, args, usage });
  if (typeof parsed === 'number') return parsed;
  const [pattern] = parsed.operands;
  const criteria = ['-P', '-t', '-u'].some((flag) => parsed.has(flag));
  if (parsed.operands.length > 1)
    return yield* failure(process, command.name, `only one pattern can be provided\n${usage}`, 2);
  if (pattern === undefined && !criteria)
    return yield* failure(process, command.name, `no matching criteria specified\n${usage}`, 2);
  try {
    const regex =
      pattern === undefined
        ? undefined
        : new Regex(parsed.has('-x') ? `^(${pattern})$` : pattern, 'extended', { ignoreCase: parsed.has('-i') });
    return { parsed, matches: matching(process, parsed, regex) };
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return yield* failure(process, command.name, error.message, 2);
  }
}

function matching(process: Process, parsed: Parsed, regex: Regex | undefined): Process[] {
  const all = [...process.machine.processes.values()]
    .filter((one) => one !== process && one.state !== 'zombie')
    .sort((a, b) => a.pid - b.pid);
  const text = (one: Process) => (parsed.has('-f') ? one.argv.join(' ') : one.comm);
  const parents = parsed.value('-P')?.split(',').map(Number);
  const terminal = parsed.value('-t');
  const user = parsed.value('-u');
  const selected = all.filter((one) => {
    const fits =
      (regex?.test(text(one)) ?? true) &&
      (parents === undefined || parents.includes(one.ppid)) &&
      (terminal === undefined || one.tty?.name === terminal) &&
      (user === undefined || user === 'root' || user === '0');
    return fits !== parsed.has('-v');
  });
  if (parsed.has('-n')) return selected.slice(-1);
  return parsed.has('-o') ? selected.slice(0, 1) : selected;
}
