import { DEFAULT_PATH, type Process } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** which of Debian's debianutils. */
export const which: CommandSpec = {
  ...program('which', 'locate a command', [
    option('-a', 'print all matching pathnames of each argument'),
    option('-s', 'print nothing, only return an exit status'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, which, { usage: 'Usage: /usr/bin/which [-as] args', status: 2 });
    if (typeof parsed === 'number') return parsed;
    let status = parsed.operands.length === 0 ? 1 : 0;
    for (const name of parsed.operands) {
      const found = find(process, name);
      const shown = parsed.has('-a') ? found : found.slice(0, 1);
      if (shown.length === 0) status = 1;
      if (!parsed.has('-s')) yield* process.print(shown.map((path) => `${path}\n`).join(''));
    }
    return status;
  },
};

function find(process: Process, name: string): string[] {
  const directories = (process.env.get('PATH') ?? DEFAULT_PATH).split(':');
  const paths = name.includes('/')
    ? [name]
    : directories.map((directory) => `${directory === '' ? '.' : directory}/${name}`);
  return paths.filter((path) => {
    const stat = process.machine.fs.stat(process.path(path), process);
    return stat.ok && stat.value.kind === 'file' && (stat.value.mode & 0o111) !== 0;
  });
}
