import type { Node } from '../world/index.ts';
import type { CommandSpec } from './command.ts';

/** Every command of a machine: one line each. Names, completion, help and the fidelity table derive from this list. */
export const catalog: readonly CommandSpec[] = [];

/** Puts every command at its path in the machine's file system, its aliases beside it. */
export function installCatalog(node: Node, commands: readonly CommandSpec[] = catalog): void {
  for (const command of commands) {
    const folder = command.path.slice(0, command.path.lastIndexOf('/'));
    node.machine.fs.mkdir(folder, { parents: true });
    for (const path of [command.path, ...(command.aliases ?? []).map((alias) => `${folder}/${alias}`)]) {
      node.machine.fs.installProgram(path, (process) => command.run(process, node));
    }
  }
}
