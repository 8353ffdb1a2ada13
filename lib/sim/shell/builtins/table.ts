/** The commands that are part of the shell: those that change it, and those that real bash has built in for speed. */
import type { Builtin } from './builtin.ts';
import { commandBuiltins } from './commands.ts';
import { directories } from './directories.ts';
import { environmentBuiltins, helpBuiltin } from './environment.ts';
import { flow } from './flow.ts';
import { getoptsBuiltins } from './getopts.ts';
import { jobBuiltins } from './job-control.ts';
import { outputBuiltins } from './output.ts';
import { readBuiltins } from './read.ts';
import { settingBuiltins } from './settings.ts';
import { testBuiltins } from './test.ts';
import { variableBuiltins } from './variables.ts';

export type { Builtin } from './builtin.ts';

export const builtins: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    ...flow,
    ...commandBuiltins(() => new Set(builtins.keys())),
    ...directories,
    ...environmentBuiltins,
    ...getoptsBuiltins,
    ...helpBuiltin(() => builtins),
    ...jobBuiltins,
    ...outputBuiltins,
    ...readBuiltins,
    ...settingBuiltins,
    ...testBuiltins,
    ...variableBuiltins,
  }),
);
