import type { Wait } from '../../../os/index.ts';
import { Broken, OutOfMemory, Raised } from '../values/error.ts';
import type { Json } from '../values/json.ts';

/**
 * A machine that backtracks, as jq's own does. An expression takes its input off the stack and leaves an output there;
 * for the next output the machine goes back to the newest fork, which restores everything as it was when it was made:
 *
 *   stack ── linked cells, never changed, so that a fork keeps a whole stack by keeping its top
 *   frame ── one call: variables (which backtracking does not restore: `reduce` and `foreach` live by that), closures
 *   path  ── inside `path(…)`, how the value on top was reached from the value it began with
 *
 * Nothing runs on the JavaScript stack but single steps, so no program overflows it, and any program can be stopped
 * between two steps.
 */
export type Step = (machine: Machine) => void;

export type Cell = { readonly value: Json; readonly below: Cell | undefined };

/** The code of a function, or of an expression handed to one. */
export type Code = { readonly name: string; steps: readonly Step[]; variables: number };

/** An argument: an expression together with the frame whose variables it sees. */
export type Closure = { readonly code: Code; readonly frame: Frame | undefined };

export type Frame = {
  readonly code: Code;
  /** The frame of the definition around it. */
  readonly outer: Frame | undefined;
  readonly closures: readonly Closure[];
  readonly variables: Json[];
  readonly caller: Frame | undefined;
  readonly returnTo: number;
  readonly depth: number;
};

export type Keys = { readonly key: Json; readonly before: Keys | undefined };

/** What `path(…)` has followed so far, and the value there. */
export type Tracked = {
  readonly keys: Keys | undefined;
  readonly value: Json;
  /** What was followed around this `path(…)`. */
  readonly outer: Tracked | undefined;
  readonly outerNesting: number;
};

type Fork = {
  readonly stack: Cell | undefined;
  readonly frame: Frame;
  readonly tracked: Tracked | undefined;
  readonly nesting: number;
  /** Goes on from here; undefined: only errors are of interest. */
  readonly resume: Step | undefined;
  /** Takes an error that was raised since; false: passes it on. */
  readonly rescue: ((machine: Machine, error: Raised | Broken) => boolean) | undefined;
};

/** Steps between two looks at the world: a fraction of a millisecond of real time. */
const STEPS_PER_SLICE = 1000;
/** Nested calls, and open alternatives. The real jq takes all of the machine's memory and aborts. */
const MAX_DEPTH = 400_000;

export class Machine {
  stack: Cell | undefined;
  frame: Frame;
  at = 0;
  tracked: Tracked | undefined;
  /** Depth of sub-expressions whose values are no part of the path. */
  nesting = 0;
  #forks: Fork[] = [];
  #labels = 0;
  #output: Json | undefined;
  #started = false;
  #budget = STEPS_PER_SLICE;
  /** What the program wants of the outside; it is done between two steps. */
  request: (() => Generator<Wait, void, void>) | undefined;

  constructor(main: Closure, input: Json) {
    this.stack = { value: input, below: undefined };
    this.frame = this.#newFrame(main, [], undefined, 0);
  }

  /**
   * Runs to the next output; undefined: there are no more.
   *
   * @throws Raised with an error that nothing caught, OutOfMemory
   */
  *next(): Generator<Wait, Json | undefined, void> {
    this.#output = undefined;
    let going = this.#started ? this.#backtrack() : true;
    this.#started = true;
    while (going) {
      if (this.#output !== undefined) return this.#output;
      if (this.request !== undefined) {
        const { request } = this;
        this.request = undefined;
        going = yield* this.#attempt(request);
      }
      going &&= this.#slice();
      if (this.#budget <= 0) {
        this.#budget = STEPS_PER_SLICE;
        yield {};
      }
    }
    return undefined;
  }

  /** Steps until there is an output, a request, or the slice is used up; false: no more outputs. */
  #slice(): boolean {
    try {
      while (this.#budget-- > 0 && this.#output === undefined && this.request === undefined) {
        (this.frame.code.steps[this.at++] as Step)(this);
      }
      return true;
    } catch (error) {
      return this.#failed(error);
    }
  }

  *#attempt(request: () => Generator<Wait, void, void>): Generator<Wait, boolean, void> {
    try {
      yield* request();
      return true;
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): boolean {
    if (error === BACKTRACK) return this.#backtrack();
    if (error instanceof Raised || error instanceof Broken) return this.#backtrack(error);
    throw error;
  }

  #backtrack(error?: Raised | Broken): boolean {
    for (;;) {
      const fork = this.#forks.pop();
      if (fork === undefined) {
        if (error === undefined) return false;
        throw error;
      }
      if (error === undefined ? fork.resume === undefined : fork.rescue === undefined) continue;
      this.stack = fork.stack;
      this.frame = fork.frame;
      this.tracked = fork.tracked;
      this.nesting = fork.nesting;
      if (error === undefined) {
        try {
          fork.resume?.(this);
          return true;
        } catch (raised) {
          return this.#failed(raised);
        }
      }
      if (fork.rescue?.(this, error) === true) return true;
    }
  }

  /** A step that takes long counts for more. */
  spend(steps: number): void {
    this.#budget -= steps;
  }

  push(value: Json): void {
    this.stack = { value, below: this.stack };
  }

  pop(): Json {
    const cell = this.stack as Cell;
    this.stack = cell.below;
    return cell.value;
  }

  fork(resume: Step | undefined, rescue?: Fork['rescue']): void {
    if (this.#forks.length >= MAX_DEPTH) throw new OutOfMemory();
    const { stack, frame, tracked, nesting } = this;
    this.#forks.push({ stack, frame, tracked, nesting, resume, rescue });
  }

  newLabel(): number {
    return ++this.#labels;
  }

  #newFrame(closure: Closure, closures: readonly Closure[], caller: Frame | undefined, returnTo: number): Frame {
    const { code, frame: outer } = closure;
    const depth = caller === undefined ? 0 : caller.depth + 1;
    if (depth > MAX_DEPTH) throw new OutOfMemory();
    return { code, outer, closures, variables: new Array<Json>(code.variables).fill(null), caller, returnTo, depth };
  }

  /** Calls; `last`: nothing is left to do in the caller, and its frame need not be kept. */
  call(closure: Closure, closures: readonly Closure[], last: boolean): void {
    const { caller, returnTo } = last ? this.frame : { caller: this.frame, returnTo: this.at };
    this.frame = this.#newFrame(closure, closures, caller, returnTo);
    this.at = 0;
  }

  return(): void {
    const { caller, returnTo } = this.frame;
    if (caller === undefined) {
      this.#output = this.pop();
      return;
    }
    this.frame = caller;
    this.at = returnTo;
  }

  /** Whether `value` is where the path has led; always, where none is followed. */
  onPath(value: Json): boolean {
    return this.tracked === undefined || this.nesting > 0 || Object.is(this.tracked.value, value);
  }

  /** The path goes on by `key` to `value`. */
  follow(key: Json, value: Json): void {
    if (this.tracked === undefined || this.nesting > 0) return;
    this.tracked = { ...this.tracked, keys: { key, before: this.tracked.keys }, value };
  }

  beginPath(): void {
    const value = (this.stack as Cell).value;
    this.tracked = { keys: undefined, value, outer: this.tracked, outerNesting: this.nesting };
    this.nesting = 0;
  }

  /** Leaves the path in place of the value it led to. */
  endPath(): void {
    const tracked = this.tracked as Tracked;
    this.pop();
    this.tracked = tracked.outer;
    this.nesting = tracked.outerNesting;
    this.push(keysOf(tracked.keys));
  }
}

/** Thrown by a step that has no output. */
export const BACKTRACK = Symbol('no output');

/** The frame `levels` definitions further out. */
export function frameAt(frame: Frame, levels: number): Frame {
  let found = frame;
  for (let i = 0; i < levels; i++) found = found.outer as Frame;
  return found;
}

function keysOf(keys: Keys | undefined): Json[] {
  const list: Json[] = [];
  for (let at = keys; at !== undefined; at = at.before) list.push(at.key);
  return list.reverse();
}
