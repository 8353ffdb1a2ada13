import type { NamedObject, Nftables, NftChain, NftRule, NftSet, NftTable } from '../../kernel/nftables/index.ts';
import type { CommandAst } from './ast.ts';
import { sortedElements } from './element-order.ts';
import { foreignTables } from './iptables-view.ts';
import { statementJson } from './json-statement.ts';
import { elementJson, type Json } from './json-values.ts';
import { NftProblem, NotSimulated } from './location.ts';
import { bytesUnit, type Style } from './print-expression.ts';
import { visibleStatements } from './visible.ts';

const METAINFO: Json = {
  metainfo: { version: '1.0.6', release_name: 'Lester Gooch #5', json_schema_version: 1 },
};

type ListCommand = Extract<CommandAst, { kind: 'list' | 'reset' }>;

/** What `-j list` prints (libnftables-json(5)). */
export function jsonText(nft: Nftables, command: ListCommand, style: Style): string {
  if (command.kind === 'reset') throw new NotSimulated('reset with --json');
  if (foreignTables(nft.ns).length > 0) throw new NotSimulated("--json while iptables' tables are there");
  return `${write({ nftables: [METAINFO, ...itemsOf(nft, command, style)] })}\n`;
}

function itemsOf(nft: Nftables, command: ListCommand, style: Style): Json[] {
  const { what, family, name, of } = command;
  const tables = nft.all().filter((table) => family === undefined || table.family === family);
  switch (what) {
    case 'ruleset':
      return tables.flatMap((table) => tableItems(table, style));
    case 'tables':
      return tables.map((table) => tableJson(table));
    case 'chains':
      return tables.flatMap(({ chains }) => [...chains.values()].map((chain) => chainJson(chain)));
    case 'sets':
    case 'maps':
      return tables.flatMap(({ sets }) =>
        [...sets.values()]
          .filter(({ spec }) => (spec.data !== undefined) === (what === 'maps'))
          .map((set) => setJson(set, style)),
      );
    case 'counters':
    case 'quotas':
    case 'limits':
      return tables.flatMap((table) =>
        [...table.objects.values()]
          .filter(({ type }) => `${type}s` === what)
          .map((object) => objectJson(table, object)),
      );
    default:
      break;
  }
  const table = name === undefined ? undefined : nft.get(name.family, name.table.text);
  if (name === undefined || table === undefined)
    throw new NftProblem('No such file or directory', name?.table.at ?? command.at);
  if (what === 'table') return tableItems(table, style);
  if (of === undefined) throw new NotSimulated(`--json list ${what}`);
  if (what === 'chain') {
    const chain = table.chains.get(of.text);
    if (chain === undefined) throw new NftProblem('No such file or directory', of.at);
    return [chainJson(chain), ...chain.rules.map((rule) => ruleJson(chain, rule, style))];
  }
  if (what === 'set' || what === 'map') {
    const set = table.sets.get(of.text);
    if (set === undefined) throw new NftProblem('No such file or directory', of.at);
    return [setJson(set, style)];
  }
  throw new NotSimulated(`--json list ${what}`);
}

function tableItems(table: NftTable, style: Style): Json[] {
  const { objects, sets, chains } = table;
  return [
    tableJson(table),
    ...[...objects.values()].map((object) => objectJson(table, object)),
    ...[...sets.values()].map((set) => setJson(set, style)),
    ...[...chains.values()].map((chain) => chainJson(chain)),
    ...[...chains.values()].flatMap((chain) => chain.rules.map((rule) => ruleJson(chain, rule, style))),
  ];
}

const tableJson = ({ family, name, handle }: NftTable): Json => ({ table: { family, name, handle } });

function chainJson({ table, name, handle, base }: NftChain): Json {
  const own = { family: table.family, table: table.name, name, handle };
  if (base === undefined) return { chain: own };
  const { type, hook, priority: prio, policy } = base;
  return { chain: { ...own, type, hook, prio, policy } };
}

function ruleJson({ table, name }: NftChain, { handle, comment, statements }: NftRule, style: Style): Json {
  const expr = visibleStatements(statements, table.family).map((one) => statementJson(one, table.family, style));
  return { rule: { family: table.family, table: table.name, chain: name, handle, comment, expr } };
}

function setJson(set: NftSet, style: Style): Json {
  const { keyTypes, data, flags, size, timeout, gcInterval, policy, comment, each } = set.spec;
  const shown = (['constant', 'interval', 'timeout'] as const).filter((flag) => flags.has(flag));
  const elements = style.terse ? [] : sortedElements(set, style.now).map((one) => elementJson(set, one, style));
  const body = {
    family: set.table.family,
    name: set.name,
    table: set.table.name,
    type: oneOrMany(keyTypes),
    handle: set.handle,
    comment,
    map: data === undefined ? undefined : mapType(data),
    policy: policy === 'memory' ? policy : undefined,
    size: flags.has('constant') ? undefined : size,
    flags: shown.length === 0 ? undefined : [...shown],
    timeout: timeout === undefined ? undefined : Math.floor(timeout / 1_000_000),
    'gc-interval': gcInterval === undefined ? undefined : Math.floor(gcInterval / 1_000_000),
    elem: elements.length === 0 ? undefined : elements,
    stmt: each.length === 0 ? undefined : each.map(({ kind }) => ({ [kind]: null })),
  };
  return data === undefined ? { set: body } : { map: body };
}

const mapType = (data: NonNullable<NftSet['spec']['data']>): string =>
  data.kind === 'verdict' ? 'verdict' : data.kind === 'object' ? data.type : data.types.join(' . ');

const oneOrMany = <T extends Json>(list: readonly T[]): Json => (list.length === 1 ? (list[0] as T) : [...list]);

function objectJson({ family, name: table }: NftTable, object: NamedObject): Json {
  const { name, handle, comment } = object;
  const own = { family, name, table, handle, comment };
  switch (object.type) {
    case 'counter':
      return { counter: { ...own, ...object.state } };
    case 'quota': {
      const { limit: bytes, used, over } = object.state;
      return { quota: { ...own, bytes, used: Math.min(used, bytes), inv: over ? true : undefined } };
    }
    case 'limit': {
      const { rate, unit: per, burst, over, bytes } = object.state.spec;
      const [value, rate_unit] = bytes ? bytesUnit(rate) : [rate, undefined];
      return {
        limit: {
          ...own,
          rate: value,
          per,
          burst: burst > 0 ? burst : undefined,
          inv: over ? true : undefined,
          rate_unit,
        },
      };
    }
  }
}

/** As json_dumps(3) writes it, on one line; what is undefined is left out. */
function write(json: Json): string {
  if (Array.isArray(json)) return `[${json.map(write).join(', ')}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const members = Object.entries(json).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}: ${write(value)}`).join(', ')}}`;
}
