import { strerror } from '../../base/index.ts';
import { normalizePath, type Process, type Wait } from '../../os/index.ts';
import { canonicalize } from '../canonical.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option, program, usageError } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';

/** realpath of GNU coreutils 9.1. */
export const realpath: CommandSpec = {
  ...program('realpath', 'print the resolved path', [
    option('-e --canonicalize-existing', 'all components of the path must exist'),
    option('-m --canonicalize-missing', 'no path components need exist or be a directory'),
    option('-P --physical', 'resolve symlinks as encountered (default)'),
    option('-s --strip --no-symlinks', "don't expand symlinks"),
    option('-q --quiet', 'suppress most error messages'),
    option('-z --zero', 'end each output line with NUL, not newline'),
    option('--relative-to', 'print the resolved path relative to DIR', 'DIR'),
    missing('-L --logical', "resolve '..' components before symlinks"),
    missing('--relative-base', 'print absolute paths unless paths below DIR', 'DIR'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, realpath);
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) return yield* usageError(process, 'realpath', 'missing operand');
  const base = parsed.value('--relative-to');
  const from = base === undefined ? undefined : resolve(process, parsed, base);
  let status = 0;
  for (const operand of parsed.operands) {
    const found = resolve(process, parsed, operand);
    if (found.ok)
      yield* process.print(
        `${from?.ok === true ? relative(from.value, found.value) : found.value}${parsed.has('-z') ? '\0' : '\n'}`,
      );
    else {
      status = 1;
      if (!parsed.has('-q'))
        yield* process.printError(`realpath: ${operand === '' ? "''" : operand}: ${strerror(found.error.errno)}\n`);
    }
  }
  return status;
}

function resolve(process: Process, parsed: Parsed, path: string) {
  if (parsed.has('-s')) return { ok: true as const, value: normalizePath(process.path(path)) };
  return canonicalize(process, path, parsed.has('-e') ? 'all' : parsed.has('-m') ? 'none' : 'parent');
}

function relative(from: string, to: string): string {
  const parts = (path: string) => path.split('/').filter((part) => part !== '');
  const [a, b] = [parts(from), parts(to)];
  let common = 0;
  while (common < a.length && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/') || '.';
}
