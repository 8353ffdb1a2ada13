import type { Match, Target } from '../../kernel/netfilter/index.ts';
import { checkTogether, type Given, last, type MatchExtension, type TargetExtension } from './extension.ts';
import { badParameter, badValue } from './refusal.ts';
import { parseNumber } from './words.ts';

/** Code points that have a name (RFC 2474, RFC 2597, RFC 3246): CS1 is 8, AF11 10, EF 46. */
function classOf(name: string): number {
  const word = name.toUpperCase();
  if (word === 'EF') return 46;
  if (word === 'BE') return 0;
  const selector = /^CS([0-7])$/.exec(word);
  if (selector !== null) return Number(selector[1]) * 8;
  const forwarding = /^AF([1-4])([1-3])$/.exec(word);
  if (forwarding !== null) return Number(forwarding[1]) * 8 + Number(forwarding[2]) * 2;
  throw badParameter(`Invalid DSCP value \`${name}'`);
}

/** By number or by name; undefined: neither was said. */
function dscpOf(
  extension: string,
  option: string,
  given: readonly Given[],
): { value: number; invert: boolean } | undefined {
  checkTogether(extension, given, [[option, { excludes: [`${option}-class`] }]]);
  const one = last(given, option);
  const named = last(given, `${option}-class`);
  if (named !== undefined) return { value: classOf(named.value), invert: named.invert };
  if (one === undefined) return undefined;
  const value = parseNumber(one.value, 63);
  if (value === undefined) throw badValue(extension, option, 'value', '0-63');
  return { value, invert: one.invert };
}

const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

export const dscp: MatchExtension<Extract<Match, { name: 'dscp' }>> = {
  name: 'dscp',
  options: [{ name: 'dscp' }, { name: 'dscp-class' }],
  parse: (given) => {
    const found = dscpOf('dscp', 'dscp', given);
    if (found === undefined) throw badParameter('DSCP match: Parameter --dscp is required');
    return { name: 'dscp', dscp: found.value, invert: found.invert };
  },
  save: ({ dscp, invert }) => `${invert ? '! ' : ''}--dscp ${hex(dscp)}`,
  list: ({ dscp, invert }) => `DSCP match ${invert ? '!' : ''}${hex(dscp)}`,
};

export const setDscp: TargetExtension<Extract<Target, { name: 'DSCP' }>> = {
  name: 'DSCP',
  options: [{ name: 'set-dscp' }, { name: 'set-dscp-class' }],
  parse: (given) => {
    const found = dscpOf('DSCP', 'set-dscp', given);
    if (found === undefined) throw badParameter('DSCP target: Parameter --set-dscp is required');
    return { name: 'DSCP', dscp: found.value };
  },
  save: ({ dscp }) => `--set-dscp ${hex(dscp)}`,
  list: ({ dscp }) => `DSCP set ${hex(dscp)}`,
};
