import { AwkError } from './ast.ts';
import type { Interpreter } from './interpreter.ts';
import { splitText } from './split.ts';
import { Field, type Value } from './value.ts';

const MAX_FIELDS = 32_767;

/** $0 and its fields, each made from the other when it is needed. */
export class Record {
  #whole: string | undefined = '';
  #fields: Value[] | undefined = [];

  constructor(private readonly awk: Interpreter) {}

  whole(): string {
    this.#whole ??= (this.#fields ?? []).map((field) => this.awk.toText(field)).join(this.awk.text('OFS'));
    return this.#whole;
  }

  setWhole(text: string): void {
    this.#whole = text;
    this.#fields = undefined;
  }

  #split(): Value[] {
    this.#fields ??= splitText(this.awk, this.#whole ?? '', this.awk.text('FS'), this.awk.text('RS') === '').map(
      (text) => new Field(text),
    );
    return this.#fields;
  }

  count(): number {
    return this.#split().length;
  }

  field(index: number): Value {
    const at = checked(index);
    return at === 0 ? new Field(this.whole()) : this.#split()[at - 1];
  }

  setField(index: number, text: string, value: Value): void {
    const at = checked(index);
    if (at === 0) return this.setWhole(text);
    const fields = this.#split();
    while (fields.length < at) fields.push(undefined);
    fields[at - 1] = value;
    this.#whole = undefined;
  }

  setCount(count: number): void {
    const fields = this.#split();
    const wanted = checked(count);
    while (fields.length < wanted) fields.push(undefined);
    fields.length = wanted;
    this.#whole = undefined;
  }
}

function checked(index: number): number {
  const at = Math.trunc(index);
  if (!(at >= 0)) throw new AwkError(`run time error: negative field index $${at}`);
  if (at > MAX_FIELDS) throw new AwkError(`run time error: field index $${at} is over the limit of ${MAX_FIELDS}`);
  return at;
}
