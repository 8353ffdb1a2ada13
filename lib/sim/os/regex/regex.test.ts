import { describe, expect, test } from 'vitest';
import { Regex, RegexError, RegexTooSlow } from './regex.ts';

const found = (source: string, text: string, syntax: 'basic' | 'extended' = 'extended', ignoreCase = false) => {
  const match = new Regex(source, syntax, { ignoreCase }).exec(text);
  return match && text.slice(match.start, match.end);
};

describe('what matches, as grep -o prints it', () => {
  test.each([
    ['abc', 'xabcx', 'abc'],
    ['a|ab|abc', 'abcd', 'abc'],
    ['(a|ab)(c|bcd)?', 'abcd', 'abcd'],
    ['[0-9]+$', 'mtu 1500', '1500'],
    ['^a*', 'aab', 'aa'],
    ['x*', 'aaa', ''],
    ['[[:alpha:]_][[:alnum:]_]*', '9 eth0:', 'eth0'],
    ['[]a]+', 'b]a]', ']a]'],
    ['[^]a]+', ']ab', 'b'],
    ['[a-]+', 'x-a-', '-a-'],
    ['a{2,3}', 'aaaa', 'aaa'],
    ['a{2}', 'a', undefined],
    ['a{,2}', 'aaa', 'aa'],
    ['\\<br[0-9]', 'abr1 br2', 'br2'],
    ['a\\.b', 'axb a.b', 'a.b'],
    ['(foo|bar)+', 'xfoobarx', 'foobar'],
    ['()', 'a', ''],
    ['a{x', 'a{x', 'a{x'],
    ['(a*)*b', 'aaab', 'aaab'],
  ] as const)('extended %s in %s', (source, text, expected) => {
    expect(found(source, text)).toBe(expected);
  });

  test.each([
    ['a\\|b', 'xb', 'b'],
    ['a+', 'aa+', 'a+'],
    ['*a', '*a', '*a'],
    ['\\(ab\\)*', 'ababx', 'abab'],
    ['a\\{2\\}', 'aaa', 'aa'],
    ['a^b$c', 'a^b$c', 'a^b$c'],
    ['^*a', '*a', '*a'],
    ['\\(.\\)\\1', 'abccd', 'cc'],
  ] as const)('basic %s in %s', (source, text, expected) => {
    expect(found(source, text, 'basic')).toBe(expected);
  });

  test('groups are those of the match', () => {
    expect(new Regex('([a-z]+)([0-9]+)?(x)?', 'extended').exec('eth12')?.groups).toEqual(['eth', '12', undefined]);
  });

  test('case is ignored where it is asked to be', () => {
    expect(found('[a-c]x', 'BX', 'extended', true)).toBe('BX');
  });
});

test.each([
  ['[a', 'extended', 'Unmatched [, [^, [:, [., or [='],
  ['(a', 'extended', 'Unmatched ( or \\('],
  ['\\(a', 'basic', 'Unmatched ( or \\('],
  ['a\\)', 'basic', 'Unmatched ) or \\)'],
  ['a\\', 'extended', 'Trailing backslash'],
  ['\\1', 'basic', 'Invalid back reference'],
  ['[b-a]', 'extended', 'Invalid range end'],
  ['[[:foo:]]', 'extended', 'Invalid character class name'],
  ['a\\{2', 'basic', 'Unmatched \\{'],
  ['a{3,2}', 'extended', 'Invalid content of \\{\\}'],
  ['a{99999}', 'extended', 'Regular expression too big'],
] as const)('%s in %s syntax is refused as regcomp refuses it', (source, syntax, message) => {
  expect(() => new Regex(source, syntax)).toThrow(new RegexError(message));
});

test('an expression that makes backtracking explode answers at once', () => {
  expect(new Regex('(a+)+$', 'extended').exec(`${'a'.repeat(3000)}b`)).toBeUndefined();
});

test('back references are given up after a bound', () => {
  const regex = new Regex('(a*)*(a*)*(a*)*\\1b', 'extended');
  expect(() => regex.exec('a'.repeat(300))).toThrow(RegexTooSlow);
});
