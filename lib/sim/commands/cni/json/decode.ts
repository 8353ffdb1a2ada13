import { type Json, JsonError, parseJson } from './parse.ts';

/**
 * How a Go type takes a JSON value: fields are found whatever their case, unknown ones are passed over, null changes
 * nothing, and a value of the wrong type is reported, the first of them, when all has been read. What a type's own
 * parser refuses (an address, a prefix) ends the reading at once.
 */
export type Decoder<T> = {
  /** As Go's reflection names it: `bool`, `[]string`. */
  readonly type: string;
  readonly zero: T;
  read(json: Json, before: T, place: Place): T;
};

export type Decoded<D> = D extends Decoder<infer T> ? T : never;

/** A value of another type than the field has (json.UnmarshalTypeError). */
class WrongType extends JsonError {
  constructor(
    readonly value: string,
    readonly type: string,
    into: string,
  ) {
    super(`json: cannot unmarshal ${value} into ${into} of type ${type}`);
  }
}

/** Where in the document the reading is, for the message about a wrong type. */
export class Place {
  struct = '';
  readonly fields: string[] = [];
  problem: WrongType | undefined;

  wrong(value: string, type: string): void {
    const into = this.fields.length === 0 ? 'Go value' : `Go struct field ${this.struct}.${this.fields.join('.')}`;
    this.problem ??= new WrongType(value, type, into);
  }

  /** Says of what a type's own parser found where in the document it stands. */
  outer(error: unknown): unknown {
    if (!(error instanceof WrongType) || this.fields.length === 0) return error;
    const { value, type } = error;
    return new WrongType(value, type, `Go struct field ${this.struct}.${this.fields.join('.')}`);
  }
}

/** Throws JsonError. */
export function decode<T>(decoder: Decoder<T>, text: string): T {
  return decodeValue(decoder, parseJson(text));
}

/** Throws JsonError. */
export function decodeValue<T>(decoder: Decoder<T>, json: Json): T {
  const place = new Place();
  const value = decoder.read(json, decoder.zero, place);
  if (place.problem !== undefined) throw place.problem;
  return value;
}

const describe = (json: Json): string => json.kind;

/** A type whose values are one kind of JSON. */
function scalar<T>(type: string, zero: T, take: (json: Json) => T | undefined, name = describe): Decoder<T> {
  return {
    type,
    zero,
    read: (json, before, place) => {
      if (json.kind === 'null') return before;
      const value = take(json);
      if (value !== undefined) return value;
      place.wrong(name(json), type);
      return before;
    },
  };
}

export const string = scalar<string>('string', '', (json) => (json.kind === 'string' ? json.value : undefined));
export const bool = scalar<boolean>('bool', false, (json) => (json.kind === 'bool' ? json.value : undefined));

const withNumber = (json: Json): string => (json.kind === 'number' ? `number ${json.text}` : json.kind);

function integer(type: string, pattern: RegExp, limit: number): Decoder<number> {
  const take = (json: Json): number | undefined => {
    if (json.kind !== 'number' || !pattern.test(json.text)) return undefined;
    const value = Number(json.text);
    return Math.abs(value) <= limit ? value : undefined;
  };
  return scalar(type, 0, take, withNumber);
}

/** 64 bits in Go; exact here up to 2^53, which no setting of a plugin comes near. */
export const int = integer('int', /^-?\d+$/, 2 ** 63);
export const uint64 = integer('uint64', /^\d+$/, 2 ** 64);

/** Any JSON, kept as it is. Absent and null are undefined. */
export const anyObject: Decoder<Json | undefined> = scalar<Json | undefined>(
  'map[string]interface {}',
  undefined,
  (json) => (json.kind === 'object' ? json : undefined),
);

/** A pointer: undefined where nothing is said. */
export const optional = <T>(inner: Decoder<T>): Decoder<T | undefined> => ({
  type: inner.type,
  zero: undefined,
  read: (json, before, place) => (json.kind === 'null' ? undefined : inner.read(json, before ?? inner.zero, place)),
});

/** A slice; absent and null are undefined, as nil is told from an empty one. */
export const list = <T>(inner: Decoder<T>, type = `[]${inner.type}`): Decoder<readonly T[] | undefined> => ({
  type,
  zero: undefined,
  read: (json, before, place) => {
    if (json.kind === 'null') return undefined;
    if (json.kind === 'array') return json.items.map((item) => inner.read(item, inner.zero, place));
    place.wrong(json.kind, type);
    return before;
  },
});

export const map = <T>(inner: Decoder<T>): Decoder<ReadonlyMap<string, T> | undefined> => ({
  type: `map[string]${inner.type}`,
  zero: undefined,
  read: (json, before, place) => {
    if (json.kind === 'null') return undefined;
    if (json.kind !== 'object') {
      place.wrong(json.kind, `map[string]${inner.type}`);
      return before;
    }
    const values = new Map(before);
    for (const [key, value] of json.entries) values.set(key, inner.read(value, inner.zero, place));
    return values;
  },
});

type Fields = Readonly<Record<string, Decoder<unknown>>>;
type StructOf<F extends Fields> = { readonly [K in keyof F]: Decoded<F[K]> };

/** A struct: `name` as Go's reflection gives it without its package, '' for one without a name. */
export function struct<F extends Fields>(name: string, fields: F, shown = `main.${name}`): Decoder<StructOf<F>> {
  const zero = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.zero])) as StructOf<F>;
  const folded = new Map(Object.keys(fields).map((key) => [key.toLowerCase(), key]));
  const read = (json: Json, before: StructOf<F>, place: Place): StructOf<F> => {
    if (json.kind === 'null') return before;
    if (json.kind !== 'object') {
      place.wrong(json.kind, shown);
      return before;
    }
    const values: Record<string, unknown> = { ...before };
    for (const [key, value] of json.entries) {
      const known = Object.hasOwn(fields, key) ? key : folded.get(key.toLowerCase());
      if (known === undefined) continue;
      const outer = place.struct;
      place.struct = name;
      place.fields.push(known);
      values[known] = (fields[known] as Decoder<unknown>).read(value, values[known], place);
      place.fields.pop();
      place.struct = outer;
    }
    return values as StructOf<F>;
  };
  return { type: shown, zero, read };
}

/** A type that reads itself (json.Unmarshaler): what is wrong inside ends the reading. */
export const apart = <T>(inner: Decoder<T>, type: string): Decoder<T> => ({
  type,
  zero: inner.zero,
  read: (json, _before, place) => {
    try {
      return decodeValue(inner, json);
    } catch (error) {
      throw place.outer(error);
    }
  },
});

/** A type with a parser of its own for a text, which throws what it has to say. */
export const text = <T>(type: string, parse: (value: string) => T): Decoder<T | undefined> => ({
  type,
  zero: undefined,
  read: (json, before, place) => {
    if (json.kind === 'null') return before;
    if (json.kind === 'string') return parse(json.value);
    place.wrong(json.kind, type);
    return before;
  },
});
