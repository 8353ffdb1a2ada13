import type { Family } from '../../../kernel/index.ts';
import type { Slot } from '../../../kernel/ipset/index.ts';
import type { Match } from '../../../kernel/netfilter/index.ts';
import type { Given, MatchExtension, ParseContext } from '../extension.ts';
import { badParameter } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type SetMatch = Extract<Match, { name: 'set' }>;
type Reference = Pick<SetMatch, 'slot' | 'sides'>;
type CounterTest = NonNullable<SetMatch['packets']>;

/** IPSET_DIM_MAX */
const MOST_SIDES = 6;

/** The set's name and the sides behind it: `web src,dst`. */
export function parseReference({ name, value, more }: Given, { family, names }: ParseContext): Reference {
  if (more === '') throw badParameter(`--${name} requires two args.`);
  const slot = names.ipSet(value);
  if (slot === undefined) throw badParameter(`Set ${value} doesn't exist.\n`);
  checkFamily(slot, family);
  const words = more.split(',');
  if (words.length > MOST_SIDES) throw badParameter(`Can't be more src/dst options than ${MOST_SIDES}.`);
  const sides = words.map((word) => {
    if (word !== 'src' && word !== 'dst')
      throw badParameter("You must spefify (the comma separated list of) 'src' or 'dst'.");
    return word;
  });
  return { slot, sides };
}

function checkFamily({ name, set }: Slot, family: Family): void {
  const { type, family: own } = set.created;
  if (type.families !== undefined && own !== family)
    throw badParameter(`The protocol family of set ${name} is IPv${own}, which is not applicable.\n`);
}

export const referenceText = ({ slot, sides }: Reference): string => `${slot.name} ${sides.join(',')}`;

const COUNTER_TESTS: readonly string[] = ['eq', 'lt', 'gt'];

export const set: MatchExtension<SetMatch> = {
  name: 'set',
  options: [
    { name: 'match-set', values: 2 },
    { name: 'return-nomatch', values: 0 },
    { name: 'update-counters', values: 0 },
    { name: 'update-subcounters', values: 0 },
    ...['packets', 'bytes'].flatMap((what) => COUNTER_TESTS.map((op) => ({ name: `${what}-${op}` }))),
  ],
  parse: (given, context) => {
    const [named, again] = given.filter(({ name }) => name === 'match-set');
    if (named === undefined) throw badParameter("You must specify `--match-set' with proper arguments");
    if (again !== undefined) throw badParameter('--match-set can be specified only once');
    const has = (option: string): Given | undefined => given.find(({ name }) => name === option);
    const packets = counterTest(given, 'packets');
    const bytes = counterTest(given, 'bytes');
    return {
      name: 'set',
      ...parseReference(named, context),
      invert: named.invert,
      returnNomatch: has('return-nomatch') !== undefined,
      updateCounters: has('update-counters')?.invert !== true,
      updateSubcounters: has('update-subcounters')?.invert !== true,
      ...(packets && { packets }),
      ...(bytes && { bytes }),
    };
  },
  save: (data) => parts(data, '--'),
  list: (data) => parts(data, ''),
};

function counterTest(given: readonly Given[], what: 'packets' | 'bytes'): CounterTest | undefined {
  const found = given.find(({ name }) => name.startsWith(`${what}-`));
  if (found === undefined) return undefined;
  const op = found.name.slice(what.length + 1) as CounterTest['op'];
  if (found.invert && op !== 'eq') throw badParameter(`--${found.name} option cannot be inverted`);
  const value = parseNumber(found.value);
  if (value === undefined) throw badParameter(`can't parse number: ${found.value}`);
  return { op: found.invert ? 'ne' : op, value };
}

function parts(data: SetMatch, dashes: string): string {
  const out = [`${data.invert ? '! ' : ''}${dashes}match-set ${referenceText(data)}`];
  if (data.returnNomatch) out.push(`${dashes}return-nomatch`);
  if (!data.updateCounters) out.push(`! ${dashes}update-counters`);
  if (!data.updateSubcounters) out.push(`! ${dashes}update-subcounters`);
  for (const what of ['packets', 'bytes'] as const) {
    const test = data[what];
    if (test === undefined) continue;
    out.push(`${test.op === 'ne' ? '! ' : ''}${dashes}${what}-${test.op === 'ne' ? 'eq' : test.op} ${test.value}`);
  }
  return out.join(' ');
}
