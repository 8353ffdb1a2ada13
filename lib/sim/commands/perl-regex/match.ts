import { type Assertion, type CharSet, CLASSES, inSet, type Node, PerlRegexError } from './ast.ts';

/** The expression as instructions of a machine that backtracks. */
export type Instruction =
  | { readonly op: 'set'; readonly set: CharSet }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'backref'; readonly index: number; readonly ignoreCase: boolean }
  | { readonly op: 'jump'; readonly to: { at: number } }
  /** Tries what follows, or `other`, first. */
  | { readonly op: 'split'; readonly other: { at: number }; readonly otherFirst: boolean }
  /** Remembers where a round of a loop begins; the round must have got somewhere when it ends. */
  | { readonly op: 'round' | 'progress'; readonly slot: number }
  | {
      readonly op: 'inner';
      readonly code: Code;
      readonly how: 'atomic' | 'ahead' | 'behind';
      readonly negated: boolean;
    }
  | { readonly op: 'match' };

export type Code = readonly Instruction[];

const MAX_INSTRUCTIONS = 50_000;
/** Oniguruma gives a match up after ten million retries; here it has to be sooner. */
const MAX_STEPS = 1_000_000;

export type Program = { readonly code: Code; readonly slots: number };

export function assemble(node: Node, groups: number): Program {
  const assembler = new Assembler((groups + 1) * 2);
  const code = assembler.whole(node);
  return { code, slots: assembler.slots };
}

class Assembler {
  #code: Instruction[] = [];
  #total = 0;

  constructor(public slots: number) {}

  whole(node: Node): Code {
    const outer = this.#code;
    this.#code = [];
    this.#visit(node);
    this.#emit({ op: 'match' });
    const code = this.#code;
    this.#code = outer;
    return code;
  }

  #emit(instruction: Instruction): void {
    if (++this.#total > MAX_INSTRUCTIONS) throw new PerlRegexError('too big number for repeat range');
    this.#code.push(instruction);
  }

  #visit(node: Node): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'keep':
        return this.#emit({ op: 'save', slot: 0 });
      case 'set':
        return this.#emit({ op: 'set', set: node.set });
      case 'assert':
        return this.#emit({ op: 'assert', what: node.what });
      case 'backref':
        return this.#emit({ op: 'backref', index: node.index, ignoreCase: node.ignoreCase });
      case 'group':
        this.#emit({ op: 'save', slot: 2 * node.index });
        this.#visit(node.body);
        return this.#emit({ op: 'save', slot: 2 * node.index + 1 });
      case 'concat':
        for (const part of node.parts) this.#visit(part);
        return;
      case 'alternate':
        return this.#alternate(node.parts);
      case 'atomic':
        return this.#emit({ op: 'inner', code: this.whole(node.body), how: 'atomic', negated: false });
      case 'look':
        return this.#emit({
          op: 'inner',
          code: this.whole(node.body),
          how: node.behind ? 'behind' : 'ahead',
          negated: node.negated,
        });
      case 'repeat':
        return this.#repeat(node);
    }
  }

  #alternate(parts: readonly Node[]): void {
    const end = { at: 0 };
    parts.forEach((part, i) => {
      const next = { at: 0 };
      if (i < parts.length - 1) this.#emit({ op: 'split', other: next, otherFirst: false });
      this.#visit(part);
      if (i < parts.length - 1) this.#emit({ op: 'jump', to: end });
      next.at = this.#code.length;
    });
    end.at = this.#code.length;
  }

  #repeat(node: Extract<Node, { kind: 'repeat' }>): void {
    if (node.how === 'possessive') {
      const code = this.whole({ ...node, how: 'greedy' });
      return this.#emit({ op: 'inner', code, how: 'atomic', negated: false });
    }
    for (let i = 0; i < node.min; i++) this.#visit(node.body);
    const otherFirst = node.how === 'lazy';
    const end = { at: 0 };
    if (node.max === Number.POSITIVE_INFINITY) {
      const slot = this.slots++;
      const start = { at: this.#code.length };
      this.#emit({ op: 'split', other: end, otherFirst });
      this.#emit({ op: 'round', slot });
      this.#visit(node.body);
      this.#emit({ op: 'progress', slot });
      this.#emit({ op: 'jump', to: start });
    } else {
      for (let i = node.min; i < node.max; i++) {
        this.#emit({ op: 'split', other: end, otherFirst });
        this.#visit(node.body);
      }
    }
    end.at = this.#code.length;
  }
}

type Slots = readonly number[];
type Choice = { readonly pc: number; readonly at: number; readonly slots: Slots };

/** The first match at or after `from`, as Perl would find it: the slots of the whole and of the groups, -1 for none. */
export function search(program: Program, text: string, from: number): Slots | undefined {
  const matcher = new Matcher(text);
  const blank = new Array<number>(program.slots).fill(-1);
  for (let start = from; start <= text.length; start++) {
    if (start > 0 && (text.charCodeAt(start) & 0xfc00) === 0xdc00) continue;
    const found = matcher.run(program.code, start, blank);
    if (found === undefined) continue;
    const [kept = -1] = found.slots;
    return found.slots.with(0, kept < 0 ? start : kept).with(1, found.at);
  }
  return undefined;
}

class Matcher {
  #steps = 0;

  constructor(private readonly text: string) {}

  run(code: Code, from: number, slots: Slots, end?: number): { at: number; slots: Slots } | undefined {
    const choices: Choice[] = [{ pc: 0, at: from, slots }];
    for (let choice = choices.pop(); choice !== undefined; choice = choices.pop()) {
      let { pc, at, slots: now } = choice;
      for (;;) {
        if (++this.#steps > MAX_STEPS) throw new PerlRegexError('retry-limit-in-match over');
        const instruction = code[pc++] as Instruction;
        if (instruction.op === 'match') {
          if (end === undefined || at === end) return { at, slots: now };
          break;
        }
        if (instruction.op === 'jump') pc = instruction.to.at;
        else if (instruction.op === 'split') {
          const { other, otherFirst } = instruction;
          choices.push({ pc: otherFirst ? pc : other.at, at, slots: now });
          if (otherFirst) pc = other.at;
        } else if (instruction.op === 'save' || instruction.op === 'round') now = now.with(instruction.slot, at);
        else if (instruction.op === 'inner') {
          const inner = this.#inner(instruction, at, now);
          if (inner === undefined) break;
          ({ at, slots: now } = inner);
        } else {
          const next = this.#consume(instruction, at, now);
          if (next < 0) break;
          at = next;
        }
      }
    }
    return undefined;
  }

  /** Where the text goes on behind what the instruction matches at `at`; -1: it does not. */
  #consume(instruction: Instruction, at: number, slots: Slots): number {
    switch (instruction.op) {
      case 'set': {
        const code = this.text.codePointAt(at);
        return code !== undefined && inSet(instruction.set, code) ? at + (code > 0xffff ? 2 : 1) : -1;
      }
      case 'assert':
        return this.#holds(instruction.what, at) ? at : -1;
      case 'progress':
        return at > (slots[instruction.slot] as number) ? at : -1;
      case 'backref':
        return this.#again(instruction.index, instruction.ignoreCase, at, slots);
      default:
        return -1;
    }
  }

  #again(index: number, ignoreCase: boolean, at: number, slots: Slots): number {
    const [begin = -1, end = -1] = slots.slice(2 * index, 2 * index + 2);
    if (begin < 0 || end < 0) return -1;
    const wanted = this.text.slice(begin, end);
    const here = this.text.slice(at, at + wanted.length);
    const same = ignoreCase ? here.toLowerCase() === wanted.toLowerCase() : here === wanted;
    return same ? at + wanted.length : -1;
  }

  #inner(
    { code, how, negated }: Extract<Instruction, { op: 'inner' }>,
    at: number,
    slots: Slots,
  ): { at: number; slots: Slots } | undefined {
    const found = how === 'behind' ? this.#behind(code, at, slots) : this.run(code, at, slots);
    if (how === 'atomic') return found;
    if (negated) return found === undefined ? { at, slots } : undefined;
    return found && { at, slots: found.slots };
  }

  #behind(code: Code, at: number, slots: Slots): { at: number; slots: Slots } | undefined {
    for (let start = at; start >= 0; start--) {
      const found = this.run(code, start, slots, at);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #holds(what: Assertion, at: number): boolean {
    const { text } = this;
    const { length } = text;
    switch (what) {
      case 'text-start':
        return at === 0;
      case 'line-start':
        return at === 0 || (text[at - 1] === '\n' && at < length);
      case 'very-end':
        return at === length;
      case 'text-end':
        return at === length || (at === length - 1 && text[at] === '\n');
      case 'line-end':
        return at === length || text[at] === '\n';
      default:
        return (this.#isWord(at - 1) !== this.#isWord(at)) === (what === 'word');
    }
  }

  #isWord(at: number): boolean {
    const code = at < 0 ? undefined : this.text.codePointAt(at);
    return code !== undefined && inSet(CLASSES.word as CharSet, code);
  }
}
