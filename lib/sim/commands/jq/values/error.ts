import { type Json, kindOf } from './json.ts';
import { toJson } from './print.ts';

/** What a program raises: any value; `try … catch` sees it. Not an Error: it is thrown often and needs no stack. */
export class Raised {
  constructor(readonly value: Json) {}
}

/** `break $label` on its way to the label that made `id`; no `catch` sees it. */
export class Broken {
  constructor(readonly id: number) {}
}

/** More than this machine holds; the real jq aborts, too. */
export class OutOfMemory {}

export const fail = (message: string): never => {
  throw new Raised(message);
};

/** `object ({"a":1}) cannot be …`: the value as JSON, cut to what the real one's buffer of 14 bytes holds. */
export const described = (value: Json): string => `${kindOf(value)} (${cut(value, 14)})`;

export const typeError = (value: Json, what: string): never => fail(`${described(value)} ${what}`);

export const typeError2 = (a: Json, b: Json, what: string): never =>
  fail(`${described(a)} and ${described(b)} ${what}`);

/** A value as JSON in at most `bytes` bytes; what is cut ends in three dots. */
export function cut(value: Json, bytes: number): string {
  const encoded = new TextEncoder().encode(toJson(value));
  if (encoded.length <= bytes) return new TextDecoder().decode(encoded);
  return `${new TextDecoder().decode(encoded.subarray(0, bytes - 3))}...`;
}
