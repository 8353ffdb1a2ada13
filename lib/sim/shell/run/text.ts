import type { Wait } from '../../os/index.ts';
import type { RunTextOptions, Shell } from '../shell.ts';
import type { Script } from '../syntax/ast.ts';
import { Parser } from '../syntax/parser.ts';
import { IncompleteError, ShellSyntaxError } from '../syntax/source.ts';
import { ExpansionError } from './control.ts';
import { runScript } from './execute.ts';

/** Parses and runs a text one complete command at a time, as a shell reads its input. */
export function* runText(shell: Shell, text: string, options: RunTextOptions): Generator<Wait, number, void> {
  const unclosed: string[] = [];
  const parser = new Parser(text, {
    firstLine: options.firstLine ?? 1,
    extglob: () => shell.shopt.has('extglob'),
    onUnclosedHereDocument: (line, delimiter) =>
      unclosed.push(`warning: here-document at line ${line} delimited by end-of-file (wanted \`${delimiter}')`),
    ...(shell.shopt.has('expand_aliases') ? { alias: (name: string) => shell.aliases.get(name) } : {}),
  });
  let status = 0;
  for (;;) {
    const script = yield* parseNext(shell, parser, options);
    if (script === 'failed') return shell.status;
    if (script === undefined) return status;
    for (const warning of unclosed.splice(0)) yield* shell.printError(warning);
    if (shell.options.has('noexec') && !shell.interactive) continue;
    status = yield* runUnit(shell, script);
  }
}

/** A failed expansion drops the line that it is in; one that is fatal ends a shell that is not interactive. */
function* runUnit(shell: Shell, script: Script): Generator<Wait, number, void> {
  const { conditionDepth, loopDepth } = shell;
  try {
    return yield* runScript(shell, script);
  } catch (error) {
    if (!(error instanceof ExpansionError) || error.fatal || shell.interactive) throw error;
    yield* shell.printError(error.message);
    shell.conditionDepth = conditionDepth;
    shell.loopDepth = loopDepth;
    shell.status = error.status;
    return error.status;
  }
}

function* parseNext(
  shell: Shell,
  parser: Parser,
  options: RunTextOptions,
): Generator<Wait, Script | undefined | 'failed', void> {
  try {
    return parser.next();
  } catch (error) {
    const message = syntaxMessage(error, options.name, shell.lineNumbers, !shell.interactive);
    if (message === undefined) throw error;
    yield* shell.process.printError(message);
    shell.status = 2;
    return 'failed';
  }
}

/** bash's words for a text that it cannot parse; undefined when the error is something else. */
export function syntaxMessage(
  error: unknown,
  name: string,
  withLines: boolean,
  withExcerpt = withLines,
): string | undefined {
  if (error instanceof IncompleteError) {
    const line = error.detail === undefined ? error.line + 1 : error.line;
    return `${name}: ${withLines ? `line ${line}: ` : ''}${error.message}\n`;
  }
  if (!(error instanceof ShellSyntaxError)) return undefined;
  const prefix = `${name}: ${withLines ? `line ${error.line}: ` : ''}`;
  const excerpt = withExcerpt && error.excerpt !== undefined ? `${prefix}\`${error.excerpt}'\n` : '';
  return `${prefix}${error.message}\n${excerpt}`;
}

/** Like `runText`, for `bash -c`: what a failed expansion ends it with is the status, 127 where a script ends with 1. */
export function* runTopText(shell: Shell, text: string, options: RunTextOptions): Generator<Wait, number, void> {
  try {
    return yield* runText(shell, text, options);
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    yield* shell.printError(error.message);
    shell.status = error.status;
    return error.status;
  }
}
