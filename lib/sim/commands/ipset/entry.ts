import type { Family } from '../../kernel/index.ts';
import type { ElementOptions, ElementRequest, ListRequest, SetType } from '../../kernel/ipset/index.ts';
import { checkName } from './create.ts';
import { type Names, parseElement, parseNumber } from './parse-element.ts';
import { NotSimulated, parameterError, sessionError, syntaxError, type Verb } from './refusal.ts';

const MAX_TIMEOUT = 2_147_483;
const MAX_COMMENT = 255;

type Draft = { -readonly [K in keyof (ElementOptions & Pick<ListRequest, 'before' | 'after'>)]: string | boolean };

/** Options that may follow an entry, and whether they take a value. */
function allowed(type: SetType, verb: Verb): Readonly<Record<string, boolean>> {
  const near: Readonly<Record<string, boolean>> = type.method === 'list' ? { before: true, after: true } : {};
  const nomatch: Readonly<Record<string, boolean>> = type.nomatch === true && verb !== 'del' ? { nomatch: false } : {};
  if (verb !== 'add') return { ...near, ...nomatch };
  return {
    timeout: true,
    packets: true,
    bytes: true,
    comment: true,
    skbmark: true,
    skbprio: true,
    skbqueue: true,
    ...near,
    ...nomatch,
  };
}

/** `ENTRY OPTIONS…` of add, del and test. */
export function parseEntry(
  type: SetType,
  family: Family,
  verb: Verb,
  entry: string,
  words: readonly string[],
  names: Names,
): ElementRequest | ListRequest {
  const isList = type.method === 'list';
  const parts = isList ? [] : parseElement(type, family, entry, names);
  const draft = readOptions(allowed(type, verb), words);
  const options = optionsOf(draft);
  if (!isList) return { ...options, parts };
  const { before, after } = draft;
  const [name = '', side, other] = entry.split(',');
  if (side !== undefined && (other === undefined || (side !== 'before' && side !== 'after')))
    throw sessionError('you must specify elements as setname,[before|after],setname');
  return {
    ...options,
    name: checkName(name),
    ...(typeof before === 'string' && { before }),
    ...(typeof after === 'string' && { after }),
    ...(side !== undefined && { [side]: other }),
  };
}

function readOptions(options: Readonly<Record<string, boolean>>, words: readonly string[]): Draft {
  const draft: Draft = {};
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as string).replace(/^--(?=[a-z])/, '');
    const takesValue = options[word];
    if (takesValue === undefined) throw parameterError(`Unknown argument: \`${words[i]}'`);
    if (word.startsWith('skb')) throw new NotSimulated(word);
    if (takesValue && i + 1 >= words.length) throw parameterError(`Missing mandatory argument of option \`${word}'`);
    Object.assign(draft, { [word]: takesValue ? words[++i] : true });
  }
  return draft;
}

function optionsOf({ timeout, packets, bytes, comment, nomatch }: Draft): ElementOptions {
  return {
    ...(typeof timeout === 'string' && { timeout: parseNumber(timeout, 0, MAX_TIMEOUT) }),
    ...(typeof packets === 'string' && { packets: parseNumber(packets, 0, Number.MAX_SAFE_INTEGER) }),
    ...(typeof bytes === 'string' && { bytes: parseNumber(bytes, 0, Number.MAX_SAFE_INTEGER) }),
    ...(typeof comment === 'string' && { comment: parseComment(comment) }),
    ...(nomatch === true && { nomatch: true }),
  };
}

function parseComment(text: string): string {
  if (text.includes('"')) throw syntaxError('" character is not permitted in comments');
  if (text.length > MAX_COMMENT)
    throw syntaxError(`Comment is longer than the maximum allowed ${MAX_COMMENT} characters`);
  return text;
}
