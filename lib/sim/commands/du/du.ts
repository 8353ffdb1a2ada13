import { strerror } from '../../base/index.ts';
import type { Process, Stat, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { Complaints } from '../copying.ts';
import { failure, missing, option, program, quoted } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { quoteName } from '../quoting.ts';
import { humanSize } from '../sizes.ts';

/** du of GNU coreutils 9.1. */
export const du: CommandSpec = {
  ...program('du', 'estimate file space usage', [
    option('-a --all', 'write counts for all files, not just directories'),
    option('-b --bytes', "equivalent to '--apparent-size --block-size=1'"),
    option('-c --total', 'produce a grand total'),
    option('-d --max-depth', 'print the total for a directory only if it is N or fewer levels below', 'N'),
    option('-h --human-readable', 'print sizes in human readable format'),
    option('-k', 'like --block-size=1K'),
    option('-s --summarize', 'display only a total for each argument'),
    missing('-m', 'like --block-size=1M'),
    missing('-x --one-file-system', 'skip directories on different file systems'),
    missing('--exclude', 'exclude files that match PATTERN', 'PATTERN'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, du);
  if (typeof parsed === 'number') return parsed;
  const depth = parsed.value('-d');
  if (depth !== undefined && !/^\d+$/.test(depth))
    return yield* failure(process, 'du', `invalid maximum depth ${quoted(depth)}`);
  const walk = new Walk(process, parsed);
  for (const operand of parsed.operands.length === 0 ? ['.'] : parsed.operands) yield* walk.operand(operand);
  if (parsed.has('-c')) yield* walk.print(walk.total, 'total');
  return walk.complaints.status;
}

class Walk {
  readonly complaints: Complaints;
  total = 0;
  readonly #deepest: number;

  constructor(
    private readonly process: Process,
    private readonly parsed: Parsed,
  ) {
    this.complaints = new Complaints(process, 'du');
    this.#deepest = parsed.has('-s') ? 0 : Number(parsed.value('-d') ?? Number.POSITIVE_INFINITY);
  }

  *operand(path: string): Generator<Wait, void, void> {
    const stat = this.process.machine.fs.lstat(this.process.path(path), this.process);
    if (!stat.ok) return yield* this.complaints.say(`cannot access ${quoteName(path)}: ${strerror(stat.error.errno)}`);
    this.total += yield* this.#measure(path, stat.value, 0);
  }

  *#measure(path: string, stat: Stat, depth: number): Generator<Wait, number, void> {
    let size = this.#sizeOf(stat);
    if (stat.kind === 'directory') {
      const names = this.process.machine.fs.readdir(this.process.path(path), this.process);
      for (const name of names.ok ? names.value : []) {
        const child = `${path.replace(/(?<=.)\/+$/, '')}/${name}`.replace(/^\/\//, '/');
        const own = this.process.machine.fs.lstat(this.process.path(child), this.process);
        if (own.ok) size += yield* this.#measure(child, own.value, depth + 1);
      }
      yield {};
    }
    const shown = depth <= this.#deepest && (stat.kind === 'directory' || depth === 0 || this.parsed.has('-a'));
    if (shown) yield* this.print(size, path);
    return size;
  }

  /** In bytes: whole blocks, or the length with -b. */
  #sizeOf(stat: Stat): number {
    if (this.parsed.has('-b')) return stat.size;
    return stat.kind === 'file' || stat.kind === 'directory' ? Math.ceil(stat.size / 4_096) * 4_096 : 0;
  }

  *print(size: number, path: string): Generator<Wait, void, void> {
    const text = this.parsed.has('-h')
      ? humanSize(size)
      : String(this.parsed.has('-b') ? size : Math.ceil(size / 1_024));
    yield* this.process.print(`${text}\t${path}\n`);
  }
}
