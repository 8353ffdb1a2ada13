import { describe, expect, test } from 'vitest';
import { PerlRegex, PerlRegexError } from './perl-regex.ts';

const found = (source: string, text: string) => {
  const match = new PerlRegex(source).exec(text);
  return match && text.slice(match.start, match.end);
};

describe('what matches', () => {
  test.each([
    ['a|ab|abc', 'abcd', 'a'],
    ['a+?b', 'aaab', 'aaab'],
    ['<.+?>', '<a><b>', '<a>'],
    ['a{2,3}?', 'aaaa', 'aa'],
    ['(a+)(?=b)', 'aac aab', 'aa'],
    ['(?<!x)a', 'xa ba', 'a'],
    ['(?<=v)\\d+', 'n12 v34', '34'],
    ['(?i)AbC', 'xabc', 'abc'],
    ['(?i:a)B', 'AB', 'AB'],
    ['(?x) a b # c', 'ab', 'ab'],
    ['[[:digit:].]+', 'ip 10.0.0.1!', '10.0.0.1'],
    ['[^\\s/]+', ' a/b', 'a'],
    ['(.)\\1', 'abccd', 'cc'],
    ['(?<c>.)\\k<c>', 'abccd', 'cc'],
    ['a++a', 'aaa', undefined],
    ['(?>a+)b', 'aab', 'aab'],
    ['(a*)*b', 'aaab', 'aaab'],
    ['\\bif\\d', 'xif1 if2', 'if2'],
    ['^$', '', ''],
    ['a{x', 'a{x', 'a{x'],
    ['\\x41\\x{42}', 'AB', 'AB'],
  ] as const)('%s in %s', (source, text, expected) => {
    expect(found(source, text)).toBe(expected);
  });

  test('groups that took no part are known', () => {
    const match = new PerlRegex('(a)|(b)').exec('b');
    expect(match?.groups).toEqual([undefined, { start: 0, end: 1 }]);
  });
});

test.each([
  ['(a', 'end pattern with unmatched parenthesis'],
  ['[a', 'premature end of char-class'],
  ['*a', 'target of repeat operator is not specified'],
  ['a{3,2}', 'upper is smaller than lower in repeat range'],
  ['\\2(a)', 'invalid backref number/name'],
])('%s is refused as Oniguruma refuses it', (source, message) => {
  expect(() => new PerlRegex(source)).toThrow(new PerlRegexError(message));
});

test('an expression that makes backtracking explode is given up', () => {
  const regex = new PerlRegex('(a|aa)+$');
  expect(() => regex.exec(`${'a'.repeat(60)}b`)).toThrow(PerlRegexError);
});
