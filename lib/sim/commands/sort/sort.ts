import { strerror } from '../../base/index.ts';
import type { CommandSpec } from '../command.ts';
import { eachLine, failure, missing, option, program } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { closeInput, openInput } from '../lines.ts';
import { compareBy, type Ordering, parseKey, type SortKey } from './key.ts';

const ERROR = 2;

export const sort: CommandSpec = {
  ...program('sort', 'sort lines of text files', [
    option('-b --ignore-leading-blanks', 'ignore leading blanks'),
    option('-d --dictionary-order', 'consider only blanks and alphanumeric characters'),
    option('-f --ignore-case', 'fold lower case to upper case characters'),
    option('-g --general-numeric-sort', 'compare according to general numerical value'),
    missing('-i --ignore-nonprinting', 'consider only printable characters'),
    option('-M --month-sort', "compare (unknown) < 'JAN' < ... < 'DEC'"),
    option('-h --human-numeric-sort', 'compare human readable numbers (e.g., 2K 1G)'),
    option('-n --numeric-sort', 'compare according to string numerical value'),
    option('-R --random-sort', 'shuffle, but group identical keys'),
    option('-r --reverse', 'reverse the result of comparisons'),
    option('-V --version-sort', 'natural sort of (version) numbers within text'),
    option('-c --check', 'check for sorted input; do not sort', '[HOW]'),
    option('-k --key', 'sort via a key; KEYDEF gives location and type', 'KEYDEF'),
    option('-m --merge', 'merge already sorted files; do not sort'),
    option('-o --output', 'write result to FILE instead of standard output', 'FILE'),
    option('-s --stable', 'stabilize sort by disabling last-resort comparison'),
    option('-t --field-separator', 'use SEP instead of non-blank to blank transition', 'SEP'),
    option('-u --unique', 'output only the first of an equal run'),
    missing('-z --zero-terminated', 'line delimiter is NUL, not newline'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, sort, { status: ERROR });
    if (typeof parsed === 'number') return parsed;
    const keys = keysOf(parsed);
    if (typeof keys === 'string') return yield* failure(process, 'sort', keys, ERROR);
    const compare = compareBy(
      keys,
      parsed.value('-t'),
      parsed.has('-s') || parsed.has('-u'),
      parsed.has('-r'),
      process.machine.random,
    );
    const lines: string[] = [];
    for (const file of parsed.operands.length > 0 ? parsed.operands : ['-']) {
      const fd = openInput(process, file);
      if (!fd.ok) {
        const verb = fd.error.errno === 'EISDIR' ? 'read failed' : 'cannot read';
        return yield* failure(process, 'sort', `${verb}: ${file}: ${strerror(fd.error.errno)}`, ERROR);
      }
      // biome-ignore lint/correctness/useYield: it only collects
      yield* eachLine(process, fd.value, function* ({ text }) {
        lines.push(text);
      });
      closeInput(process, fd.value);
    }
    if (parsed.has('-c')) {
      const at = lines.findIndex(
        (line, i) => i > 0 && compare(lines[i - 1] as string, line) > (parsed.has('-u') ? -1 : 0),
      );
      return at < 0
        ? 0
        : yield* failure(process, 'sort', `${parsed.operands[0] ?? '-'}:${at + 1}: disorder: ${lines[at]}`);
    }
    const sorted = lines
      .sort(compare)
      .filter((line, i, all) => !parsed.has('-u') || i === 0 || compare(all[i - 1] as string, line) !== 0);
    const text = sorted.map((line) => `${line}\n`).join('');
    const output = parsed.value('-o');
    if (output === undefined) {
      yield* process.print(text);
      return 0;
    }
    const written = process.machine.fs.writeFile(process.path(output), text);
    return written.ok
      ? 0
      : yield* failure(process, 'sort', `open failed: ${output}: ${strerror(written.error.errno)}`, ERROR);
  },
};

function keysOf(parsed: Parsed): readonly SortKey[] | string {
  const separator = parsed.value('-t');
  if (separator !== undefined && separator !== '\\0' && [...separator].length !== 1) {
    return separator === '' ? 'empty tab' : `multi-character tab ‘${separator}’`;
  }
  const letters = parsed.given.map(({ flag }) => flag.slice(1)).filter((letter) => 'bdfghMnRV'.includes(letter));
  const global: Ordering = { letters: new Set(letters), reverse: parsed.has('-r') };
  const keys: SortKey[] = [];
  for (const text of parsed.values('-k')) {
    const key = parseKey(text, global);
    if (typeof key === 'string') return key;
    keys.push(key);
  }
  return keys.length > 0
    ? keys
    : [{ start: { field: 1, char: 1 }, end: undefined, ordering: global, blanks: letters.includes('b') }];
}
