import { strerror } from '../../base/index.ts';
import type { CommandSpec } from '../command.ts';
import { eachLine, failure, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { closeInput, openInput } from '../lines.ts';

export const uniq: CommandSpec = {
  ...program('uniq', 'report or omit repeated lines', [
    option('-c --count', 'prefix lines by the number of occurrences'),
    option('-d --repeated', 'only print duplicate lines, one for each group'),
    option('-D', 'print all duplicate lines'),
    option('-f --skip-fields', 'avoid comparing the first N fields', 'N'),
    option('-i --ignore-case', 'ignore differences in case when comparing'),
    option('-s --skip-chars', 'avoid comparing the first N characters', 'N'),
    option('-u --unique', 'only print unique lines'),
    option('-w --check-chars', 'compare no more than N characters in lines', 'N'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, uniq);
    if (typeof parsed === 'number') return parsed;
    const [input = '-', output, extra] = parsed.operands;
    if (extra !== undefined) return yield* usageError(process, 'uniq', `extra operand ${quoted(extra)}`);
    const fd = openInput(process, input);
    if (!fd.ok) return yield* failure(process, 'uniq', `${input}: ${strerror(fd.error.errno)}`);
    const number = (flag: string) => Number(parsed.value(flag) ?? 0);
    const keyOf = (line: string) => {
      const rest = line
        .replace(new RegExp(`^([ \\t]*[^ \\t]*){${Math.min(50, number('-f'))}}`), '')
        .slice(number('-s'));
      const part = parsed.has('-w') ? rest.slice(0, number('-w')) : rest;
      return parsed.has('-i') ? part.toLowerCase() : part;
    };
    const printed: string[] = [];
    const print = function* (text: string) {
      if (output === undefined) yield* process.print(text);
      else printed.push(text);
    };
    let group: string[] = [];
    const flush = function* () {
      const [first] = group;
      if (first === undefined) return;
      const wanted = parsed.has('-d') || parsed.has('-D') ? group.length > 1 : !(parsed.has('-u') && group.length > 1);
      if (wanted && !(parsed.has('-u') && group.length > 1)) {
        const lines = parsed.has('-D') ? group : [first];
        for (const line of lines)
          yield* print(`${parsed.has('-c') ? `${String(group.length).padStart(7)} ` : ''}${line}\n`);
      }
      group = [];
    };
    yield* eachLine(process, fd.value, function* ({ text }) {
      if (group[0] !== undefined && keyOf(group[0]) !== keyOf(text)) yield* flush();
      group.push(text);
    });
    yield* flush();
    closeInput(process, fd.value);
    if (output === undefined || output === '-') return 0;
    const written = process.machine.fs.writeFile(process.path(output), printed.join(''));
    return written.ok ? 0 : yield* failure(process, 'uniq', `${output}: ${strerror(written.error.errno)}`);
  },
};
