import { type Assertion, inSet, WORD } from './ast.ts';
import type { Instruction } from './program.ts';

/** Positions of the match and its groups: slots 2i and 2i+1 are where group i begins and ends, -1 where it took no part. */
export type Slots = readonly number[];

export type MatchOptions = {
  /** The start of the text is not the start of a line (REG_NOTBOL). */
  readonly notLineStart?: boolean;
  /** `^` and `$` match at newlines inside the text as well (sed's M flag). */
  readonly multiline?: boolean;
};

/** A learner's expression with back references may take exponential time; past this many steps it is given up. */
const MAX_STEPS = 200_000;

export class RegexTooSlow extends Error {
  override name = 'RegexTooSlow';
}

type Thread = { readonly pc: number; readonly slots: Slots };

/**
 * The leftmost-longest match at or after `from`, in time proportional to text × expression, whatever the expression:
 * all threads advance together, one character at a time.
 */
export function matchParallel(
  code: readonly Instruction[],
  text: string,
  from: number,
  groups: number,
  options: MatchOptions,
): Slots | undefined {
  const blank = new Array<number>((groups + 1) * 2).fill(-1);
  let threads: Thread[] = [];
  let best: Slots | undefined;
  const seen = new Int32Array(code.length).fill(-1);

  for (let at = from; ; ) {
    const next: Thread[] = [];
    const started = threads;
    // A new thread starts here, behind the older ones, until something has matched: leftmost wins.
    threads = [];
    for (const thread of started) follow(thread.pc, thread.slots, at);
    if (best === undefined) follow(0, [at, ...blank.slice(1)], at);
    const character = at < text.length ? (text.codePointAt(at) as number) : -1;
    const width = character > 0xffff ? 2 : 1;
    for (const { pc, slots } of threads) {
      const instruction = code[pc] as Instruction;
      if (instruction.op === 'match') {
        if (
          best === undefined ||
          (slots[0] as number) < (best[0] as number) ||
          ((slots[0] as number) === best[0] && at > (best[1] as number))
        ) {
          best = [slots[0] as number, at, ...slots.slice(2)];
        }
      } else if (instruction.op === 'set' && character >= 0 && inSet(instruction.set, character)) {
        if (best === undefined || (slots[0] as number) <= (best[0] as number)) next.push({ pc: pc + 1, slots });
      }
    }
    if (character < 0 || (best !== undefined && next.length === 0)) return best;
    threads = next;
    at += width;
  }

  /** Adds the threads that `pc` leads to without reading a character, in order of preference. */
  function follow(start: number, startSlots: Slots, at: number): void {
    const stack: Thread[] = [{ pc: start, slots: startSlots }];
    while (stack.length > 0) {
      const { pc, slots } = stack.pop() as Thread;
      if (seen[pc] === at) continue;
      seen[pc] = at;
      const instruction = code[pc] as Instruction;
      switch (instruction.op) {
        case 'jump':
          stack.push({ pc: instruction.to, slots });
          break;
        case 'split':
          stack.push({ pc: instruction.second, slots }, { pc: instruction.first, slots });
          break;
        case 'save':
          stack.push({ pc: pc + 1, slots: slots.with(instruction.slot, at) });
          break;
        case 'assert':
          if (holds(instruction.what, text, at, options)) stack.push({ pc: pc + 1, slots });
          break;
        default:
          threads.push({ pc, slots });
      }
    }
  }
}

/** The same with back references, which need backtracking. */
export function matchBacktracking(
  code: readonly Instruction[],
  text: string,
  from: number,
  groups: number,
  options: MatchOptions,
): Slots | undefined {
  let steps = 0;
  for (let start = from; start <= text.length; start++) {
    let best: Slots | undefined;
    const stack: { pc: number; at: number; slots: Slots }[] = [
      { pc: 0, at: start, slots: [start, ...new Array<number>(groups * 2 + 1).fill(-1)] },
    ];
    const looped = new Set<string>();
    while (stack.length > 0) {
      if (++steps > MAX_STEPS) throw new RegexTooSlow('regular expression takes too many steps');
      const { pc, at, slots } = stack.pop() as { pc: number; at: number; slots: Slots };
      const instruction = code[pc] as Instruction;
      switch (instruction.op) {
        case 'match':
          if (best === undefined || at > (best[1] as number)) best = [start, at, ...slots.slice(2)];
          break;
        case 'set': {
          const character = at < text.length ? (text.codePointAt(at) as number) : -1;
          if (character >= 0 && inSet(instruction.set, character))
            stack.push({ pc: pc + 1, at: at + (character > 0xffff ? 2 : 1), slots });
          break;
        }
        case 'assert':
          if (holds(instruction.what, text, at, options)) stack.push({ pc: pc + 1, at, slots });
          break;
        case 'save':
          stack.push({ pc: pc + 1, at, slots: slots.with(instruction.slot, at) });
          break;
        case 'backref': {
          const begin = slots[2 * instruction.index] as number;
          const end = slots[2 * instruction.index + 1] as number;
          if (begin < 0 || end < 0) break;
          const wanted = text.slice(begin, end);
          if (text.startsWith(wanted, at)) stack.push({ pc: pc + 1, at: at + wanted.length, slots });
          break;
        }
        case 'jump':
          stack.push({ pc: instruction.to, at, slots });
          break;
        case 'split': {
          // The same loop at the same place with the same groups leads nowhere new.
          const key = `${pc}/${at}/${slots.join()}`;
          if (looped.has(key)) break;
          looped.add(key);
          stack.push({ pc: instruction.second, at, slots }, { pc: instruction.first, at, slots });
        }
      }
    }
    if (best !== undefined) return best;
  }
  return undefined;
}

function holds(what: Assertion, text: string, at: number, options: MatchOptions): boolean {
  const wordBefore = at > 0 && inSet(WORD, text.codePointAt(at - 1) ?? 0);
  const wordAfter = at < text.length && inSet(WORD, text.codePointAt(at) ?? 0);
  switch (what) {
    case 'line-start':
      return at === 0 ? options.notLineStart !== true : options.multiline === true && text[at - 1] === '\n';
    case 'line-end':
      return at === text.length || (options.multiline === true && text[at] === '\n');
    case 'text-start':
      return at === 0;
    case 'text-end':
      return at === text.length;
    case 'word':
      return wordBefore !== wordAfter;
    case 'not-word':
      return wordBefore === wordAfter;
    case 'word-start':
      return !wordBefore && wordAfter;
    case 'word-end':
      return wordBefore && !wordAfter;
  }
}
