import type { Chain, Inverted, MaskedAddress, Rule, RuleSpec, Table } from '../../kernel/netfilter/index.ts';
import { prefixOf, saveAddress } from './address.ts';
import type { Names } from './extension.ts';
import { extensionOf, targetExtensionOf } from './extensions.ts';
import { protocolName } from './protocol.ts';

const bang = (invert: boolean): string => (invert ? '! ' : '');

function selectorWords({ selectors: s }: RuleSpec): string[] {
  const words: string[] = [];
  const add = <T>(option: string, one: Inverted<T> | undefined, show: (value: T) => string): void => {
    if (one !== undefined) words.push(`${bang(one.invert)}${option} ${show(one.value)}`);
  };
  add('-s', s.src, (address) => saveAddress(address));
  add('-d', s.dst, (address) => saveAddress(address));
  add('-i', s.in, String);
  add('-o', s.out, String);
  add('-p', s.protocol, (number) => protocolName(number) ?? String(number));
  if (s.fragment !== undefined) words.push(`${bang(s.fragment.invert)}-f`);
  return words;
}

function actionWords({ action }: RuleSpec): string[] {
  switch (action.kind) {
    case 'none':
      return [];
    case 'verdict':
      return [`-j ${action.verdict}`];
    case 'jump':
      return [`-j ${action.chain.name}`];
    case 'goto':
      return [`-g ${action.chain.name}`];
    case 'target': {
      const extension = targetExtensionOf(action.target);
      return [`-j ${extension.name}`, extension.save(action.target)].filter((word) => word !== '');
    }
  }
}

/** What stands behind `-A CHAIN`: also what two rules are compared by. `counters` are `-c` of -S -v. */
export function ruleText(rule: RuleSpec, counters?: { packets: number; bytes: number }): string {
  const words = selectorWords(rule);
  for (const match of rule.matches) {
    const text = extensionOf(match).save(match);
    words.push(`-m ${match.name}${text === '' ? '' : ` ${text}`}`);
  }
  if (counters !== undefined) words.push(`-c ${counters.packets} ${counters.bytes}`);
  words.push(...actionWords(rule));
  return words.map((word) => ` ${word}`).join('');
}

/** Counts with K, M, G, T as `-v` shortens them without -x. */
function short(count: number, width: number, exact: boolean): string {
  const units = ['', 'K', 'M', 'G', 'T'];
  let value = count;
  let unit = 0;
  if (!exact && count > 99_999) {
    unit = 1;
    value = Math.round(count / 1000);
    for (; value > 9999 && unit < 4; unit++) value = Math.round(value / 1000);
  }
  return units[unit] === '' ? String(value).padStart(width) : `${String(value).padStart(width - 1)}${units[unit]}`;
}

export type ListOptions = {
  readonly names: Names;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
  readonly family: 4 | 6;
};

export function chainHeader(chain: Chain, options: ListOptions): string {
  const { base } = chain;
  const { verbose, exact } = options;
  let head = `Chain ${chain.name} `;
  if (base === undefined) head += `(${chain.references} references)\n`;
  else if (verbose)
    head += `(policy ${base.policy} ${short(base.packets, 0, exact).trim()} packets, ${short(base.bytes, 0, exact).trim()} bytes)\n`;
  else head += `(policy ${base.policy})\n`;
  if (options.lineNumbers) head += 'num  ';
  if (verbose) head += exact ? '    pkts      bytes ' : ' pkts bytes ';
  head += 'target     prot opt ';
  if (verbose) head += 'in     out     ';
  return `${head}source               destination         \n`;
}

function address(one: Inverted<MaskedAddress> | undefined, { names, family }: ListOptions, head: string): string {
  const mark = one?.invert === true ? '!' : head;
  if (one === undefined)
    return `${mark}${(names.numeric ? (family === 4 ? '0.0.0.0/0' : '::/0') : 'anywhere').padEnd(19)} `;
  const prefix = prefixOf(one.value);
  if (prefix === 0 && !names.numeric) return `${mark}${'anywhere'.padEnd(19)} `;
  const host = names.numeric ? undefined : names.hostName(String(one.value.address));
  const text =
    host === undefined
      ? saveAddress(one.value, true)
      : host + saveAddress(one.value, true).slice(String(one.value.address).length);
  return `${mark}${text.padEnd(19)} `;
}

const device = (one: Inverted<string> | undefined): string =>
  one === undefined ? '*' : `${one.invert ? '!' : ''}${one.value}`;

function targetName({ action }: RuleSpec): string {
  switch (action.kind) {
    case 'none':
      return '';
    case 'verdict':
      return action.verdict;
    case 'jump':
    case 'goto':
      return action.chain.name;
    case 'target':
      return action.target.name;
  }
}

function protocolText({ selectors: { protocol } }: RuleSpec, names: Names): string {
  const number = protocol?.value ?? 0;
  const text = names.numeric ? String(number) : (protocolName(number) ?? String(number));
  return `${protocol?.invert === true ? '!' : ' '}${text.padEnd(4)} `;
}

/** nft_ipv4_print_rule(): one line of -L. */
export function ruleLine(rule: Rule, number: number, options: ListOptions): string {
  const { names, verbose, exact, lineNumbers } = options;
  const { selectors: s } = rule;
  let line = lineNumbers ? `${String(number).padEnd(4)} ` : '';
  if (verbose) line += `${short(rule.packets, exact ? 8 : 5, exact)} ${short(rule.bytes, exact ? 10 : 5, exact)} `;
  line += `${targetName(rule).padEnd(9)} ${protocolText(rule, names)}`;
  line += s.fragment === undefined ? '-- ' : s.fragment.invert ? '!f ' : '-f ';
  if (verbose) line += ` ${device(s.in).padEnd(6)} ${device(s.out).padEnd(6)} `;
  line += address(s.src, options, ' ') + address(s.dst, options, ' ');
  if (rule.action.kind === 'goto') line += '[goto] ';
  for (const match of rule.matches) {
    const text = extensionOf(match).list(match, names, s);
    if (text !== '') line += ` ${text}`;
  }
  if (rule.action.kind === 'target') {
    const text = targetExtensionOf(rule.action.target).list(rule.action.target, names, s);
    if (text !== '') line += ` ${text}`;
  }
  return `${line}\n`;
}

/** Base chains in the order of hooks, then the others by name. */
export function chainsOf(table: Table): Chain[] {
  const all = [...table.chains.values()];
  const own = all
    .filter(({ base }) => base === undefined)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return [...all.filter(({ base }) => base !== undefined), ...own];
}

/** What -v says of a rule that is added or deleted. */
export function ruleNotice(rule: RuleSpec, options: ListOptions): string {
  const { selectors: s } = rule;
  const host = (one: Inverted<MaskedAddress> | undefined): string =>
    address(one, { ...options, names: { ...options.names, numeric: true } }, '').trimEnd();
  const protocol = protocolName(s.protocol?.value ?? 0) ?? String(s.protocol?.value);
  let line = `${targetName(rule)}  ${s.protocol?.invert === true ? '!' : ''}${protocol} opt -- in ${device(s.in)} out ${device(s.out)}  ${host(s.src)}  -> ${host(s.dst)}  `;
  for (const match of rule.matches) line += ` ${extensionOf(match).list(match, options.names, s)}`;
  if (rule.action.kind === 'target') {
    const text = targetExtensionOf(rule.action.target).list(rule.action.target, options.names, s);
    if (text !== '') line += ` ${text}`;
  }
  return `${line}\n`;
}
