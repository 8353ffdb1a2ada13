import type { KernelModule } from '../kernel/index.ts';
import type { Process, Wait } from '../os/index.ts';
import type { Node } from '../world/index.ts';
import type { Lazy } from './lazy.ts';

/**
 * A command is data and one program: what it is called, where it lies, which options it has, and what it does.
 * `help`, completion and the page that says what is simulated all read the data; only the shell runs the program.
 */
export type CommandSpec = {
  readonly name: string;
  /** Other names of the same program, installed beside it: `ping6` of ping. */
  readonly aliases?: readonly string[];
  /** Where it is installed: `/usr/bin/grep`. */
  readonly path: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** Parts of the kernel that it works on and that load apart: put into its machine's kernel before it runs. */
  readonly modules?: readonly KernelModule[];
  /** What it imports for some of its words only (`ip link add type vxlan`), waiting for it with `arrival`. */
  readonly parts?: readonly Lazy<unknown>[];
  /**
   * What may stand at the last of `words` (the command's own name is words[0], the last word may be empty):
   * verbs, device names, namespaces. Options and files are completed from `options` and by the shell.
   */
  readonly complete?: (words: readonly string[], node: Node, process?: Process) => string[];
  readonly run: (process: Process, node: Node) => Generator<Wait, number, void>;
};

/** One option as its manual page lists it. What the real tool has and this one lacks is listed too, as not simulated. */
export type OptionSpec = {
  /** All spellings: `['-c', '--count']`. */
  readonly flags: readonly string[];
  /** The name of its value, where it takes one: `COUNT`. */
  readonly value?: string;
  readonly text: string;
  readonly simulated: boolean;
};

/** The exit status of `<tool>: not simulated here: <what>`, which no real tool uses (EX_USAGE of sysexits.h). */
export const EXIT_NOT_SIMULATED = 64;

/** Says honestly that the real tool could do this and the simulated one cannot. */
export function* notSimulated(process: Process, tool: string, what: string): Generator<Wait, number, void> {
  yield* process.printError(`${tool}: not simulated here: ${what}\n`);
  return EXIT_NOT_SIMULATED;
}
