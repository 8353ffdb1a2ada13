import type { Wait } from '../../os/index.ts';
import { arithmetic, indexKey } from '../expand/arithmetic-expansion.ts';
import { expandQuoted, expandText, expandWords } from '../expand/expand.ts';
import { subscriptKey } from '../expand/parameter.ts';
import type { Shell } from '../shell.ts';
import type { Assignment, Word } from '../syntax/ast.ts';
import { AssociativeArray } from '../variables.ts';
import { ExpansionError } from './control.ts';

/** An array assignment with its words expanded; keys are still texts, because only the variable knows what they are. */
export type PreparedArray = {
  readonly name: string;
  readonly append: boolean;
  readonly entries: readonly (readonly [string | undefined, string])[];
};

export function* assign(shell: Shell, assignment: Assignment): Generator<Wait, void, void> {
  const { name, index, append, value } = assignment;
  if ('array' in value) {
    storeArray(shell, yield* prepareArray(shell, assignment));
    return;
  }
  const text = yield* expandText(shell, value.parts, 'assignment');
  if (index === undefined) shell.variables.set(name, text, append);
  else {
    const key = yield* subscriptKey(shell, shell.variables.target(name), index, { expandText, expandQuoted });
    if (key === '' && index.length === 0) throw new ExpansionError(`${name}[]: bad array subscript`, 1, false);
    shell.variables.setElement(name, key, text, append);
  }
}

export function* prepareArray(shell: Shell, assignment: Assignment): Generator<Wait, PreparedArray, void> {
  const { name, append, value } = assignment;
  const entries: [string | undefined, string][] = [];
  for (const element of 'array' in value ? value.array : []) {
    if (element.key === undefined)
      for (const text of yield* expandWords(shell, [element.value])) entries.push([undefined, text]);
    else
      entries.push([
        yield* expandText(shell, element.key),
        yield* expandText(shell, element.value.parts, 'assignment'),
      ]);
  }
  return { name, append, entries };
}

export function storeArray(shell: Shell, { name, append, entries }: PreparedArray, associative = false): void {
  const isAssociative = associative || shell.variable(name)?.value instanceof AssociativeArray;
  if (isAssociative) {
    shell.variables.setArray(name, pairs(entries), append, true);
    return;
  }
  const keyed = entries.map(
    ([key, text]) =>
      [key === undefined ? undefined : Number(indexKey(shell, name, String(arithmetic(shell, key)))), text] as const,
  );
  shell.variables.setArray(name, keyed, append);
}

/** `m=(key value …)` without subscripts pairs its words (bash 5.1). */
function pairs(entries: PreparedArray['entries']): (readonly [string, string])[] {
  if (entries.some(([key]) => key !== undefined)) return entries.map(([key, text]) => [key ?? '0', text]);
  return entries.flatMap(([, text], i) => (i % 2 === 0 ? [[text, entries[i + 1]?.[1] ?? ''] as const] : []));
}

/** Arguments of declare and its kin: `name=value` is not split; arrays come beside the words, by their position. */
export function* expandDeclaration(
  shell: Shell,
  words: readonly Word[],
): Generator<Wait, { args: string[]; arrays: Map<number, PreparedArray> }, void> {
  const args: string[] = [];
  const arrays = new Map<number, PreparedArray>();
  for (const word of words) {
    const { assignment } = word;
    if (assignment === undefined) args.push(...(yield* expandWords(shell, [word])));
    else if ('array' in assignment.value) {
      arrays.set(args.length, yield* prepareArray(shell, assignment));
      args.push(assignment.name);
    } else {
      const head = word.text.slice(0, word.text.length - assignment.value.text.length);
      args.push(head + (yield* expandText(shell, assignment.value.parts, 'assignment')));
    }
  }
  return { args, arrays };
}
