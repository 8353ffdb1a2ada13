import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { option, program, quoted, usageError } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** uname of GNU coreutils 9.1. */
export const uname: CommandSpec = {
  ...program('uname', 'print system information', [
    option('-a --all', 'print all information'),
    option('-s --kernel-name', 'print the kernel name'),
    option('-n --nodename', 'print the network node hostname'),
    option('-r --kernel-release', 'print the kernel release'),
    option('-v --kernel-version', 'print the kernel version'),
    option('-m --machine', 'print the machine hardware name'),
    option('-p --processor', 'print the processor type (non-portable)'),
    option('-i --hardware-platform', 'print the hardware platform (non-portable)'),
    option('-o --operating-system', 'print the operating system'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, uname);
  if (typeof parsed === 'number') return parsed;
  const [extra] = parsed.operands;
  if (extra !== undefined) return yield* usageError(process, 'uname', `extra operand ${quoted(extra)}`);
  const fields: [string, string][] = [
    ['-s', 'Linux'],
    ['-n', process.namespaces.uts.hostname],
    ['-r', '6.1.0-28-amd64'],
    ['-v', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)'],
    ['-m', 'x86_64'],
    ['-p', 'unknown'],
    ['-i', 'unknown'],
    ['-o', 'GNU/Linux'],
  ];
  const all = parsed.has('-a');
  const shown = fields.filter(
    ([flag, text]) => (all ? text !== 'unknown' : parsed.has(flag)) || (parsed.given.length === 0 && flag === '-s'),
  );
  yield* process.print(`${shown.map(([, text]) => text).join(' ')}\n`);
  return 0;
}
