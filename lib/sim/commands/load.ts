import type { Process, Program, Wait } from '../os/index.ts';
import type { Node } from '../world/index.ts';
import type { CommandSpec } from './command.ts';
import { arrival, Lazy } from './lazy.ts';

/**
 * Commands are many and a learner uses few, so that a browser loads each when it is first used. A process whose command
 * is still on its way holds the world's time; once loaded, everything goes on as if it had been there from the start.
 */
export type CatalogCommand = {
  readonly name: string;
  readonly path: string;
  readonly aliases: readonly string[];
  /** The command, once it is loaded. */
  readonly spec: CommandSpec | undefined;
  readonly lazy: Lazy<CommandSpec>;
  load(): Promise<CommandSpec>;
};

/** `source` imports a module that exports the command of this name, whatever the export is called. */
export function command(
  name: string,
  path: string,
  source: () => Promise<object>,
  aliases: readonly string[] = [],
): CatalogCommand {
  const lazy = new Lazy(async () => commandOf(await source(), name));
  return {
    name,
    path,
    aliases,
    get spec() {
      return lazy.value;
    },
    lazy,
    load: () => lazy.load(),
  };
}

function commandOf(module: object, name: string): CommandSpec {
  const found = Object.values(module).find((value): value is CommandSpec => isCommand(value) && value.name === name);
  if (found === undefined) throw new Error(`the module of ${name} exports no command of that name`);
  return found;
}

const isCommand = (value: unknown): value is CommandSpec =>
  typeof value === 'object' && value !== null && 'run' in value && 'name' in value;

/** Loads all of them with all their parts, in their order: in Node before a world runs, in a browser when there is time. */
export async function loadAll(commands: readonly CatalogCommand[]): Promise<CommandSpec[]> {
  const loaded: CommandSpec[] = [];
  for (const entry of commands) {
    const spec = await entry.load();
    for (const part of spec.parts ?? []) await part.load();
    loaded.push(spec);
  }
  return loaded;
}

/** The program at the command's path. */
export function programOf(entry: CatalogCommand, node: Node): Program {
  return function* (process: Process): Generator<Wait, number, void> {
    const spec = yield* arrival(process, entry.lazy);
    for (const module of spec.modules ?? []) node.kernel.load(module);
    return yield* spec.run(process, node);
  };
}
