import { describe, expect, it } from 'vitest';
import { bool, decode, int, list, map, optional, string, struct } from './decode.ts';
import { parseJson } from './parse.ts';
import { printJson } from './print.ts';

// What Go 1.19's encoding/json says of each.
const WRONG: readonly (readonly [text: string, message: string])[] = [
  ['', 'unexpected end of JSON input'],
  ['{"a":1', 'unexpected end of JSON input'],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['trie', "invalid character 'i' in literal true (expecting 'u')"],
  ['-x', "invalid character 'x' in numeric literal"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ['1ex', "invalid character 'x' in exponent of numeric literal"],
  ['01', "invalid character '1' after top-level value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
];

describe('parseJson', () => {
  it.each(WRONG)('says of %j: %s', (text, message) => {
    expect(() => parseJson(text)).toThrow(message);
  });

  it('does not grow the stack with what it reads', () => {
    const deep = `${'['.repeat(9000)}${']'.repeat(9000)}`;
    expect(parseJson(deep).kind).toBe('array');
    expect(() => parseJson('['.repeat(20_000))).toThrow('exceeded max depth');
  });
});

describe('decode', () => {
  const inner = struct('Inner', { flag: bool });
  const outer = struct('Outer', {
    name: string,
    mtu: int,
    inner,
    many: list(string),
    map: map(bool),
    some: optional(int),
  });

  it('finds fields whatever their case, and keeps what is not said', () => {
    expect(decode(outer, '{"NAME":"x","other":{},"some":null,"inner":{"Flag":true}}')).toEqual({
      name: 'x',
      mtu: 0,
      inner: { flag: true },
      many: undefined,
      map: undefined,
      some: undefined,
    });
  });

  it.each([
    ['{"name":5}', 'json: cannot unmarshal number into Go struct field Outer.name of type string'],
    ['{"mtu":"5"}', 'json: cannot unmarshal string into Go struct field Outer.mtu of type int'],
    ['{"mtu":1.5}', 'json: cannot unmarshal number 1.5 into Go struct field Outer.mtu of type int'],
    ['{"inner":{"flag":[]}}', 'json: cannot unmarshal array into Go struct field Inner.inner.flag of type bool'],
    ['{"many":"x"}', 'json: cannot unmarshal string into Go struct field Outer.many of type []string'],
    ['{"many":[true],"name":1}', 'json: cannot unmarshal bool into Go struct field Outer.many of type string'],
    ['[]', 'json: cannot unmarshal array into Go value of type main.Outer'],
  ])('says of %s: %s', (text, message) => {
    expect(() => decode(outer, text)).toThrow(message);
  });
});

describe('printJson', () => {
  it('escapes as encoding/json does', () => {
    expect(printJson({ a: '<b> & "c" \\b \b', d: undefined, e: {} })).toBe(
      '{"a":"\\u003cb\\u003e \\u0026 \\"c\\" \\\\b \\u0008","e":{}}',
    );
  });
});
