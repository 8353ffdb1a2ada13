import type { Family } from '../../kernel/index.ts';
import type { Slot } from '../../kernel/ipset/index.ts';
import type { Match, MatchName, Selectors, Target, TargetName } from '../../kernel/netfilter/index.ts';
import { badParameter } from './refusal.ts';

/** Names of ports, protocols and hosts, as far as the machine's files know them. */
export type Names = {
  /** iptables -n: numbers stay numbers. */
  readonly numeric: boolean;
  readonly service: (name: string) => number | undefined;
  readonly serviceName: (port: number, protocol: 'tcp' | 'udp') => string | undefined;
  /** A set of ipset in the namespace whose rules are meant. */
  readonly ipSet: (name: string) => Slot | undefined;
  readonly hostName: (address: string) => string | undefined;
};

/** One option of an extension as it was given. */
export type Given = { readonly name: string; readonly value: string; readonly more: string; readonly invert: boolean };

export type ExtensionOption = {
  readonly name: string;
  /** Other spellings of it. */
  readonly aliases?: readonly string[];
  /** 0 takes no value, 2 takes two (--tcp-flags). */
  readonly values?: 0 | 2;
};

export type ParseContext = {
  readonly family: Family;
  readonly selectors: Selectors;
  readonly names: Names;
};

type Common<D> = {
  readonly options: readonly ExtensionOption[];
  /** Options that the library has and this one lacks. */
  readonly absent?: readonly string[];
  readonly parse: (given: readonly Given[], context: ParseContext) => D;
  /** As -S prints it, without `-m name` or `-j name`. */
  readonly save: (data: D) => string;
  /** As -L prints it. */
  readonly list: (data: D, names: Names, selectors: Selectors) => string;
};

export type MatchExtension<D extends Match = Match> = Common<D> & { readonly name: MatchName };
export type TargetExtension<D extends Target = Target> = Common<D> & {
  /** What stands behind -j. */
  readonly name: TargetName | 'NOTRACK';
};

/** What an option cannot stand beside, or without. */
type Together = { readonly needs?: readonly string[]; readonly excludes?: readonly string[] };

/** xtables_options_fcheck(): `rules` in the order of the library's own table, which decides what is said first. */
export function checkTogether(
  extension: string,
  given: readonly Given[],
  rules: readonly (readonly [option: string, Together])[],
): void {
  for (const [option, { needs = [], excludes = [] }] of rules) {
    if (last(given, option) === undefined) continue;
    const missing = needs.find((other) => last(given, other) === undefined);
    if (missing !== undefined) throw badParameter(`${extension}: option "--${option}" also requires "--${missing}".\n`);
    const clash = excludes.find((other) => last(given, other) !== undefined);
    if (clash !== undefined)
      throw badParameter(`${extension}: option "--${option}" cannot be used together with "--${clash}".\n`);
  }
}

export const last = (given: readonly Given[], name: string): Given | undefined =>
  given.findLast((one) => one.name === name);
