import { strerror } from '../../base/index.ts';
import type { Family, NetNs } from '../../kernel/index.ts';
import {
  BASE_CHAINS,
  type Chain,
  type Change,
  commitRules,
  newBaseChain,
  newChain,
  type RuleSpec,
  type Table,
  type TableName,
  tablesOf,
} from '../../kernel/netfilter/index.ts';
import type { Names } from './extension.ts';
import type { Request } from './parse.ts';
import { chainHeader, chainsOf, type ListOptions, ruleLine, ruleNotice, ruleText } from './print.ts';
import { badParameter, plain, XtablesError } from './refusal.ts';

const NO_CHAIN = 'No chain/target/match by that name.';

/** Takes changes to the kernel; the error's words as of nf_tables, `%s` being errno's. */
export type Commit = (changes: readonly Change[], what: string) => void;

/** One iptables command on the rules of a namespace; what it prints. */
export function execute(ns: NetNs, family: Family, request: Request, names: Names, commit?: Commit): string {
  const alone: Commit = (changes, what) => {
    const done = commitRules(ns, family, changes);
    if (!done.ok) throw resourceProblem(` ${what.replace('%s', strerror(done.error.errno))}`);
  };
  return new Command(ns, family, request, names, commit ?? alone).run();
}

/** RESOURCE_PROBLEM */
export const resourceProblem = (message: string): XtablesError => new XtablesError(`${message}\n`, 4, 'program', false);

class Command {
  readonly #table: Table;

  constructor(
    readonly ns: NetNs,
    readonly family: Family,
    readonly request: Request,
    readonly names: Names,
    readonly commit: Commit,
  ) {
    // Reading makes no table: what is not there yet looks like one with nothing in it.
    const tables = tablesOf(ns, family);
    this.#table = tables.get(request.table) ?? emptyTable(request.table);
    const makes = 'AINP'.includes(request.verb) || (request.verb === 'F' && request.chain !== undefined);
    if (makes) this.#table = tables.ensure(request.table);
  }

  run(): string {
    switch (this.request.verb) {
      case 'L':
        return this.#list();
      case 'S':
        return this.#save();
      case 'A':
      case 'I':
        return this.#add();
      case 'D':
        return this.#delete();
      case 'R':
        return this.#replace();
      case 'C':
        return this.#check();
      case 'F':
        return this.#eachChain('F');
      case 'Z':
        return this.#eachChain('Z');
      case 'N':
        return this.#newChain();
      case 'X':
        return this.#deleteChains();
      case 'E':
        return this.#rename();
      case 'P':
        return this.#policy();
      default:
        return '';
    }
  }

  #find(name: string | undefined): Chain | undefined {
    return name === undefined ? undefined : this.#table.chains.get(name);
  }

  #chain(): Chain {
    const chain = this.#find(this.request.chain);
    if (chain === undefined) throw plain(NO_CHAIN);
    return chain;
  }

  /** The rules that the words mean: several when addresses are listed. */
  #rules(): RuleSpec[] {
    const { action, matches, selectors } = this.request;
    const resolved = this.#resolve(action);
    return selectors.map((one) => ({ selectors: one, matches, action: resolved }));
  }

  #resolve(action: Request['action']): RuleSpec['action'] {
    if (!('name' in action)) return action;
    const chain = this.#find(action.name);
    if (chain === undefined) throw badParameter(`Chain '${action.name}' does not exist`);
    return { kind: action.kind, chain };
  }

  #notice(rules: readonly RuleSpec[]): string {
    const options = { ...this.#listOptions(), names: { ...this.names, numeric: true } };
    return this.request.verbose ? rules.map((rule) => ruleNotice(rule, options)).join('') : '';
  }

  #add(): string {
    const { verb, number, counters, table } = this.request;
    const rules = this.#rules();
    const chain = this.#chain();
    const at = verb === 'A' ? chain.rules.length : (number ?? 1) - 1;
    if (at > chain.rules.length) throw plain('Index of insertion too big.');
    const changes = rules.map(
      (rule, i): Change => ({ op: 'rule-add', table, chain, at: at + i, rule, ...(counters && { counters }) }),
    );
    this.commit(changes, `RULE_${verb === 'A' ? 'APPEND' : 'INSERT'} failed (%s): rule in chain ${chain.name}`);
    return this.#notice(rules);
  }

  #delete(): string {
    const rules = this.request.number === undefined ? this.#rules() : [];
    const chain = this.#chain();
    if (this.request.number !== undefined) {
      if (this.request.number > chain.rules.length) throw plain('Index of deletion too big.');
      this.commit([{ op: 'rule-delete', chain, at: this.request.number - 1 }], '%s');
      return '';
    }
    for (const rule of rules) this.commit([{ op: 'rule-delete', chain, at: this.#indexOf(chain, rule) }], '%s');
    return this.#notice(rules);
  }

  #indexOf(chain: Chain, rule: RuleSpec): number {
    const wanted = ruleText(rule);
    const at = chain.rules.findIndex((one) => ruleText(one) === wanted);
    if (at < 0) throw plain('Bad rule (does a matching rule exist in that chain?).');
    return at;
  }

  #check(): string {
    const rules = this.#rules();
    const chain = this.#chain();
    for (const rule of rules) this.#indexOf(chain, rule);
    return this.#notice(rules);
  }

  #replace(): string {
    const [rule, ...others] = this.#rules();
    if (rule === undefined || others.length > 0)
      throw badParameter('Replacement rule does not specify a unique address');
    const chain = this.#chain();
    const { number = 0, table, counters } = this.request;
    if (number > chain.rules.length) throw plain(NO_CHAIN);
    const change: Change = { op: 'rule-replace', table, chain, at: number - 1, rule, ...(counters && { counters }) };
    this.commit([change], `RULE_REPLACE failed (%s): rule in chain ${chain.name}`);
    return this.#notice([rule]);
  }

  #chains(): Chain[] {
    return this.request.chain === undefined ? chainsOf(this.#table) : [this.#chain()];
  }

  #eachChain(verb: 'F' | 'Z'): string {
    const { number, verbose } = this.request;
    let text = '';
    for (const chain of this.#chains()) {
      if (verbose) text += `${verb === 'F' ? 'Flushing' : 'Zeroing'} chain \`${chain.name}'\n`;
      if (verb === 'F') this.commit([{ op: 'flush', chain, make: this.request.chain !== undefined }], '%s');
      else if (this.request.chain !== undefined && chain.base?.present === false) throw plain(NO_CHAIN);
      else this.commit([{ op: 'zero', chain, ...(number === undefined ? {} : { at: number - 1 }) }], '%s');
    }
    return text;
  }

  #newChain(): string {
    const { chain = '', table } = this.request;
    if (this.#find(chain) !== undefined) throw plain('Chain already exists.');
    this.commit([{ op: 'chain-add', table, chain: newChain(chain) }], `CHAIN_ADD failed (%s): chain ${chain}`);
    return '';
  }

  #deleteChains(): string {
    const { chain: name, table, verbose } = this.request;
    let text = '';
    for (const chain of name === undefined ? chainsOf(this.#table).filter(mayGo) : [this.#chainToDelete()]) {
      if (verbose && chain.base === undefined) text += `Deleting chain \`${chain.name}'\n`;
      this.commit([{ op: 'chain-delete', table, chain }], `CHAIN_DEL failed (%s): chain ${chain.name}`);
    }
    return text;
  }

  #chainToDelete(): Chain {
    const chain = this.#chain();
    if (chain.base?.present === false) throw plain(NO_CHAIN);
    if (chain.base?.policy === 'DROP') throw plain('Directory not empty.');
    return chain;
  }

  #rename(): string {
    const { newName = '', table } = this.request;
    if (this.#find(newName) !== undefined) throw plain('File exists.');
    const chain = this.#chain();
    this.commit([{ op: 'chain-rename', table, chain, name: newName }], `CHAIN_RENAME failed (%s): chain ${chain.name}`);
    return '';
  }

  #policy(): string {
    const { policy, counters } = this.request;
    if (policy !== 'ACCEPT' && policy !== 'DROP') throw plain("Bad policy name. Run `dmesg' for more information.");
    const chain = this.#find(this.request.chain);
    if (chain?.base === undefined) throw plain('Bad built-in chain name.');
    this.commit([{ op: 'policy', chain, policy, ...(counters && { counters }) }], '%s');
    return '';
  }

  #listOptions(): ListOptions {
    const { verbose, exact, lineNumbers, numeric } = this.request;
    return { names: { ...this.names, numeric }, verbose, exact, lineNumbers, family: this.family };
  }

  #listed(): Chain[] {
    const { chain, table } = this.request;
    if (chain !== undefined && this.#find(chain) === undefined) {
      const text = `chain \`${chain}' in table \`${table}' is incompatible, use 'nft' tool.\n`;
      throw new XtablesError(text, 1, 'program', false);
    }
    return this.#chains();
  }

  #list(): string {
    const options = this.#listOptions();
    const { number, zero } = this.request;
    const parts = this.#listed().map((chain) => {
      const lines = chain.rules.map((rule, i) => ruleLine(rule, i + 1, options));
      return number === undefined ? chainHeader(chain, options) + lines.join('') : (lines[number - 1] ?? '');
    });
    if (zero) this.#eachChain('Z');
    return parts.join('\n');
  }

  /** -S: policies and chains first, then the rules of all. */
  #save(): string {
    const { number, verbose, zero } = this.request;
    const chains = this.#listed();
    let text = '';
    if (number === undefined) for (const chain of chains) text += chainLine(chain, verbose);
    for (const { name, rules } of chains)
      for (const [i, rule] of rules.entries())
        if (number === undefined || number === i + 1)
          text += `-A ${name}${ruleText(rule, verbose ? rule : undefined)}\n`;
    if (zero) this.#eachChain('Z');
    return text;
  }
}

function chainLine({ name, base }: Chain, verbose: boolean): string {
  if (base === undefined) return `-N ${name}\n`;
  return `-P ${name} ${base.policy}${verbose ? ` -c ${base.packets} ${base.bytes}` : ''}\n`;
}

/** -X without a name takes user's own chains, and base chains that do nothing. */
const mayGo = ({ base, rules }: Chain): boolean =>
  base === undefined || (base.present && base.policy === 'ACCEPT' && rules.length === 0);

/** A table that nothing was put in yet, as it would be. */
export function emptyTable(name: TableName): Table {
  const chains = new Map<string, Chain>();
  for (const { name: chain, hook } of BASE_CHAINS[name]) chains.set(chain, newBaseChain(chain, hook));
  return { name, chains, lastHandle: 0 };
}
