import { type CatalogCommand, type CommandSpec, catalog, cniPlugins, loadAll, programs } from '../commands/index.ts';

/** What a command is and has, without the program: for the page that says what is simulated. */
export type CommandFacts = Pick<CommandSpec, 'name' | 'path' | 'summary' | 'options'> & {
  readonly aliases: readonly string[];
};

/** Every command of a simulated machine, by name. */
export const commandFacts = (): Promise<CommandFacts[]> => factsOf(catalog);

/** Every CNI plugin that lies on the machine, by name. */
export const pluginFacts = (): Promise<CommandFacts[]> => factsOf(cniPlugins);

async function factsOf(entries: readonly CatalogCommand[]): Promise<CommandFacts[]> {
  const commands = await loadAll(entries);
  return commands
    .map(({ name, aliases = [], path, summary, options }) => ({ name, aliases, path, summary, options }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** All programs of the machine at once: in Node before a session moves, in a browser when somebody begins to type. */
export async function loadCommands(): Promise<void> {
  await loadAll(programs);
}

/** Begins to load what a text names, a setup script or a log: all at once rather than one after another when they run. */
export function beginLoading(text: string): void {
  const words = new Set(text.split(/[^\w.-]+/));
  for (const entry of programs) {
    const named = [entry.name, ...entry.aliases].some((name) => words.has(name));
    // What fails now is loaded when it is needed.
    if (named) entry.load().catch(() => undefined);
  }
}

export { retryLoading } from '../commands/index.ts';
