import { encodeText } from '../os/index.ts';

/** A shell variable: a text, an indexed array or an associative one, with its attributes (declare's letters). */
export type Variable = {
  value: string | Map<number, string> | AssociativeArray | undefined;
  exported: boolean;
  readonly: boolean;
  integer: boolean;
  case: 'upper' | 'lower' | undefined;
  nameref: boolean;
};

/** Its own class, so that one look tells it from an indexed array. */
export class AssociativeArray extends Map<string, string> {}

export class ReadonlyError extends Error {
  override name = 'ReadonlyError';
  constructor(readonly variable: string) {
    super(`${variable}: readonly variable`);
  }
}

/** A text that does not fit into the shell's memory, which a loop that doubles a variable finds soon. */
export class AllocationError extends Error {
  override name = 'AllocationError';
  constructor(bytes: number) {
    super(`xmalloc: cannot allocate ${bytes} bytes: this shell's limit for a text is ${MAX_LENGTH}`);
  }
}

const MAX_LENGTH = 4_194_304;

/** Variables that are computed when they are read (RANDOM), or act when they are set. */
export type DynamicVariable = { get: () => string | undefined; set?: (value: string) => void };

const emptyVariable = (): Variable => ({
  value: undefined,
  exported: false,
  readonly: false,
  integer: false,
  case: undefined,
  nameref: false,
});

/** bash's own bound on chains of name references. */
const MAX_NAMEREFS = 8;

/**
 * Variables in dynamic scopes: a function's locals hide those of its callers, whoever they are.
 *
 *   lookup ──▶ [ innermost function's locals ] ──▶ … ──▶ [ globals ]
 */
export class Variables {
  #scopes: Map<string, Variable>[] = [new Map()];
  readonly dynamic = new Map<string, DynamicVariable>();
  /** Hears of every plain assignment, for variables that mean something to the shell (PATH, OPTIND). */
  onSet: (name: string) => void = () => {};
  /** Turns the text assigned to an integer variable into its value. */
  evaluate: (expression: string) => string = (expression) => expression;

  /** A subshell's copy. */
  clone(): Variables {
    const copy = new Variables();
    copy.#scopes = this.#scopes.map(
      (scope) => new Map([...scope].map(([name, variable]) => [name, cloneVariable(variable)])),
    );
    return copy;
  }

  pushScope(): void {
    this.#scopes.push(new Map());
  }

  popScope(): void {
    this.#scopes.pop();
  }

  get depth(): number {
    return this.#scopes.length;
  }

  /** The variable itself, name references followed. */
  find(name: string): Variable | undefined {
    let at = name;
    for (let hops = 0; hops <= MAX_NAMEREFS; hops++) {
      const variable = this.findOwn(at);
      if (variable?.nameref !== true || typeof variable.value !== 'string' || variable.value === '') return variable;
      at = variable.value;
    }
    return undefined;
  }

  /** Without following a name reference. */
  findOwn(name: string): Variable | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const variable = this.#scopes[i]?.get(name);
      if (variable !== undefined) return variable;
    }
    return undefined;
  }

  /** The name that a reference leads to. */
  target(name: string): string {
    let at = name;
    for (let hops = 0; hops <= MAX_NAMEREFS; hops++) {
      const variable = this.findOwn(at);
      if (variable?.nameref !== true || typeof variable.value !== 'string' || variable.value === '') return at;
      at = variable.value;
    }
    return at;
  }

  /** The text of a variable: of an array, its element 0. */
  get(name: string): string | undefined {
    const dynamic = this.dynamic.get(name);
    if (dynamic !== undefined) return dynamic.get();
    const value = this.find(name)?.value;
    if (value instanceof AssociativeArray) return value.get('0');
    return value instanceof Map ? value.get(0) : value;
  }

  /** The variable to change: the innermost of that name, or a new global. */
  #writable(name: string): Variable {
    const target = this.target(name);
    let variable = this.findOwn(target);
    if (variable === undefined) {
      variable = emptyVariable();
      this.#scopes[0]?.set(target, variable);
    }
    if (variable.readonly) throw new ReadonlyError(target);
    return variable;
  }

  set(name: string, value: string, append = false): void {
    const dynamic = this.dynamic.get(name);
    if (dynamic !== undefined) {
      dynamic.set?.(value);
      return;
    }
    const variable = this.#writable(name);
    if (variable.value instanceof AssociativeArray)
      variable.value.set('0', this.#convert(variable, value, append ? variable.value.get('0') : undefined));
    else if (variable.value instanceof Map)
      variable.value.set(0, this.#convert(variable, value, append ? variable.value.get(0) : undefined));
    else variable.value = this.#convert(variable, value, append ? variable.value : undefined);
    this.onSet(name);
  }

  setElement(name: string, key: number | string, value: string, append = false): void {
    const variable = this.#writable(name);
    if (variable.value instanceof AssociativeArray) {
      const at = String(key);
      variable.value.set(at, this.#convert(variable, value, append ? variable.value.get(at) : undefined));
      return;
    }
    const array = this.#indexed(variable);
    const at = Number(key);
    array.set(at, this.#convert(variable, value, append ? array.get(at) : undefined));
  }

  #indexed(variable: Variable): Map<number, string> {
    if (!(variable.value instanceof Map))
      variable.value = new Map(variable.value === undefined ? [] : [[0, variable.value]]);
    return variable.value as Map<number, string>;
  }

  /** Replaces (or extends) a whole array. */
  setArray(
    name: string,
    entries: Iterable<readonly [number | string | undefined, string]>,
    append: boolean,
    associative = false,
  ): void {
    const variable = this.#writable(name);
    if (associative && !(variable.value instanceof AssociativeArray)) variable.value = new AssociativeArray();
    if (variable.value instanceof AssociativeArray) {
      if (!append) variable.value = new AssociativeArray();
      for (const [key, value] of entries)
        (variable.value as AssociativeArray).set(String(key ?? ''), this.#convert(variable, value, undefined));
      return;
    }
    if (!append) variable.value = new Map();
    const array = this.#indexed(variable);
    let next = lastIndex(array) + 1;
    for (const [key, value] of entries) {
      if (key !== undefined) next = Number(key);
      array.set(next++, this.#convert(variable, value, undefined));
    }
  }

  #convert(variable: Variable, value: string, before: string | undefined): string {
    if (variable.integer)
      return this.evaluate(before === undefined ? value : `(${before === '' ? '0' : before})+(${value})`);
    const joined = (before ?? '') + value;
    if (joined.length > MAX_LENGTH) throw new AllocationError(joined.length);
    return variable.case === 'upper' ? joined.toUpperCase() : variable.case === 'lower' ? joined.toLowerCase() : joined;
  }

  /** A variable of the innermost function; a new one hides the outer of its name. */
  declareLocal(name: string): Variable {
    const scope = this.#scopes.at(-1) as Map<string, Variable>;
    let variable = scope.get(name);
    if (variable === undefined) {
      variable = emptyVariable();
      scope.set(name, variable);
    }
    return variable;
  }

  /** The variable of this name, made without a value where there is none. */
  declare(name: string, global = false): Variable {
    const existing = global ? this.#scopes[0]?.get(name) : this.findOwn(name);
    if (existing !== undefined) return existing;
    const variable = emptyVariable();
    this.#scopes[0]?.set(name, variable);
    return variable;
  }

  /** False when it is read-only. */
  unset(name: string): boolean {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const variable = this.#scopes[i]?.get(name);
      if (variable === undefined) continue;
      if (variable.readonly) return false;
      if (i > 0) {
        variable.value = undefined;
        variable.exported = false;
      } else this.#scopes[i]?.delete(name);
      this.onSet(name);
      return true;
    }
    this.dynamic.delete(name);
    return true;
  }

  unsetElement(name: string, key: string): void {
    const value = this.find(name)?.value;
    if (value instanceof AssociativeArray) value.delete(key);
    else if (value instanceof Map) value.delete(Number(key));
  }

  /** Every visible variable, sorted by name. */
  all(): [string, Variable][] {
    const visible = new Map<string, Variable>();
    for (const scope of this.#scopes) for (const [name, variable] of scope) visible.set(name, variable);
    return [...visible].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** What a command started now finds in its environment. */
  environment(): Map<string, string> {
    const environment = new Map<string, string>();
    for (const [name, variable] of this.all()) {
      if (variable.exported && typeof variable.value === 'string') environment.set(name, variable.value);
    }
    return environment;
  }
}

function cloneVariable(variable: Variable): Variable {
  const { value } = variable;
  const copied =
    value instanceof AssociativeArray ? new AssociativeArray(value) : value instanceof Map ? new Map(value) : value;
  return { ...variable, value: copied };
}

/** The highest index of an indexed array, -1 when it is empty. */
export function lastIndex(array: ReadonlyMap<number, string>): number {
  let last = -1;
  for (const key of array.keys()) if (key > last) last = key;
  return last;
}

/** Elements in the order in which `"${a[@]}"` gives them: by index, or as bash walks its hash table. */
export function elements(variable: Variable | undefined): [string, string][] {
  const value = variable?.value;
  if (value === undefined) return [];
  if (value instanceof AssociativeArray) return [...value].sort(([a], [b]) => bucketOf(a) - bucketOf(b));
  if (value instanceof Map) return [...value].sort(([a], [b]) => a - b).map(([key, text]) => [String(key), text]);
  return [['0', value]];
}

/** Where bash's table of 1,024 buckets keeps a key: FNV-1, over bytes taken as signed (hashlib.c). */
function bucketOf(key: string): number {
  let hash = 2_166_136_261;
  for (const byte of encodeText(key)) hash = Math.imul(hash, 16_777_619) ^ (byte < 128 ? byte : byte - 256);
  return hash & 1_023;
}

export const isName = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
