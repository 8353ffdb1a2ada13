import { Broken, cut, described, fail } from '../values/error.ts';
import { isArray, isObject, isTrue, type Json } from '../values/json.ts';
import { getKey } from '../values/paths.ts';
import { BACKTRACK, type Closure, type Frame, frameAt, type Machine, type Step } from './machine.ts';

/** The steps that programs consist of. Places to jump to are objects, because they are known only once all is laid out. */
export type Label = { at: number };

export const backtrack: Step = () => {
  throw BACKTRACK;
};

export const load =
  (value: Json): Step =>
  (machine) => {
    machine.pop();
    machine.push(value);
  };

/** A value below the input, as the first of those that a step takes. */
export const place =
  (value: Json): Step =>
  (machine) => {
    const input = machine.pop();
    machine.push(value);
    machine.push(input);
  };

export const duplicate: Step = (machine) => {
  const value = machine.pop();
  machine.push(value);
  machine.push(value);
};

export const drop: Step = (machine) => {
  machine.pop();
};

/** An expression between these leaves its value below its input, and is no part of a path. */
export const beginValue: Step = (machine) => {
  duplicate(machine);
  machine.nesting++;
};

export const endValue: Step = (machine) => {
  const value = machine.pop();
  const input = machine.pop();
  machine.push(value);
  machine.push(input);
  machine.nesting--;
};

export const jump =
  (to: Label): Step =>
  (machine) => {
    machine.at = to.at;
  };

export const jumpUnless =
  (to: Label): Step =>
  (machine) => {
    if (!isTrue(machine.pop())) machine.at = to.at;
  };

/** Goes on, and later from `to`. */
export const fork = (to: Label): Step => {
  const resume: Step = (machine) => {
    machine.at = to.at;
  };
  return (machine) => machine.fork(resume);
};

/** Goes on; at an error from `to`, with what was raised as the input. */
export const forkTry =
  (to: Label): Step =>
  (machine) =>
    machine.fork(undefined, (rescued, error) => {
      if (error instanceof Broken) return false;
      rescued.pop();
      rescued.push(error.value);
      rescued.at = to.at;
      return true;
    });

/** Goes on; at an error from `to`, with the input it has here: the next pattern of `?//`. */
export const forkPattern =
  (to: Label): Step =>
  (machine) =>
    machine.fork(undefined, (rescued, error) => {
      if (error instanceof Broken) return false;
      rescued.at = to.at;
      return true;
    });

export const store =
  (slot: number): Step =>
  (machine) => {
    machine.frame.variables[slot] = machine.pop();
  };

export const setTo =
  (slot: number, value: Json): Step =>
  (machine) => {
    machine.frame.variables[slot] = value;
  };

export const recall =
  (levels: number, slot: number): Step =>
  (machine) => {
    machine.pop();
    machine.push(frameAt(machine.frame, levels).variables[slot] as Json);
  };

/** The variable, which is null then until it is stored again. */
export const take =
  (slot: number): Step =>
  (machine) => {
    const { variables } = machine.frame;
    machine.pop();
    machine.push(variables[slot] as Json);
    variables[slot] = null;
  };

export const skipIf =
  (slot: number): Step =>
  (machine) => {
    if (isTrue(machine.frame.variables[slot] as Json)) throw BACKTRACK;
  };

const MAX_ITEMS = 1 << 22;

export const startArray =
  (slot: number): Step =>
  (machine) => {
    machine.frame.variables[slot] = [];
  };

/** Nobody else has seen the array yet: it may be changed. */
export const append =
  (slot: number): Step =>
  (machine) => {
    const items = machine.frame.variables[slot] as Json[];
    if (items.length >= MAX_ITEMS) throw new RangeError('Invalid array length');
    items.push(machine.pop());
    throw BACKTRACK;
  };

export const insert: Step = (machine) => {
  const input = machine.pop();
  const value = machine.pop();
  const key = machine.pop();
  const object = machine.pop() as ReadonlyMap<string, Json>;
  if (typeof key !== 'string') return fail(`Cannot use ${described(key)} as object key`);
  machine.push(new Map(object).set(key, value));
  machine.push(input);
};

/** The term is on top, the key below it. */
export const index: Step = (machine) => {
  const term = machine.pop();
  const key = machine.pop();
  if (!machine.onPath(term)) {
    fail(`Invalid path expression near attempt to access element ${cut(key, 14)} of ${cut(term, 29)}`);
  }
  const value = getKey(term, key);
  machine.follow(key, value);
  machine.push(value);
};

export const slice: Step = (machine) => {
  const term = machine.pop();
  const to = machine.pop();
  const from = machine.pop();
  machine.push(
    new Map([
      ['start', from],
      ['end', to],
    ]),
  );
  machine.push(term);
  index(machine);
};

export const iterate: Step = (machine) => {
  const value = machine.pop();
  if (!machine.onPath(value)) fail(`Invalid path expression near attempt to iterate through ${cut(value, 14)}`);
  if (isArray(value)) each(machine, value.length, (i) => [i, value[i] as Json], 0);
  else if (isObject(value)) {
    const members = [...value];
    each(machine, members.length, (i) => members[i] as [string, Json], 0);
  } else fail(`Cannot iterate over ${described(value)}`);
};

/** One member after the other, from the `i`th. */
function each(machine: Machine, count: number, member: (i: number) => readonly [Json, Json], i: number): void {
  if (i >= count) throw BACKTRACK;
  if (i + 1 < count) {
    const { at } = machine;
    machine.fork((later) => {
      later.at = at;
      each(later, count, member, i + 1);
    });
  }
  const [key, value] = member(i);
  machine.follow(key, value);
  machine.push(value);
}

/** The numbers from one below another, which lie on the stack; the input is on top. */
export const range: Step = (machine) => {
  machine.pop();
  const from = machine.pop();
  const to = machine.pop();
  if (typeof from !== 'number' || typeof to !== 'number') return fail('Range bounds must be numeric');
  count(machine, from, to);
};

function count(machine: Machine, now: number, to: number): void {
  if (!(now < to)) throw BACKTRACK;
  const { at } = machine;
  if (now + 1 < to) {
    machine.fork((later) => {
      later.at = at;
      count(later, now + 1, to);
    });
  }
  machine.push(now);
}

export const beginPath: Step = (machine) => machine.beginPath();

export const endPath: Step = (machine) => {
  const value = machine.stack?.value as Json;
  if (!machine.onPath(value)) fail(`Invalid path expression with result ${cut(value, 29)}`);
  machine.endPath();
};

/** Keeps the label in a variable, for `break`, and stands where such a break comes back to. */
export const label =
  (slot: number): Step =>
  (machine) => {
    const id = machine.newLabel();
    machine.frame.variables[slot] = id;
    machine.fork(undefined, (rescued, error) => {
      if (!(error instanceof Broken) || error.id !== id) return false;
      rescued.at = 0;
      rescued.frame = { ...rescued.frame, code: DEAD_END };
      return true;
    });
  };

const DEAD_END = { name: 'break', steps: [backtrack], variables: 0 };

export const breakTo =
  (levels: number, slot: number): Step =>
  (machine) => {
    throw new Broken(frameAt(machine.frame, levels).variables[slot] as number);
  };

export const end: Step = (machine) => machine.return();

/** Which function a call runs, as seen from the calling frame, and the arguments for it. */
export type Target = (frame: Frame) => Closure;

export const callTo =
  (target: Target, args: readonly Target[], site: { last: boolean }): Step =>
  (machine) => {
    const { frame } = machine;
    machine.call(
      target(frame),
      args.map((arg) => arg(frame)),
      site.last,
    );
  };
