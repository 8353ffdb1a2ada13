import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** printenv of GNU coreutils 9.1. */
export const printenv: CommandSpec = {
  ...program('printenv', 'print all or part of environment', [
    option('-0 --null', 'end each output line with NUL, not newline'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, printenv, { status: 2, stopAtOperand: true });
  if (typeof parsed === 'number') return parsed;
  const end = parsed.has('-0') ? '\0' : '\n';
  if (parsed.operands.length === 0) {
    yield* process.print([...process.env].map(([name, value]) => `${name}=${value}${end}`).join(''));
    return 0;
  }
  let status = 0;
  for (const name of parsed.operands) {
    const value = process.env.get(name);
    if (value === undefined) status = 1;
    else yield* process.print(`${value}${end}`);
  }
  return status;
}
