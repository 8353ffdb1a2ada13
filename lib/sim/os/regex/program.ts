import type { Assertion, CharSet, RegexNode } from './ast.ts';
import { MESSAGES, RegexError } from './parse.ts';

/** The expression as instructions of a small machine (Thompson's construction, as in Russ Cox's "Pike VM"). */
export type Instruction =
  | { readonly op: 'set'; readonly set: CharSet }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'backref'; readonly index: number }
  | { readonly op: 'jump'; to: number }
  /** Tries `first`, then `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'match' };

const MAX_INSTRUCTIONS = 20_000;

export function assemble(node: RegexNode): readonly Instruction[] {
  const code: Instruction[] = [];
  const emit = (instruction: Instruction): number => {
    if (code.length >= MAX_INSTRUCTIONS) throw new RegexError(MESSAGES.size);
    return code.push(instruction) - 1;
  };

  const visit = (node: RegexNode): void => {
    switch (node.kind) {
      case 'empty':
        return;
      case 'set':
        emit({ op: 'set', set: node.set });
        return;
      case 'assert':
        emit({ op: 'assert', what: node.what });
        return;
      case 'backref':
        emit({ op: 'backref', index: node.index });
        return;
      case 'group':
        emit({ op: 'save', slot: 2 * node.index });
        visit(node.body);
        emit({ op: 'save', slot: 2 * node.index + 1 });
        return;
      case 'concat':
        for (const part of node.parts) visit(part);
        return;
      case 'alternate':
        alternate(node.parts);
        return;
      case 'repeat':
        repeat(node.body, node.min, node.max);
    }
  };

  const alternate = (parts: readonly RegexNode[]): void => {
    const ends: { op: 'jump'; to: number }[] = [];
    parts.forEach((part, i) => {
      if (i === parts.length - 1) return visit(part);
      const split = { op: 'split' as const, first: 0, second: 0 };
      split.first = emit(split) + 1;
      visit(part);
      const end = { op: 'jump' as const, to: 0 };
      emit(end);
      ends.push(end);
      split.second = code.length;
    });
    for (const end of ends) end.to = code.length;
  };

  const repeat = (body: RegexNode, min: number, max: number): void => {
    for (let i = 0; i < min; i++) visit(body);
    if (max === Number.POSITIVE_INFINITY) {
      const split = { op: 'split' as const, first: 0, second: 0 };
      const start = emit(split);
      split.first = start + 1;
      visit(body);
      emit({ op: 'jump', to: start });
      split.second = code.length;
      return;
    }
    const splits: { first: number; second: number }[] = [];
    for (let i = min; i < max; i++) {
      const split = { op: 'split' as const, first: 0, second: 0 };
      split.first = emit(split) + 1;
      splits.push(split);
      visit(body);
    }
    for (const split of splits) split.second = code.length;
  };

  visit(node);
  emit({ op: 'match' });
  return code;
}
