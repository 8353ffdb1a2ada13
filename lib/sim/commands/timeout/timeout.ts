import { SECOND, strerror } from '../../base/index.ts';
import { type Process, parseSignal, type Signal, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { startFailure, startProgram } from '../start-program.ts';

/** timeout of GNU coreutils 9.1. */
export const timeout: CommandSpec = {
  ...program('timeout', 'run a command with a time limit', [
    option('--preserve-status', 'exit with the same status as COMMAND, even when it times out'),
    option('--foreground', 'allow COMMAND to read from the TTY and get TTY signals'),
    option('-k --kill-after', 'also send a KILL signal if COMMAND is still running this long after', 'DURATION'),
    option('-s --signal', 'specify the signal to be sent on timeout', 'SIGNAL'),
    option('-v --verbose', 'diagnose to stderr any signal sent upon timeout'),
  ]),
  run,
};

const UNITS: Record<string, number> = { '': SECOND, s: SECOND, m: 60 * SECOND, h: 3_600 * SECOND, d: 86_400 * SECOND };

function duration(text: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match === null ? undefined : Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? SECOND));
}

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, timeout, { stopAtOperand: true, status: 125 });
  if (typeof parsed === 'number') return parsed;
  const [time, ...argv] = parsed.operands;
  if (time === undefined || argv.length === 0) {
    yield* process.printError("Try 'timeout --help' for more information.\n");
    return 125;
  }
  const limit = duration(time);
  const killText = parsed.value('-k');
  const killAfter = killText === undefined ? undefined : duration(killText);
  if (limit === undefined) return yield* usageError(process, 'timeout', `invalid time interval ${quoted(time)}`, 125);
  if (killText !== undefined && killAfter === undefined)
    return yield* usageError(process, 'timeout', `invalid time interval ${quoted(killText)}`, 125);
  const name = parsed.value('-s') ?? 'TERM';
  const signal = parseSignal(name);
  if (signal === undefined) return yield* usageError(process, 'timeout', `${quoted(name)}: invalid signal`, 125);
  if (!parsed.has('--foreground')) process.pgid = process.pid;
  const child = startProgram(process, argv);
  if (!child.ok)
    return yield* failure(
      process,
      'timeout',
      `failed to run command ${quoted(argv[0] as string)}: ${strerror(child.error.errno)}`,
      startFailure(child.error.errno),
    );
  const status = yield* supervise(process, child.value, { argv, limit, killAfter, signal, verbose: parsed.has('-v') });
  if (status !== 'timed out') return status;
  const own = child.value.exitStatus ?? 0;
  return parsed.has('--preserve-status') || child.value.endedBy === 'KILL' ? own : 124;
}

type Watch = {
  readonly argv: readonly string[];
  readonly limit: number;
  readonly killAfter: number | undefined;
  readonly signal: Signal;
  readonly verbose: boolean;
};

function* supervise(process: Process, child: Process, watch: Watch): Generator<Wait, number | 'timed out', void> {
  const { machine } = process;
  const ended = () => child.exitStatus !== undefined;
  // A signal that would end timeout is passed on, so that the command does not outlive it.
  for (const signal of ['TERM', 'INT', 'HUP'] as const) {
    if (process.disposition(signal) === 'ignore') continue;
    process.onSignal(signal, () => child.kill(signal));
  }
  const deadline = watch.limit === 0 ? undefined : machine.events.now + watch.limit;
  while (!ended() && (deadline === undefined || machine.events.now < deadline))
    yield* process.waitFor(ended, [child.exited], deadline);
  if (ended()) return yield* process.wait(child);
  yield* send(process, child, watch, watch.signal);
  if (watch.killAfter !== undefined) {
    const killAt = machine.events.now + watch.killAfter;
    while (!ended() && machine.events.now < killAt) yield* process.waitFor(ended, [child.exited], killAt);
    if (!ended()) yield* send(process, child, watch, 'KILL');
  }
  yield* process.wait(child);
  return 'timed out';
}

function* send(process: Process, child: Process, watch: Watch, signal: Signal): Generator<Wait, void, void> {
  if (watch.verbose)
    yield* process.printError(`timeout: sending signal ${signal} to command ${quoted(watch.argv[0] as string)}\n`);
  // The command's own children end with it: the signal goes to the whole group, which is timeout's too.
  const group = [...process.machine.processes.values()].filter((one) => one.pgid === process.pgid);
  const others = process.pgid === process.pid ? group : [child];
  if (signal !== 'KILL') process.onSignal(signal, 'ignore');
  for (const one of others) one.kill(signal);
  if (signal !== 'KILL') child.kill('CONT');
  else yield {};
}
