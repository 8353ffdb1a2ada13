import type { NamedObject, NftChain, NftFamily, NftSet, NftTable, Statement } from '../../kernel/nftables/index.ts';
import { timeText } from './datatypes.ts';
import { bytesText, elementTexts, limitText, type Style, statefulText } from './print-expression.ts';
import { ruleText } from './print-rule.ts';
import { priorityText } from './priorities.ts';

const handleText = (handle: number, { handles }: Style): string => (handles ? ` # handle ${handle}` : '');

export function tableText(table: NftTable, style: Style): string {
  const { family, name, handle, comment, dormant, chains, sets, objects } = table;
  const parts = [
    ...[...objects.values()].map((object) => objectText(object, style)),
    ...[...sets.values()].map((set) => setText(set, style)),
    ...[...chains.values()].map((chain) => chainText(chain, style)),
  ];
  const head = `table ${family} ${name} {${handleText(handle, style)}\n`;
  const flags = dormant ? `\tflags dormant\n${parts.length > 0 ? '\n' : ''}` : '';
  const note = comment === undefined ? '' : `\tcomment "${comment}"\n`;
  return `${head}${flags === '' ? note : `\tflags dormant\n${note}${parts.length > 0 ? '\n' : ''}`}${parts.join('\n')}}\n`;
}

/** Something of a table within its table's braces. */
export const within = (table: { readonly family: NftFamily; readonly name: string }, inside: string): string =>
  `table ${table.family} ${table.name} {\n${inside}}\n`;

export function chainText(chain: NftChain, style: Style): string {
  const rules = chain.rules.map((rule) => `\t\t${ruleText(rule, chain.table.family, style)}\n`).join('');
  return `${chainHead(chain, style)}${rules}\t}\n`;
}

/** `list chains`: without the rules. */
export const chainOutline = (chain: NftChain, style: Style): string => `${chainHead(chain, style)}\t}\n`;

function chainHead({ name, handle, comment, base, table }: NftChain, style: Style): string {
  let text = `\tchain ${name} {${handleText(handle, style)}\n`;
  if (comment !== undefined) text += `\t\tcomment "${comment}"\n`;
  if (base === undefined) return text;
  const { type, hook, priority, policy } = base;
  const shown = style.numeric.priorities ? String(priority) : priorityText(priority, table.family, hook);
  return `${text}\t\ttype ${type} hook ${hook} priority ${shown}; policy ${policy};\n`;
}

/** What is a base chain's own, on one line. */
export function chainDeclaration({ base, table }: NftChain, style: Style): string {
  if (base === undefined) return '';
  const { type, hook, priority, policy } = base;
  const shown = style.numeric.priorities ? String(priority) : priorityText(priority, table.family, hook);
  return ` { type ${type} hook ${hook} priority ${shown}; policy ${policy}; }`;
}

export const setDeclaration = (set: NftSet, style: Style): string =>
  `{ ${setLines(set, style)
    .map((line) => `${line};`)
    .join(' ')} }`;

export const objectBody = (object: NamedObject, style: Style): string => objectState(object, style);

export function setText(set: NftSet, style: Style): string {
  const lines = setLines(set, style);
  const elements = style.terse ? [] : elementTexts(set, style);
  if (elements.length > 0) lines.push(`elements = { ${joinElements(elements, set)} }`);
  const kind = set.spec.data === undefined ? 'set' : 'map';
  return `\t${kind} ${set.name} {${handleText(set.handle, style)}\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

function setLines({ spec }: NftSet, style: Style): string[] {
  const { flags, timeout, gcInterval, size, policy, autoMerge, each, comment } = spec;
  const lines = [typeText(spec)];
  const isConstant = flags.has('constant');
  if (policy === 'memory' && !isConstant) lines.push('policy memory');
  if (size !== undefined && !isConstant) lines.push(`size ${size}`);
  // A default timeout says by itself that there are timeouts; beside other flags the word stands all the same.
  const shown = (['constant', 'dynamic', 'interval', 'timeout'] as const).filter((flag) => flags.has(flag));
  const matters = shown.some((flag) => flag !== 'timeout' || timeout === undefined);
  if (matters) lines.push(`flags ${shown.join(',')}`);
  if (each.length > 0) lines.push(each.map((one) => statefulText(one, { ...style, stateless: true })).join(' '));
  if (autoMerge === true) lines.push('auto-merge');
  if (timeout !== undefined) lines.push(`timeout ${timeText(timeout / 1000)}`);
  if (gcInterval !== undefined) lines.push(`gc-interval ${timeText(gcInterval / 1000)}`);
  if (comment !== undefined) lines.push(`comment "${comment}"`);
  return lines;
}

function typeText({ keyTypes, data, typeOf, dataTypeOf }: NftSet['spec']): string {
  const key = typeOf === undefined ? `type ${keyTypes.join(' . ')}` : `typeof ${typeOf}`;
  if (data === undefined) return key;
  if (data.kind === 'verdict') return `${key} : verdict`;
  return `${key} : ${data.kind === 'object' ? data.type : (dataTypeOf ?? data.types.join(' . '))}`;
}

/** Types of which five, or two, stand in a line. */
const FIVE = new Set([
  'nf_proto',
  'integer',
  'arp_op',
  'inet_proto',
  'inet_service',
  'tcp_flag',
  'mark',
  'iface_index',
  'ct_dir',
]);
const TWO = new Set(['ipv4_addr', 'ct_state', 'ct_status', 'pkt_type']);

function joinElements(elements: readonly string[], { spec: { keyTypes } }: NftSet): string {
  const [type = ''] = keyTypes;
  const perLine = keyTypes.length > 1 ? 1 : FIVE.has(type) ? 5 : TWO.has(type) ? 2 : 1;
  let text = '';
  for (const [i, element] of elements.entries()) {
    if (i > 0) text += i % perLine === 0 ? ',\n\t\t\t     ' : ', ';
    text += element;
  }
  return text;
}

export function objectText(object: NamedObject, style: Style): string {
  const note = object.comment === undefined ? '' : `\t\tcomment "${object.comment}"\n`;
  const state = objectState(object, style);
  const line = state === '' ? '' : `\t\t${state}\n`;
  return `\t${object.type} ${object.name} {${handleText(object.handle, style)}\n${note}${line}\t}\n`;
}

function objectState(object: NamedObject, { stateless }: Style): string {
  switch (object.type) {
    case 'counter':
      return stateless ? '' : `packets ${object.state.packets} bytes ${object.state.bytes}`;
    case 'quota': {
      const { limit, over } = object.state;
      const used = Math.min(object.state.used, limit);
      return `${over ? 'over ' : ''}${bytesText(limit)}${used > 0 && !stateless ? ` used ${bytesText(used)}` : ''}`;
    }
    case 'limit':
      return limitText(object.state.spec);
  }
}

export type { Statement };
