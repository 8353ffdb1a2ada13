import { strerror } from '../../base/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { closeInput, openInput } from '../lines.ts';

export const cmp: CommandSpec = {
  ...program('cmp', 'compare two files byte by byte', [
    option('-s --quiet --silent', 'suppress all normal output'),
    option('-l --verbose', 'output byte numbers and differing byte values'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, cmp, { status: 2 });
    if (typeof parsed === 'number') return parsed;
    const [first, second = '-'] = parsed.operands;
    if (first === undefined) return yield* usageError(process, 'cmp', "missing operand after 'cmp'", 2);
    const contents: Uint8Array[] = [];
    for (const name of [first, second]) {
      const fd = openInput(process, name);
      if (!fd.ok) return yield* failure(process, 'cmp', `${name}: ${strerror(fd.error.errno)}`, 2);
      contents.push(new TextEncoder().encode(yield* process.readAll(fd.value)));
      closeInput(process, fd.value);
    }
    const [a, b] = contents as [Uint8Array, Uint8Array];
    const shared = Math.min(a.length, b.length);
    let lines = 1;
    let differs = false;
    for (let i = 0; i < shared; i++) {
      if (a[i] !== b[i]) {
        differs = true;
        if (parsed.has('-s')) return 1;
        if (!parsed.has('-l')) {
          yield* process.print(`${first} ${second} differ: byte ${i + 1}, line ${lines}\n`);
          return 1;
        }
        yield* process.print(`${String(i + 1).padStart(String(shared).length)} ${octal(a[i])} ${octal(b[i])}\n`);
      }
      if (a[i] === 10) lines++;
    }
    if (a.length === b.length) return differs ? 1 : 0;
    const short = a.length < b.length ? first : second;
    const where =
      shared === 0 ? 'which is empty' : `after byte ${shared}, line ${a[shared - 1] === 10 ? lines - 1 : lines}`;
    return parsed.has('-s') ? 1 : yield* failure(process, 'cmp', `EOF on ${short} ${where}`);
  },
};

const octal = (byte: number | undefined) => (byte ?? 0).toString(8).padStart(3);
