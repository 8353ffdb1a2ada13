import type { NetNs } from '../../kernel/index.ts';
import {
  BASE_CHAINS,
  type Chain,
  isTableName,
  RuleTransaction,
  type Table,
  tablesOf,
} from '../../kernel/netfilter/index.ts';
import type { NftFamily } from '../../kernel/nftables/index.ts';
import { translateRule } from './iptables-rule.ts';
import type { Style } from './print-expression.ts';
import { priorityText } from './priorities.ts';

/** One of iptables' tables as nft sees it: iptables-nft keeps its rules in the same kernel. */
export type ForeignTable = {
  readonly family: 'ip' | 'ip6';
  readonly name: string;
  readonly table: Table;
};

/** Those that something was put in. */
export function foreignTables(ns: NetNs): ForeignTable[] {
  const found: ForeignTable[] = [];
  for (const family of ['ip', 'ip6'] as const) {
    for (const table of tablesOf(ns, family === 'ip' ? 4 : 6).all())
      if (chainsOf(table).length > 0) found.push({ family, name: table.name, table });
  }
  return found;
}

export const foreignTable = (ns: NetNs, family: NftFamily, name: string): ForeignTable | undefined =>
  foreignTables(ns).find((one) => one.family === family && one.name === name);

/** Chains that the kernel has, in the order in which they came. */
const chainsOf = ({ chains }: Table): Chain[] =>
  [...chains.values()].filter(({ base }) => base === undefined || base.present).sort((a, b) => a.handle - b.handle);

const handleText = (handle: number, { handles }: Style): string => (handles ? ` # handle ${handle}` : '');

const warning = ({ family, name }: ForeignTable): string =>
  `# Warning: table ${family} ${name} is managed by iptables-nft, do not touch!\n`;

/** Text for standard output, or a warning for standard error. */
export type Printed = { readonly text: string; readonly isWarning?: boolean };

/** undefined: it has no chain of that name. */
export function foreignTableText(foreign: ForeignTable, style: Style, only?: string): Printed[] | undefined {
  const chains = chainsOf(foreign.table).filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && chains.length === 0) return undefined;
  const texts = chains.map((chain) => chainText(foreign, chain, style));
  const isForeign = texts.some(({ foreign: one }) => one);
  const head = `table ${foreign.family} ${foreign.name} {\n`;
  const text = `${head}${texts.map(({ text }) => text).join('\n')}}\n`;
  return isForeign ? [{ text: warning(foreign), isWarning: true }, { text }] : [{ text }];
}

/** `list chains` */
export const foreignOutline = (foreign: ForeignTable, style: Style): string =>
  `table ${foreign.family} ${foreign.name} {\n${chainsOf(foreign.table)
    .map((chain) => `${chainHead(foreign, chain, style)}\t}\n`)
    .join('')}}\n`;

function chainText(foreign: ForeignTable, chain: Chain, style: Style): { text: string; foreign: boolean } {
  const scope = { family: foreign.family === 'ip' ? 4 : 6, names: style.names } as const;
  const rules = chain.rules.map((rule) => ({ ...translateRule(rule, scope, style.stateless), handle: rule.handle }));
  const lines = rules.map(({ text, handle }) => `\t\t${text}${handleText(handle, style)}\n`).join('');
  return {
    text: `${chainHead(foreign, chain, style)}${lines}\t}\n`,
    foreign: rules.some((rule) => rule.foreign),
  };
}

function chainHead({ family, name }: ForeignTable, chain: Chain, style: Style): string {
  const head = `\tchain ${chain.name} {${handleText(chain.handle, style)}\n`;
  const { base } = chain;
  if (base === undefined || !isTableName(name)) return head;
  const priority = BASE_CHAINS[name].find(({ hook }) => hook === base.hook)?.priority ?? 0;
  const shown = style.numeric.priorities ? String(priority) : priorityText(priority, family, base.hook);
  const type = name === 'nat' ? 'nat' : name === 'mangle' && base.hook === 'output' ? 'route' : 'filter';
  return `${head}\t\ttype ${type} hook ${base.hook} priority ${shown}; policy ${base.policy.toLowerCase()};\n`;
}

/** Empties one of iptables' tables as `flush table` and `delete table` do; what is given takes it back. */
export function clearForeign(ns: NetNs, { family, table }: ForeignTable, gone: boolean): () => void {
  const transaction = new RuleTransaction(ns, family === 'ip' ? 4 : 6);
  const chains = chainsOf(table);
  const { lastHandle } = table;
  for (const chain of chains) transaction.apply({ op: 'flush', chain });
  if (gone)
    for (const chain of chains) {
      if (chain.base === undefined) transaction.apply({ op: 'chain-delete', table: table.name, chain });
      else transaction.apply({ op: 'policy', chain, policy: 'ACCEPT', counters: 'off' });
    }
  if (gone) table.lastHandle = 0;
  return () => {
    transaction.rollback();
    table.lastHandle = lastHandle;
  };
}
