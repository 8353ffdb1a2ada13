import type { CommandSpec } from '../command.ts';
import { option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

export const basename: CommandSpec = {
  ...program('basename', 'strip directory and suffix from filenames', [
    option('-a --multiple', 'support multiple arguments and treat each as a NAME'),
    option('-s --suffix', 'remove a trailing SUFFIX; implies -a', 'SUFFIX'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, basename, { stopAtOperand: true });
    if (typeof parsed === 'number') return parsed;
    const { operands } = parsed;
    if (operands.length === 0) return yield* usageError(process, 'basename', 'missing operand');
    const many = parsed.has('-a') || parsed.has('-s');
    if (!many && operands.length > 2)
      return yield* usageError(process, 'basename', `extra operand ${quoted(operands[2] as string)}`);
    const suffix = parsed.value('-s') ?? (many ? '' : (operands[1] ?? ''));
    for (const name of many ? operands : operands.slice(0, 1)) {
      const base = /^\/+$/.test(name) ? '/' : name.replace(/\/+$/, '').replace(/^.*\//s, '');
      yield* process.print(
        `${suffix !== '' && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base}\n`,
      );
    }
    return 0;
  },
};

export const dirname: CommandSpec = {
  ...program('dirname', 'strip last component from file name'),
  *run(process) {
    const parsed = yield* getopt(process, dirname);
    if (typeof parsed === 'number') return parsed;
    if (parsed.operands.length === 0) return yield* usageError(process, 'dirname', 'missing operand');
    for (const name of parsed.operands) {
      const stripped = name.replace(/\/+$/, '');
      const folder = stripped.includes('/')
        ? stripped.replace(/\/+[^/]*$/, '') || '/'
        : name.startsWith('/')
          ? '/'
          : '.';
      yield* process.print(`${folder}\n`);
    }
    return 0;
  },
};
