import { strerror } from '../../base/index.ts';
import { type Process, parseSignal, pidIn, SIGNALS, type Signal, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program } from '../coreutils.ts';

/** kill of procps 4.0; the shell has its own, which knows jobs. */
export const kill: CommandSpec = {
  ...program('kill', 'send a signal to a process', [
    option('-s --signal', 'the signal to be sent', 'SIGNAL'),
    option('-l --list', 'list signal names, or convert one', '[SIGNAL]'),
    missing('-L --table', 'list all signal names in a nice table'),
    missing('-q --queue', 'value to be sent with the signal', 'VALUE'),
  ]),
  run,
};

const USAGE = `
Usage:
 kill [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -q, --queue <value>    integer value to be sent with the signal
 -l, --list=[<signal>]  list all signal names, or convert one to a name
 -L, --table            list all signal names in a nice table

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see kill(1).
`;

function* run(process: Process): Generator<Wait, number, void> {
  let signal: Signal | 'none' = 'TERM';
  const targets: string[] = [];
  const args = process.argv.slice(1);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '-l' || arg.startsWith('--list')) return yield* list(process, arg.split('=')[1] ?? args[i + 1]);
    const name =
      arg === '-s' || arg === '--signal'
        ? args[++i]
        : /^-[A-Za-z0-9]/.test(arg) && targets.length === 0
          ? arg.slice(1)
          : undefined;
    if (name === undefined) targets.push(arg);
    else {
      const parsed = name === '0' ? 'none' : parseSignal(name);
      if (parsed === undefined)
        return yield* failure(process, process.argv[0] ?? 'kill', `unknown signal name ${name}`);
      signal = parsed;
    }
  }
  if (targets.length === 0) {
    yield* process.printError(USAGE);
    return 1;
  }
  let status = 0;
  for (const target of targets) if (!(yield* send(process, target, signal))) status = 1;
  return status;
}

function* list(process: Process, which: string | undefined): Generator<Wait, number, void> {
  if (which === undefined) {
    yield* process.print(`${SIGNALS.slice(0, 16).join(' ')}\n${SIGNALS.slice(16).join(' ')}\n`);
    return 0;
  }
  const signal = parseSignal(which);
  if (signal === undefined) return yield* failure(process, process.argv[0] ?? 'kill', `unknown signal name ${which}`);
  yield* process.print(/^\d+$/.test(which) ? `${signal}\n` : `${SIGNALS.indexOf(signal) + 1}\n`);
  return 0;
}

function* send(process: Process, target: string, signal: Signal | 'none'): Generator<Wait, boolean, void> {
  const pid = Number(target);
  if (!/^-?\d+$/.test(target)) {
    yield* failure(process, process.argv[0] ?? 'kill', `failed to parse argument: '${target}'`);
    return false;
  }
  const all = [...process.machine.processes.values()];
  const found =
    pid > 0
      ? all.filter((one) => pidIn(one, process) === pid)
      : all.filter((one) => one.pgid === (pid === 0 ? process.pgid : -pid));
  if (found.length === 0) {
    yield* failure(process, process.argv[0] ?? 'kill', `(${target}): ${strerror('ESRCH')}`);
    return false;
  }
  if (signal !== 'none') for (const one of found) one.kill(signal);
  return true;
}
