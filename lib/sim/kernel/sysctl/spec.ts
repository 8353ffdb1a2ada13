/** What a sysctl holds and takes. Values live in plain records made by `defaults`. */
export type IntSpec = {
  readonly kind: 'int';
  readonly value: number;
  readonly min: number;
  readonly max: number;
} & Flags;
export type IntsSpec = { readonly kind: 'ints'; readonly value: readonly number[] } & Flags;
export type TextSpec = { readonly kind: 'text'; readonly value: string } & Flags;
export type Spec = IntSpec | IntsSpec | TextSpec;

type Flags = { /** Only the first namespace has it. */ readonly initOnly: boolean; readonly readOnly: boolean };
type Options = {
  readonly initOnly?: boolean;
  readonly readOnly?: boolean;
  readonly min?: number;
  readonly max?: number;
};

const flags = (o: Options): Flags => ({ initOnly: o.initOnly ?? false, readOnly: o.readOnly ?? false });

export const int = (value: number, o: Options = {}): IntSpec => ({
  kind: 'int',
  value,
  min: o.min ?? -(2 ** 31),
  max: o.max ?? 2 ** 32 - 1,
  ...flags(o),
});
export const ints = (value: readonly number[], o: Options = {}): IntsSpec => ({ kind: 'ints', value, ...flags(o) });
export const text = (value: string, o: Options = {}): TextSpec => ({ kind: 'text', value, ...flags(o) });

export type Specs = Readonly<Record<string, Spec>>;

/** The record of values of a table of specs: numbers, lists, texts. */
export type Values<T extends Specs> = {
  -readonly [K in keyof T]: T[K] extends IntSpec ? number : T[K] extends IntsSpec ? readonly number[] : string;
};

/** A fresh record of them; every namespace and device has several. */
export function defaults<T extends Specs>(specs: T): Values<T> {
  let values = known.get(specs);
  if (values === undefined) {
    values = Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, spec.value]));
    known.set(specs, values);
  }
  return { ...values } as Values<T>;
}

const known = new WeakMap<Specs, Readonly<Record<string, Spec['value']>>>();
