import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { allLines, failure, missing, option, program, quoted } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** shuf of GNU coreutils 9.1; chance comes from the machine's seed. */
export const shuf: CommandSpec = {
  ...program('shuf', 'generate random permutations', [
    option('-e --echo', 'treat each ARG as an input line'),
    option('-i --input-range', 'treat each number LO through HI as an input line', 'LO-HI'),
    option('-n --head-count', 'output at most COUNT lines', 'COUNT'),
    option('-r --repeat', 'output lines can be repeated'),
    missing('-o --output', 'write result to FILE instead of standard output', 'FILE'),
    missing('--random-source', 'get random bytes from FILE', 'FILE'),
    missing('-z --zero-terminated', 'line delimiter is NUL, not newline'),
  ]),
  run,
};

const MOST_LINES = 1_000_000;

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, shuf);
  if (typeof parsed === 'number') return parsed;
  const count = parsed.value('-n');
  if (count !== undefined && !/^\d+$/.test(count))
    return yield* failure(process, 'shuf', `invalid line count: ${quoted(count)}`);
  const range = parsed.value('-i');
  const bounds = /^(\d+)-(\d+)$/.exec(range ?? '');
  if (range !== undefined && (bounds === null || Number(bounds[2]) - Number(bounds[1]) > MOST_LINES))
    return yield* failure(process, 'shuf', `invalid input range: ${quoted(range)}`);
  const lines =
    bounds !== null
      ? numbers(Number(bounds[1]), Number(bounds[2]))
      : parsed.has('-e')
        ? [...parsed.operands]
        : (yield* allLines(process, 'shuf', parsed.operands)).lines;
  const { random } = process.machine;
  if (parsed.has('-r')) {
    for (let i = 0; i < Number(count ?? Number.POSITIVE_INFINITY) && lines.length > 0; i++) {
      const written = yield* process.write(1, `${lines[random.int(0, lines.length - 1)]}\n`);
      if (!written.ok) return 1;
    }
    return 0;
  }
  for (let i = lines.length - 1; i > 0; i--) {
    const k = random.int(0, i);
    [lines[i], lines[k]] = [lines[k] as string, lines[i] as string];
  }
  yield* process.print(
    lines
      .slice(0, count === undefined ? undefined : Number(count))
      .map((line) => `${line}\n`)
      .join(''),
  );
  return 0;
}

const numbers = (low: number, high: number): string[] =>
  Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => String(low + i));
