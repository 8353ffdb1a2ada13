import type { Wait } from '../../os/index.ts';
import { expandWords } from '../expand/expand.ts';
import type { Shell } from '../shell.ts';
import type { Command, Script } from '../syntax/ast.ts';

type SelectCommand = Command & { readonly type: 'for' | 'select' };
type Round = (body: Script) => Generator<Wait, { status: number; done: boolean }, void>;

const DEFAULT_COLUMNS = 80;

/** `select`: a menu on standard error, a number from standard input, again and again. */
export function* runSelect(shell: Shell, command: SelectCommand, round: Round): Generator<Wait, number, void> {
  const words = command.words === undefined ? [...shell.positional] : yield* expandWords(shell, command.words);
  if (words.length === 0) return 0;
  let status = 0;
  for (let showMenu = true; ; ) {
    if (showMenu) yield* shell.process.printError(menu(words));
    yield* shell.process.printError(shell.variables.get('PS3') ?? '#? ');
    const line = yield* shell.process.readLine(0);
    if (line === undefined) {
      yield* shell.process.print('\n');
      return 1;
    }
    shell.variables.set('REPLY', line);
    showMenu = line.trim() === '';
    if (showMenu) continue;
    const chosen = /^\s*\d+\s*$/.test(line) ? words[Number(line) - 1] : undefined;
    shell.variables.set(command.name, chosen ?? '');
    const result = yield* round(command.body);
    status = result.status;
    if (result.done) return status;
  }
}

/** In columns, down and then across, when they do not fit below each other. */
function menu(words: readonly string[]): string {
  const digits = String(words.length).length;
  const items = words.map((word, i) => `${String(i + 1).padStart(digits)}) ${word}`);
  const width = Math.max(...items.map((item) => item.length)) + 2;
  const columns = items.length <= 3 ? 1 : Math.max(1, Math.floor(DEFAULT_COLUMNS / width));
  const rows = Math.ceil(items.length / columns);
  const usedRows = columns >= items.length && rows === 1 && items.length > 3 ? 1 : rows;
  const lines = Array.from({ length: usedRows }, (_, row) => {
    const cells = Array.from({ length: columns }, (_, column) => items[column * usedRows + row]).filter(
      (cell) => cell !== undefined,
    );
    return cells.map((cell, i) => (i < cells.length - 1 ? cell.padEnd(width) : cell)).join('');
  });
  return `${lines.join('\n')}\n`;
}
