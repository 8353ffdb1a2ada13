import { type Nftables, type NftTable, objectKey, resetObject } from '../../kernel/nftables/index.ts';
import type { CommandAst, NameAst } from './ast.ts';
import { foreignOutline, foreignTable, foreignTables, foreignTableText, type Printed } from './iptables-view.ts';
import { type Location, NftProblem, NotSimulated } from './location.ts';
import type { Style } from './print-expression.ts';
import { chainOutline, chainText, objectText, setText, tableText, within } from './print-ruleset.ts';

type ListCommand = Extract<CommandAst, { kind: 'list' | 'reset' }>;

/** What `list` and `reset` print. `others`: tables of iptables, which have a text of their own. */
export function printList(nft: Nftables, command: ListCommand, style: Style): readonly Printed[] {
  const { what, family } = command;
  if (what === 'ruleset') {
    const foreign = foreignTables(nft.ns).filter((table) => family === undefined || table.family === family);
    const tables = nft.all().filter((table) => family === undefined || table.family === family);
    return [
      ...foreign.flatMap((table) => foreignTableText(table, style) ?? []),
      ...tables.map((table) => ({ text: tableText(table, style) })),
    ];
  }
  const foreign = what === 'table' || what === 'chain' ? foreignText(nft, command, style) : undefined;
  return foreign ?? [{ text: listText(nft, command, style) }];
}

function listText(nft: Nftables, command: ListCommand, style: Style): string {
  const { what, family, name } = command;
  const tables = nft.all().filter((table) => family === undefined || table.family === family);
  const foreign = foreignTables(nft.ns).filter((table) => family === undefined || table.family === family);
  switch (what) {
    case 'tables':
      return [...foreign, ...tables].map((table) => `table ${table.family} ${table.name}\n`).join('');
    case 'table':
      return tableText(tableOf(nft, command), style);
    case 'chains':
      return [
        ...foreign.map((table) => foreignOutline(table, style)),
        ...tables.map((table) =>
          within(
            table,
            each(table.chains, (chain) => chainOutline(chain, style)),
          ),
        ),
      ].join('');
    case 'sets':
    case 'maps':
      return tables.map((table) => setsText(table, what === 'maps', style)).join('');
    case 'flowtables':
    case 'meters':
      return tables.map((table) => within(table, '')).join('');
    case 'counters':
    case 'quotas':
    case 'limits': {
      const own = name === undefined ? tables : [tableOf(nft, command)];
      return own
        .filter(({ objects }) => objects.size > 0)
        .map((table) => objectsText(table, what.slice(0, -1), style, command.kind === 'reset'))
        .join('');
    }
    case 'chain':
      return chainOf(nft, command, style);
    case 'set':
    case 'map':
      return setOf(nft, command, style);
    case 'counter':
    case 'quota':
    case 'limit':
      return objectOf(nft, command, style);
    default:
      throw new NotSimulated(`list ${what}`);
  }
}

const each = <T>(map: ReadonlyMap<string, T>, text: (one: T) => string): string => [...map.values()].map(text).join('');

/** A listing asks the kernel for what it names alone, so that nothing near is known. */
const notThere = (at: Location): NftProblem => new NftProblem('No such file or directory', at);

function tableOf(nft: Nftables, { name, at }: ListCommand): NftTable {
  const table = name === undefined ? undefined : nft.get(name.family, name.table.text);
  if (table === undefined) throw notThere(name?.table.at ?? at);
  return table;
}

/** A table of iptables, or one chain of it, where nft itself has none of that name. */
function foreignText(nft: Nftables, { name, of }: ListCommand, style: Style): Printed[] | undefined {
  if (name === undefined || nft.get(name.family, name.table.text) !== undefined) return undefined;
  const foreign = foreignTable(nft.ns, name.family, name.table.text);
  if (foreign === undefined) return undefined;
  const printed = foreignTableText(foreign, style, of?.text);
  if (printed === undefined && of !== undefined) throw notThere(of.at);
  return printed;
}

function chainOf(nft: Nftables, command: ListCommand, style: Style): string {
  const table = tableOf(nft, command);
  const wanted = command.of as NameAst;
  const chain = table.chains.get(wanted.text);
  if (chain === undefined) throw notThere(wanted.at);
  return within(table, chainText(chain, style));
}

function setOf(nft: Nftables, command: ListCommand, style: Style): string {
  const table = tableOf(nft, command);
  const wanted = command.of as NameAst;
  const set = table.sets.get(wanted.text);
  if (set === undefined) throw notThere(wanted.at);
  if ((set.spec.data === undefined) !== (command.what === 'set')) throw notThere(wanted.at);
  return within(table, setText(set, style));
}

function setsText(table: NftTable, maps: boolean, style: Style): string {
  const wanted = [...table.sets.values()].filter(({ spec }) => (spec.data !== undefined) === maps);
  return within(table, wanted.map((set) => setText(set, style)).join(''));
}

function objectsText(table: NftTable, type: string, style: Style, reset: boolean): string {
  const wanted = [...table.objects.values()].filter((object) => object.type === type);
  const text = within(table, wanted.map((object) => objectText(object, style)).join(''));
  if (reset) for (const object of wanted) resetObject(object);
  return text;
}

function objectOf(nft: Nftables, command: ListCommand, style: Style): string {
  const table = tableOf(nft, command);
  const wanted = command.of as NameAst;
  const object = table.objects.get(objectKey(command.what as 'counter', wanted.text));
  if (object === undefined) throw notThere(wanted.at);
  const text = within(table, objectText(object, style));
  if (command.kind === 'reset') resetObject(object);
  return text;
}
