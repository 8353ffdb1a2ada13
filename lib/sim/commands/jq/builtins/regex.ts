import { PerlRegex, PerlRegexError } from '../../perl-regex/perl-regex.ts';
import { fail, typeError } from '../values/error.ts';
import { type Json, textLength } from '../values/json.ts';

type Modifiers = { global: boolean; ignoreCase: boolean; extended: boolean; dotAll: boolean; notEmpty: boolean };

/** What `match` and `test` are made of: all matches as objects, or in test mode whether there is one. */
export function matches(text: Json, regex: Json, flags: Json, testing: boolean): Json {
  if (typeof text !== 'string') return typeError(text, 'cannot be matched, as it is not a string');
  if (typeof regex !== 'string') return typeError(regex, 'is not a string');
  const modifiers = readModifiers(flags);
  try {
    return allMatches(text, new PerlRegex(regex, modifiers), modifiers, testing);
  } catch (error) {
    if (error instanceof PerlRegexError) return fail(`Regex failure: ${error.message}`);
    throw error;
  }
}

function readModifiers(flags: Json): Modifiers {
  const letters = flags ?? '';
  if (typeof letters !== 'string') return typeError(letters, 'is not a string');
  // `s` and `l` change nothing here: the Perl syntax has them, or nearly so, already.
  if (!/^[gixmsplns]*$/.test(letters)) return fail(`${letters} is not a valid modifier string`);
  return {
    global: letters.includes('g'),
    ignoreCase: letters.includes('i'),
    extended: letters.includes('x'),
    dotAll: /[mp]/.test(letters),
    notEmpty: letters.includes('n'),
  };
}

function allMatches(text: string, regex: PerlRegex, modifiers: Modifiers, testing: boolean): Json {
  const found: Json[] = [];
  let from = 0;
  do {
    const match = regex.exec(text, from);
    if (match === undefined || (modifiers.notEmpty && match.start === match.end)) break;
    if (testing) return true;
    if (match.start === match.end) {
      // jq 1.6 tells nothing of the groups of an empty match.
      found.push(span(text, match, [['captures', []]]));
      from += 1;
      continue;
    }
    const captures = match.groups.map((group) => (group === undefined ? ABSENT : span(text, group, [['name', null]])));
    for (const [name, indexes] of regex.names) {
      for (const index of indexes) captures[index - 1] = new Map(captures[index - 1]).set('name', name);
    }
    found.push(span(text, match, [['captures', captures]]));
    from = match.end;
  } while (modifiers.global && from !== text.length);
  return testing ? false : found;
}

type Members = readonly (readonly [string, Json])[];

/** A group that took no part. */
const ABSENT: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['offset', -1],
  ['string', null],
  ['length', 0],
  ['name', null],
]);

/** Places and lengths in code points. An empty one lists its members in another order; so does jq. */
function span(text: string, { start, end }: { start: number; end: number }, more: Members): ReadonlyMap<string, Json> {
  const string = text.slice(start, end);
  const length: readonly [string, Json] = ['length', textLength(string)];
  const offset: readonly [string, Json] = ['offset', textLength(text.slice(0, start))];
  const isGroup = more.some(([name]) => name === 'name');
  const both: Members = string === '' && isGroup ? [['string', string], length] : [length, ['string', string]];
  return new Map<string, Json>([offset, ...both, ...more]);
}
