import type { Wait } from '../../os/index.ts';
import { arithmetic } from '../expand/arithmetic-expansion.ts';
import { expandPattern, expandQuoted, expandText, expandWords } from '../expand/expand.ts';
import { Pattern } from '../expand/pattern.ts';
import type { Shell } from '../shell.ts';
import type { Command, Part, Script } from '../syntax/ast.ts';
import { isName, ReadonlyError } from '../variables.ts';
import { evaluateCondition } from './condition.ts';
import { ExpansionError, LoopControl } from './control.ts';
import { runSubshell } from './pipeline.ts';
import { runSelect } from './select.ts';
import { traceLine, traceWord } from './trace.ts';

type Of<T extends Command['type']> = Command & { readonly type: T };
type Run = Generator<Wait, number, void>;

export function* runCompound(shell: Shell, command: Command): Run {
  switch (command.type) {
    case 'group':
      return yield* shell.executor.runScript(shell, command.body);
    case 'subshell':
      return yield* runSubshell(shell, command);
    case 'if':
      return yield* runIf(shell, command);
    case 'for':
      return yield* runFor(shell, command);
    case 'select':
      return yield* runSelect(shell, command, (body) => loop(shell, body));
    case 'arithFor':
      return yield* runArithFor(shell, command);
    case 'while':
    case 'until':
      return yield* runWhile(shell, command);
    case 'case':
      return yield* runCase(shell, command);
    case 'function':
      shell.functions.set(command.name, { body: command.body, source: shell.frames.at(-1)?.source ?? '' });
      return 0;
    case 'arith':
      return yield* runArith(shell, command);
    case 'cond':
      shell.line = command.line;
      return (yield* evaluateCondition(shell, command.test)) ? 0 : 1;
    default:
      return 0;
  }
}

function* condition(shell: Shell, script: Script): Generator<Wait, boolean, void> {
  shell.conditionDepth++;
  try {
    return (yield* shell.executor.runScript(shell, script)) === 0;
  } finally {
    shell.conditionDepth--;
  }
}

function* runIf(shell: Shell, command: Of<'if'>): Run {
  for (const branch of command.branches) {
    if (yield* condition(shell, branch.condition)) return yield* shell.executor.runScript(shell, branch.body);
  }
  shell.status = 0;
  return command.otherwise === undefined ? 0 : yield* shell.executor.runScript(shell, command.otherwise);
}

/** One round of a loop's body. `done` tells that a `break` ended the loop. */
function* loop(shell: Shell, body: Script): Generator<Wait, { status: number; done: boolean }, void> {
  yield {};
  shell.loopDepth++;
  try {
    return { status: yield* shell.executor.runScript(shell, body), done: false };
  } catch (error) {
    if (!(error instanceof LoopControl)) throw error;
    if (error.levels > 1 && shell.loopDepth > 1) {
      error.levels--;
      throw error;
    }
    shell.status = 0;
    return { status: 0, done: error.kind === 'break' };
  } finally {
    shell.loopDepth--;
  }
}

function* runFor(shell: Shell, command: Of<'for' | 'select'>): Run {
  shell.line = command.line;
  if (!isName(command.name)) {
    yield* shell.printError(`\`${command.name}': not a valid identifier`);
    return 1;
  }
  const words = command.words === undefined ? [...shell.positional] : yield* expandWords(shell, command.words);
  let status = 0;
  for (const word of words) {
    if (shell.options.has('xtrace'))
      yield* traceLine(shell, `for ${command.name} in ${command.words?.map((one) => one.text).join(' ') ?? '"$@"'}`);
    setLoopVariable(shell, command.name, word);
    const round = yield* loop(shell, command.body);
    status = round.status;
    if (round.done) break;
  }
  shell.status = status;
  return status;
}

export function setLoopVariable(shell: Shell, name: string, value: string): void {
  try {
    shell.variables.set(name, value);
  } catch (error) {
    if (error instanceof ReadonlyError) throw new ExpansionError(error.message, 1, false);
    throw error;
  }
}

function* runWhile(shell: Shell, command: Of<'while' | 'until'>): Run {
  let status = 0;
  for (;;) {
    const test = yield* whileTest(shell, command);
    if (test !== 'go') break;
    const round = yield* loop(shell, command.body);
    status = round.status;
    if (round.done) break;
  }
  shell.status = status;
  return status;
}

/** `break` in the condition ends the loop too. */
function* whileTest(shell: Shell, command: Of<'while' | 'until'>): Generator<Wait, 'go' | 'stop', void> {
  shell.loopDepth++;
  try {
    return (yield* condition(shell, command.condition)) === (command.type === 'while') ? 'go' : 'stop';
  } catch (error) {
    if (!(error instanceof LoopControl) || error.levels > 1) throw error;
    return error.kind === 'break' ? 'stop' : yield* retry();
  } finally {
    shell.loopDepth--;
  }
}

// `continue` in a condition tests again.
function* retry(): Generator<Wait, 'go', void> {
  yield {};
  return 'go';
}

function* expression(shell: Shell, parts: readonly Part[]): Generator<Wait, bigint, void> {
  return arithmetic(shell, yield* expandQuoted(shell, parts));
}

function* runArithFor(shell: Shell, command: Of<'arithFor'>): Run {
  shell.line = command.line;
  let status = 0;
  try {
    yield* expression(shell, command.init);
    for (;;) {
      const test = yield* expandQuoted(shell, command.test);
      if (test.trim() !== '' && arithmetic(shell, test) === 0n) break;
      const round = yield* loop(shell, command.body);
      status = round.status;
      if (round.done) break;
      yield* expression(shell, command.step);
    }
  } catch (error) {
    return yield* arithmeticFailed(shell, error);
  }
  return status;
}

function* runArith(shell: Shell, command: Of<'arith'>): Run {
  shell.line = command.line;
  try {
    const text = yield* expandQuoted(shell, command.expression);
    if (shell.options.has('xtrace')) yield* traceLine(shell, `(( ${text} ))`);
    return arithmetic(shell, text) === 0n ? 1 : 0;
  } catch (error) {
    return yield* arithmeticFailed(shell, error);
  }
}

/** In `(( ))` a wrong expression is a failed command, not the end of the line. */
function* arithmeticFailed(shell: Shell, error: unknown): Run {
  if (!(error instanceof ExpansionError) || error.fatal) throw error;
  yield* shell.printError(`((: ${error.message}`);
  return 1;
}

function* runCase(shell: Shell, command: Of<'case'>): Run {
  shell.line = command.line;
  const subject = yield* expandText(shell, command.subject.parts, 'word');
  if (shell.options.has('xtrace')) yield* traceLine(shell, `case ${traceWord(subject)} in`);
  let status = 0;
  let fallThrough = false;
  for (const clause of command.clauses) {
    if (!fallThrough && !(yield* matchesClause(shell, subject, clause.patterns))) continue;
    status = yield* shell.executor.runScript(shell, clause.body);
    if (clause.end === ';;') return status;
    fallThrough = clause.end === ';&';
  }
  shell.status = status;
  return status;
}

function* matchesClause(
  shell: Shell,
  subject: string,
  patterns: readonly { readonly parts: readonly Part[] }[],
): Generator<Wait, boolean, void> {
  for (const { parts } of patterns) {
    const pattern = new Pattern(yield* expandPattern(shell, parts), { ignoreCase: shell.shopt.has('nocasematch') });
    if (pattern.matches(subject)) return true;
  }
  return false;
}
