import { setArgumentCompleter } from '../shell/index.ts';
import type { Node } from '../world/index.ts';
import type { CatalogCommand } from './load.ts';

/** Wrappers that take another command after words of their own: what follows is completed as that command. */
const WRAPPERS: Readonly<Record<string, (words: readonly string[]) => number | undefined>> = {
  ip: (words) => {
    const exec = words.findIndex(
      (word, i) => i > 0 && word !== '' && 'exec'.startsWith(word) && (words[i - 1] ?? '').startsWith('netn'),
    );
    return exec > 0 && words.length > exec + 2 ? exec + 2 : undefined;
  },
};

/** Offers, for the arguments of each command of the catalogue that is loaded, its options and the words that it knows. */
export function installCompletion(node: Node, commands: readonly CatalogCommand[]): void {
  const byName = new Map(
    commands.flatMap((command) => [command.name, ...command.aliases].map((name) => [name, command] as const)),
  );
  setArgumentCompleter(node.machine, candidates);

  function candidates(words: readonly string[]): readonly string[] | undefined {
    const name = words[0] ?? '';
    const inner = WRAPPERS[name]?.(words);
    if (inner !== undefined) return inner === words.length - 1 ? [...byName.keys()] : candidates(words.slice(inner));
    const command = byName.get(name)?.spec;
    if (command === undefined) return undefined;
    const word = words.at(-1) ?? '';
    if (word.startsWith('-'))
      return command.options.filter((option) => option.simulated).flatMap((option) => option.flags);
    return command.complete?.(words, node);
  }
}
