import type { CommandSpec } from '../command.ts';
import { program } from '../coreutils.ts';

const ends = (name: string, summary: string, status: number): CommandSpec => ({
  ...program(name, summary),
  // biome-ignore lint/correctness/useYield: it ends at once
  *run() {
    return status;
  },
});

export const trueCommand = ends('true', 'do nothing, successfully', 0);
export const falseCommand = ends('false', 'do nothing, unsuccessfully', 1);
