import type { Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';
import type { Part } from '../syntax/ast.ts';
import type { Fragment } from './fields.ts';

/** `double`: inside of "…", where nothing is split and patterns are text. */
export type Context = { readonly double: boolean; readonly tilde: 'word' | 'assignment' | 'none' };

type Expansion<T> = Generator<Wait, T, void>;

/** The expansions that a parameter's operators need for their own words. */
export type Expansions = {
  expandParts(shell: Shell, parts: readonly Part[], context: Context): Expansion<Fragment[]>;
  expandText(shell: Shell, parts: readonly Part[], tilde?: Context['tilde']): Expansion<string>;
  expandPattern(shell: Shell, parts: readonly Part[]): Expansion<string>;
  expandQuoted(shell: Shell, parts: readonly Part[]): Expansion<string>;
};
