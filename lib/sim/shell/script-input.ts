import type { Wait } from '../os/index.ts';
import { ExpansionError } from './run/control.ts';
import { syntaxMessage } from './run/text.ts';
import type { Shell } from './shell.ts';
import type { Script } from './syntax/ast.ts';
import { Parser } from './syntax/parser.ts';
import { IncompleteError, ShellSyntaxError } from './syntax/source.ts';

/**
 * Commands from standard input that is no terminal: read line by line, so that a command finds what follows it there
 * (`ssh host bash <<EOF`, `echo 'read x' | bash`).
 */
export function* readScript(shell: Shell): Generator<Wait, number, void> {
  let status = 0;
  let text = '';
  let firstLine = 1;
  for (let line = 1; ; line++) {
    const next = yield* shell.process.readLine(0);
    if (next === undefined && text === '') return status;
    text += next === undefined ? '' : `${next}\n`;
    const parsed = tryParse(shell, text, firstLine, next !== undefined);
    if (parsed === 'incomplete') continue;
    text = '';
    firstLine = line + 1;
    if (parsed instanceof Error) {
      yield* shell.process.printError(syntaxMessage(parsed, shell.name, true) ?? '');
      shell.status = 2;
      return 2;
    }
    for (const script of parsed) status = yield* runGuarded(shell, script);
    if (next === undefined) return status;
  }
}

function tryParse(
  shell: Shell,
  text: string,
  firstLine: number,
  mayContinue: boolean,
): Script[] | 'incomplete' | Error {
  const parser = new Parser(text, { firstLine, mayContinue, extglob: () => shell.shopt.has('extglob') });
  const scripts: Script[] = [];
  try {
    for (let script = parser.next(); script !== undefined; script = parser.next()) scripts.push(script);
    return scripts;
  } catch (error) {
    if (error instanceof IncompleteError) return mayContinue ? 'incomplete' : error;
    if (error instanceof ShellSyntaxError) return error;
    throw error;
  }
}

function* runGuarded(shell: Shell, script: Script): Generator<Wait, number, void> {
  try {
    return yield* shell.executor.runScript(shell, script);
  } catch (error) {
    if (!(error instanceof ExpansionError) || error.fatal) throw error;
    yield* shell.printError(error.message);
    shell.status = error.status;
    return error.status;
  }
}
