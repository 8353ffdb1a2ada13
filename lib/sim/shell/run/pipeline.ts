import type { OpenFile, Process, Program, Wait } from '../../os/index.ts';
import { defineDynamic } from '../setup.ts';
import type { Shell } from '../shell.ts';
import type { AndOr, Command, Pipeline } from '../syntax/ast.ts';
import { AllocationError } from '../variables.ts';
import { fork, waitForeground } from './children.ts';
import { ExpansionError, FunctionReturn, Interrupted, LoopControl, ShellExit } from './control.ts';
import { redirect } from './redirect.ts';
import { runExitTrap } from './traps.ts';

type Body = (child: Shell) => Generator<Wait, number, void>;

/**
 * A program that goes on with a copy of the shell, as a forked child does. Of the jobs bash forgets all in a subshell,
 * but not in a command substitution (`kill $(jobs -p)`) and not in a simple command of a pipeline (`jobs | wc -l`).
 */
export function childProgram(shell: Shell, body: Body, jobs: 'forgotten' | 'inherited' = 'forgotten'): Program {
  const copy = shell.fork(shell.process);
  if (jobs === 'inherited') copy.jobs = shell.jobs.inherit();
  defineDynamic(copy);
  return function* (process) {
    copy.process = process;
    process.comm = shell.process.comm;
    process.reapsChildren = true;
    return yield* runToEnd(copy, body);
  };
}

/** Whatever ends the commands of a child shell ends its process. */
export function* runToEnd(shell: Shell, body: Body): Generator<Wait, number, void> {
  let status: number;
  try {
    status = yield* body(shell);
  } catch (error) {
    status = yield* statusOf(shell, error);
  }
  shell.status = status;
  try {
    yield* runExitTrap(shell);
  } catch (error) {
    return yield* statusOf(shell, error);
  }
  return status;
}

function* statusOf(shell: Shell, error: unknown): Generator<Wait, number, void> {
  if (error instanceof ShellExit || error instanceof FunctionReturn) return error.status;
  if (error instanceof Interrupted) return 130;
  if (error instanceof LoopControl) return 0;
  if (error instanceof AllocationError) {
    yield* shell.printError(error.message);
    return 2;
  }
  if (!(error instanceof ExpansionError)) throw error;
  yield* shell.printError(error.message);
  // 127 is what `bash -c` itself ends with after `${x:?}`; a subshell ends with 1.
  return error.fatal ? 1 : error.status;
}

/** Processes of one pipeline, joined by pipes. With job control they are a process group of their own. */
export function* startPipeline(
  shell: Shell,
  commands: readonly Command[],
  background: boolean,
): Generator<Wait, Process[], void> {
  const ownGroup = shell.options.has('monitor');
  const processes: Process[] = [];
  let input: OpenFile | undefined;
  try {
    for (const [i, command] of commands.entries()) {
      const fds = new Map(shell.process.fds);
      if (input !== undefined) fds.set(0, input);
      const pipe = i < commands.length - 1 ? shell.process.machine.pipe() : undefined;
      if (pipe !== undefined) fds.set(1, pipe.writer);
      const pgid = ownGroup ? (processes[0]?.pgid ?? 'new') : shell.process.pgid;
      const body = stageBody(command, background && !ownGroup && i === 0);
      const program = childProgram(shell, body, command.type === 'simple' ? 'inherited' : 'forgotten');
      const child = yield* fork(shell, program, { argv: shell.process.argv, fds, pgid, fork: true });
      processes.push(child);
      input?.release();
      input = pipe?.reader.retain();
    }
  } finally {
    input?.release();
  }
  return processes;
}

/** A simple command takes the child's place (execve) instead of having one of its own. */
function stageBody(command: Command, withoutInput: boolean): Body {
  return function* (child) {
    if (withoutInput) yield* closeInput(child);
    child.status = yield* command.type === 'simple' ? child.executor.runLast(child, command) : runStage(child, command);
    return child.status;
  };
}

function* runStage(child: Shell, command: Command): Generator<Wait, number, void> {
  if (command.type !== 'subshell') return yield* child.executor.runCommand(child, command);
  const saved = yield* redirect(child, command.redirects);
  return saved === undefined ? 1 : yield* child.executor.runScript(child, command.body);
}

/** Without job control a background command reads nothing. */
function* closeInput(child: Shell): Generator<Wait, void, void> {
  const opened = child.process.machine.fs.open('/dev/null', { read: true }, child.process);
  if (opened.ok) child.process.setFd(0, opened.value);
  child.process.onSignal('INT', 'ignore');
  child.process.onSignal('QUIT', 'ignore');
  yield {};
}

export function* runPiped(shell: Shell, pipeline: Pipeline): Generator<Wait, number, void> {
  const processes = yield* startPipeline(shell, pipeline.commands, false);
  const statuses = yield* waitForeground(shell, processes, pipeline.text);
  shell.pipeStatus = [...statuses];
  const last = statuses.at(-1) ?? 0;
  return shell.options.has('pipefail') ? (statuses.findLast((status) => status !== 0) ?? 0) : last;
}

export function* runSubshell(
  shell: Shell,
  command: Extract<Command, { type: 'subshell' | 'group' }>,
): Generator<Wait, number, void> {
  const body: Body = (child) => child.executor.runScript(child, command.body);
  const pgid = shell.options.has('monitor') ? 'new' : shell.process.pgid;
  const child = yield* fork(shell, childProgram(shell, body), { argv: shell.process.argv, pgid, fork: true });
  const statuses = yield* waitForeground(shell, [child], command.text);
  return statuses[0] ?? 0;
}

/** `list &`: one job. A pipeline's stages are its processes; anything longer runs in a subshell. */
export function* runInBackground(shell: Shell, list: AndOr): Generator<Wait, number, void> {
  const isPipeline = list.rest.length === 0 && !list.first.negated && list.first.timed === 'no';
  const ownGroup = shell.options.has('monitor');
  let processes: Process[];
  if (isPipeline) processes = yield* startPipeline(shell, list.first.commands, true);
  else {
    const body: Body = function* (child) {
      if (!ownGroup) yield* closeInput(child);
      return yield* child.executor.runAndOr(child, list);
    };
    processes = [
      yield* fork(shell, childProgram(shell, body), {
        argv: shell.process.argv,
        pgid: ownGroup ? 'new' : shell.process.pgid,
        fork: true,
      }),
    ];
  }
  const job = shell.jobs.add({
    pgid: processes[0]?.pgid ?? 0,
    processes,
    text: list.text,
    ownGroup,
    reported: 'Running',
    background: true,
  });
  shell.lastBackground = processes.at(-1)?.vpid;
  if (shell.interactive) yield* shell.process.printError(`[${job.number}] ${shell.lastBackground}\n`);
  shell.status = 0;
  shell.pipeStatus = [0];
  return 0;
}
