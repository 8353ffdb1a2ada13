import type { Wait } from '../../os/index.ts';
import { ExpansionError } from '../run/control.ts';
import type { Shell } from '../shell.ts';
import type { Part, Word } from '../syntax/ast.ts';
import { expandArithmetic } from './arithmetic-expansion.ts';
import { expandBraces } from './brace.ts';
import type { Context, Expansions } from './context.ts';
import {
  type Field,
  type Fragment,
  joinFragments,
  joinPattern,
  literal,
  quoted,
  splitFields,
  splittable,
} from './fields.ts';
import { glob } from './glob.ts';
import { expandParameter } from './parameter.ts';
import { tildePrefix } from './tilde.ts';

type Expansion<T> = Generator<Wait, T, void>;

const WORD: Context = { double: false, tilde: 'word' };
const TEXT: Context = { double: false, tilde: 'none' };
const ASSIGNED: Context = { double: false, tilde: 'assignment' };

/** All expansions of a command's words, in bash's order: braces, tilde and parameters and commands, splitting, file names. */
export function* expandWords(shell: Shell, words: readonly Word[]): Expansion<string[]> {
  const result: string[] = [];
  for (const word of words) {
    const plain = plainText(word);
    if (plain !== undefined) result.push(plain);
    else yield* expandWordInto(shell, word, result);
  }
  return result;
}

function* expandWordInto(shell: Shell, word: Word, result: string[]): Expansion<void> {
  const alternatives = shell.options.has('braceexpand') ? expandBraces(word) : [word.parts];
  for (const parts of alternatives) {
    const fragments = yield* wordFragments(shell, word, parts);
    for (const field of splitFields(fragments, shell.ifs))
      for (const path of expandPaths(shell, field)) result.push(path);
  }
}

/** In a word that looks like an assignment a tilde counts behind its `=`, whatever the word is for. */
function* wordFragments(shell: Shell, word: Word, parts: readonly Part[]): Expansion<Fragment[]> {
  const { assignment } = word;
  if (
    assignment === undefined ||
    'array' in assignment.value ||
    !assignment.value.text.includes('~') ||
    parts !== word.parts
  )
    return yield* expandParts(shell, parts, WORD);
  const head = word.text.slice(0, word.text.length - assignment.value.text.length);
  return [literal(head), ...(yield* expandParts(shell, assignment.value.parts, ASSIGNED))];
}

/** The text of a word in which nothing expands: most words. */
function plainText(word: Word): string | undefined {
  const [part] = word.parts;
  if (word.parts.length !== 1 || part === undefined) return undefined;
  if (part.type === 'quoted') return part.text;
  return part.type === 'literal' && !/[*?[{~]|[+@!]\(/.test(part.text) ? part.text : undefined;
}

function expandPaths(shell: Shell, field: Field): string[] {
  if (!field.wild || shell.options.has('noglob')) return [field.text];
  const { shopt } = shell;
  const found = glob(shell.process, field.pattern, {
    dotglob: shopt.has('dotglob'),
    nocaseglob: shopt.has('nocaseglob'),
    globstar: shopt.has('globstar'),
  });
  if (found.length > 0) return found;
  if (shopt.has('failglob')) throw new ExpansionError(`no match: ${field.text}`, 1, false);
  return shopt.has('nullglob') ? [] : [field.text];
}

/** A word as one text, without splitting and file names: redirections of here-strings, `case`, assignments. */
export function* expandText(shell: Shell, parts: readonly Part[], tilde: Context['tilde'] = 'none'): Expansion<string> {
  return joinFragments(
    yield* expandParts(shell, parts, tilde === 'assignment' ? ASSIGNED : tilde === 'word' ? WORD : TEXT),
  );
}

/** A word as a pattern, in which quoted characters stand for themselves. */
export function* expandPattern(shell: Shell, parts: readonly Part[]): Expansion<string> {
  return joinPattern(yield* expandParts(shell, parts, WORD));
}

/** Text in double-quote fashion: here-documents, arithmetic, prompts. */
export function* expandQuoted(shell: Shell, parts: readonly Part[]): Expansion<string> {
  return joinFragments(yield* expandParts(shell, parts, { double: true, tilde: 'none' }));
}

export function* expandParts(shell: Shell, parts: readonly Part[], context: Context): Expansion<Fragment[]> {
  const fragments: Fragment[] = [];
  for (const [i, part] of parts.entries()) {
    for (const fragment of yield* expandPart(shell, part, context, i === 0, parts.length)) fragments.push(fragment);
  }
  return fragments;
}

function* expandPart(shell: Shell, part: Part, context: Context, first: boolean, count: number): Expansion<Fragment[]> {
  switch (part.type) {
    case 'literal':
      return context.double ? [quoted(part.text)] : expandLiteral(shell, part.text, context, first, count === 1);
    case 'quoted':
      return [quoted(part.text)];
    case 'double': {
      const inner = yield* expandParts(shell, part.parts, { double: true, tilde: 'none' });
      const vanishes =
        inner.length === 0 &&
        part.parts.some((one) => one.type === 'param' && (one.name === '@' || one.index === '@' || one.prefix === '@'));
      return inner.length === 0 && !vanishes ? [quoted('')] : inner;
    }
    case 'param':
      return yield* expandParameter(shell, part, context, expansions);
    case 'command':
      return [fromExpansion(yield* shell.executor.substitute(shell, part.body), context)];
    case 'backquote':
      return [fromExpansion(yield* shell.executor.substitute(shell, part), context)];
    case 'arith':
      return [
        fromExpansion(String(yield* expandArithmetic(shell, yield* expandQuoted(shell, part.expression))), context),
      ];
    case 'process':
      return [quoted(yield* shell.executor.processSubstitution(shell, part.direction, part.body))];
  }
}

const fromExpansion = (text: string, context: Context): Fragment => (context.double ? quoted(text) : splittable(text));

function expandLiteral(shell: Shell, text: string, context: Context, first: boolean, only: boolean): Fragment[] {
  if (!text.includes('~') || context.tilde === 'none') return [literal(text)];
  if (context.tilde === 'assignment') return expandAssignedTildes(shell, text, first);
  const tilde = first ? tildePrefix(shell, text, only) : undefined;
  if (tilde !== undefined) return [quoted(tilde.home), literal(text.slice(tilde.length))];
  return [literal(text)];
}

/** In an assignment a tilde counts behind `:` too, as in PATH. */
function expandAssignedTildes(shell: Shell, text: string, first: boolean): Fragment[] {
  return text.split(/(?<=:)/).flatMap((piece, i) => {
    const tilde = i > 0 || first ? tildePrefix(shell, piece, true) : undefined;
    return tilde === undefined ? [literal(piece)] : [quoted(tilde.home), literal(piece.slice(tilde.length))];
  });
}

/** What parameter expansion needs of this file, handed in because each needs the other. */
const expansions: Expansions = { expandParts, expandText, expandPattern, expandQuoted };
