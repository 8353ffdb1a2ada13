import { call, type Wait } from '../../os/index.ts';
import type { FunctionDefinition, Shell } from '../shell.ts';
import { ExpansionError, FunctionReturn } from './control.ts';
import { runTrap } from './traps.ts';

/** bash itself goes on until its stack overflows; this shell stops where FUNCNEST would stop it. */
export const MAX_FUNCTION_DEPTH = 1_000;

export function* callFunction(
  shell: Shell,
  name: string,
  args: readonly string[],
  definition: FunctionDefinition,
): Generator<Wait, number, void> {
  const limit = Number(shell.variables.get('FUNCNEST') ?? 0) || MAX_FUNCTION_DEPTH;
  if (shell.functionDepth >= limit)
    throw new ExpansionError(`${name}: maximum function nesting level exceeded (${limit})`, 1, false);
  yield {};
  const { positional, loopDepth, line } = shell;
  shell.positional = [...args];
  shell.loopDepth = 0;
  shell.frames.push({ name, line, source: definition.source, isFunction: true });
  shell.variables.pushScope();
  try {
    return yield* call(body(shell, definition));
  } finally {
    shell.variables.popScope();
    shell.frames.pop();
    shell.positional = positional;
    shell.loopDepth = loopDepth;
  }
}

function* body(shell: Shell, definition: FunctionDefinition): Generator<Wait, number, void> {
  let status: number;
  try {
    status = yield* shell.executor.runCommand(shell, definition.body);
  } catch (error) {
    if (!(error instanceof FunctionReturn)) throw error;
    status = error.status;
  }
  const trap = shell.options.has('functrace') ? shell.traps.get('RETURN') : undefined;
  if (trap !== undefined) yield* runTrap(shell, trap, 'RETURN');
  return status;
}
