import { SECOND } from '../../base/index.ts';
import type { Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';
import type { AndOr, Command, Item, Pipeline, Script } from '../syntax/ast.ts';
import { runCompound } from './compound.ts';
import { Interrupted, ShellExit } from './control.ts';
import { runInBackground, runPiped } from './pipeline.ts';
import { redirect } from './redirect.ts';
import { runSimple } from './simple.ts';
import { runPendingTraps, runTrap } from './traps.ts';

/** Runs commands one after another; the status is the last one's, 0 when there is none. */
export function* runScript(shell: Shell, script: Script): Generator<Wait, number, void> {
  let status = 0;
  for (const item of script.items) status = yield* runItem(shell, item);
  return status;
}

function* runItem(shell: Shell, item: Item): Generator<Wait, number, void> {
  const status = item.background ? yield* runInBackground(shell, item.list) : yield* runAndOr(shell, item.list);
  if (shell.pendingTraps.length > 0) yield* runPendingTraps(shell);
  if (shell.interrupted) {
    shell.interrupted = false;
    shell.status = 130;
    throw new Interrupted();
  }
  return status;
}

export function* runAndOr(shell: Shell, list: AndOr): Generator<Wait, number, void> {
  let status = yield* inCondition(shell, list.rest.length > 0, () => runPipeline(shell, list.first));
  for (const [i, { op, pipeline }] of list.rest.entries()) {
    if ((op === '&&') !== (status === 0)) continue;
    status = yield* inCondition(shell, i < list.rest.length - 1, () => runPipeline(shell, pipeline));
  }
  return status;
}

/** Where a failing status decides something, `set -e` lets it be. */
export function* inCondition<T>(
  shell: Shell,
  condition: boolean,
  run: () => Generator<Wait, T, void>,
): Generator<Wait, T, void> {
  if (!condition) return yield* run();
  shell.conditionDepth++;
  try {
    return yield* run();
  } finally {
    shell.conditionDepth--;
  }
}

function* runPipeline(shell: Shell, pipeline: Pipeline): Generator<Wait, number, void> {
  const startedAt = shell.process.machine.events.now;
  const status = yield* inCondition(shell, pipeline.negated, () => runCommands(shell, pipeline));
  if (pipeline.timed !== 'no') yield* printTimes(shell, pipeline.timed, shell.process.machine.events.now - startedAt);
  if (pipeline.negated) shell.status = status === 0 ? 1 : 0;
  else yield* checkFailure(shell, pipeline, status);
  return shell.status;
}

function* runCommands(shell: Shell, pipeline: Pipeline): Generator<Wait, number, void> {
  const [only] = pipeline.commands;
  if (only === undefined) shell.status = 0;
  else if (pipeline.commands.length > 1) shell.status = yield* runPiped(shell, pipeline);
  else {
    shell.status = yield* runCommand(shell, only);
    shell.pipeStatus = [shell.status];
  }
  return shell.status;
}

/** `set -e` and the ERR trap, for the commands whose failure counts (bash(1), set -e). */
function* checkFailure(shell: Shell, pipeline: Pipeline, status: number): Generator<Wait, void, void> {
  if (status === 0 || shell.conditionDepth > 0) return;
  const type = pipeline.commands[0]?.type;
  const counts =
    pipeline.commands.length > 1 || type === 'simple' || type === 'subshell' || type === 'arith' || type === 'cond';
  if (!counts) return;
  const trap = shell.traps.get('ERR');
  if (trap !== undefined && trap !== '' && (shell.functionDepth === 0 || shell.options.has('errtrace')))
    yield* runTrap(shell, trap, 'ERR');
  if (shell.options.has('errexit')) throw new ShellExit(status);
}

function* printTimes(shell: Shell, format: 'bash' | 'posix', elapsed: number): Generator<Wait, void, void> {
  const seconds = elapsed / SECOND;
  const bash = `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
  const text =
    format === 'posix'
      ? `real ${seconds.toFixed(2)}\nuser 0.00\nsys 0.00\n`
      : `\nreal\t${bash}\nuser\t0m0.000s\nsys\t0m0.000s\n`;
  yield* shell.process.printError(text);
}

export function* runCommand(shell: Shell, command: Command): Generator<Wait, number, void> {
  const substitutions = shell.processSubstitutions.length;
  try {
    return yield* runRedirected(shell, command);
  } finally {
    if (shell.processSubstitutions.length > substitutions) endProcessSubstitutions(shell, substitutions);
  }
}

/** Closes this side of the `<( … )` that a command used. */
function endProcessSubstitutions(shell: Shell, from: number): void {
  for (const { fd, process } of shell.processSubstitutions.splice(from)) {
    shell.process.closeFd(fd);
    shell.strays.push(process);
  }
  shell.strays = shell.strays.filter((process) => {
    if (process.exitStatus === undefined) return true;
    shell.jobs.remember(process);
    shell.process.reap(process);
    return false;
  });
}

function* runRedirected(shell: Shell, command: Command): Generator<Wait, number, void> {
  if (command.type === 'simple') return yield* runSimple(shell, command);
  if (command.redirects.length === 0) return yield* runCompound(shell, command);
  shell.line = command.line;
  const saved = yield* redirect(shell, command.redirects);
  if (saved === undefined) return 1;
  try {
    return yield* runCompound(shell, command);
  } finally {
    saved.restore();
  }
}
