import type { Process, Program, Wait } from '../os/index.ts';
import type { Node } from '../world/index.ts';
import type { CommandSpec } from './command.ts';

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
  load(): Promise<CommandSpec>;
};

/** `source` imports a module that exports the command of this name, whatever the export is called. */
export function command(
  name: string,
  path: string,
  source: () => Promise<object>,
  aliases: readonly string[] = [],
): CatalogCommand {
  let loading: Promise<CommandSpec> | undefined;
  const entry: { -readonly [key in keyof CatalogCommand]: CatalogCommand[key] } = {
    name,
    path,
    aliases,
    spec: undefined,
    load: () => {
      loading ??= source().then(
        (module) => {
          entry.spec = commandOf(module, name);
          return entry.spec;
        },
        (error: unknown) => {
          loading = undefined;
          throw error;
        },
      );
      return loading;
    },
  };
  return entry;
}

function commandOf(module: object, name: string): CommandSpec {
  const found = Object.values(module).find((value): value is CommandSpec => isCommand(value) && value.name === name);
  if (found === undefined) throw new Error(`the module of ${name} exports no command of that name`);
  return found;
}

const isCommand = (value: unknown): value is CommandSpec =>
  typeof value === 'object' && value !== null && 'run' in value && 'name' in value;

/** Loads all of them, in their order: in Node before a world runs, in a browser when there is time. */
export async function loadAll(commands: readonly CatalogCommand[]): Promise<CommandSpec[]> {
  const loaded: CommandSpec[] = [];
  for (const entry of commands) loaded.push(await entry.load());
  return loaded;
}

/**
 * The program at the command's path. It passes through the event queue once whether or not the command is there, so that
 * the order of what happens in a world does not depend on what was loaded before.
 */
export function programOf(entry: CatalogCommand, node: Node): Program {
  return function* (process: Process): Generator<Wait, number, void> {
    if (entry.spec === undefined) loadInPause(entry, node);
    yield { until: process.machine.events.now };
    const { spec } = entry;
    return yield* (spec as CommandSpec).run(process, node);
  };
}

function loadInPause(entry: CatalogCommand, node: Node): void {
  const release = node.machine.events.hold();
  // Without the network it stays paused: the holder of the session says so, and tries again by `retryLoading`.
  const attempt = () => entry.load().then(release, () => void failed.add(attempt));
  void attempt();
}

const failed = new Set<() => void>();

/** Tries again what could not be loaded; how much that was. */
export function retryLoading(): number {
  const attempts = [...failed];
  failed.clear();
  for (const attempt of attempts) attempt();
  return attempts.length;
}
