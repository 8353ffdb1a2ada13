import { catalog } from '../commands/catalog.ts';
import type { CommandSpec } from '../commands/command.ts';

/** What a command is and has, without the program: for the page that says what is simulated. */
export type CommandFacts = Pick<CommandSpec, 'name' | 'path' | 'summary' | 'options'> & { readonly aliases: readonly string[] };

/** Every command of a simulated machine, by name. */
export function commandFacts(): CommandFacts[] {
  return catalog
    .map(({ name, aliases = [], path, summary, options }) => ({ name, aliases, path, summary, options }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}
