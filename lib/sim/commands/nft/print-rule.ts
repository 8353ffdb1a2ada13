import type { NatTarget, NftFamily, NftRule, NftSet, Statement } from '../../kernel/nftables/index.ts';
import { dataType, ICMP_CODES, ICMPV6_CODES, ICMPX_CODES, knownType, timeText, typesOf } from './datatypes.ts';
import {
  expressionText,
  operandText,
  prefixOf,
  type Style,
  scalarText,
  setReference,
  statefulText,
  valueText,
  verdictText,
} from './print-expression.ts';
import { visibleStatements } from './visible.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A rule as a listing has it. */
export function ruleText(rule: NftRule, family: NftFamily, style: Style): string {
  const parts = visibleStatements(rule.statements, family).map((statement) => statementText(statement, family, style));
  if (rule.comment !== undefined) parts.push(`comment "${rule.comment}"`);
  return parts.join(' ') + (style.handles ? ` # handle ${rule.handle}` : '');
}

export function statementText(statement: Statement, family: NftFamily, style: Style): string {
  switch (statement.kind) {
    case 'match':
      return matchText(statement, style);
    case 'lookup':
      return `${expressionText(statement.left, style)} ${statement.invert ? '!= ' : ''}${setReference(statement.set, style)}`;
    case 'vmap':
      return `${expressionText(statement.left, style)} vmap ${setReference(statement.set, style)}`;
    case 'verdict':
      return verdictText(statement.verdict);
    case 'counter':
    case 'limit':
    case 'quota':
      return statefulText(statement, style);
    case 'object':
      return `${statement.type} name "${statement.object.name}"`;
    case 'object-map':
      return `${statement.type} name ${expressionText(statement.key, style)} map ${setReference(statement.map, style)}`;
    case 'log':
      return logText(statement);
    case 'reject':
      return rejectText(statement, family);
    case 'notrack':
      return 'notrack';
    case 'nat':
      return natText(statement, style);
    case 'set-meta':
      return `meta ${statement.key} set ${assignedText(statement.value, statement.key === 'mark' ? 'mark' : 'integer', style)}`;
    case 'set-ct':
      return `ct ${statement.key} set ${assignedText(statement.value, 'mark', style)}`;
    case 'set-payload': {
      const left = { kind: 'payload', protocol: statement.protocol, field: statement.field } as const;
      return `${expressionText(left, style)} set ${assignedText(statement.value, typesOf(left)[0] ?? 'integer', style)}`;
    }
    case 'dynset':
      return dynsetText(statement, style);
  }
}

const COMPARE = { eq: '', ne: '!= ', lt: '< ', gt: '> ', le: '<= ', ge: '>= ' } as const;

function matchText({ left, op, right }: Of<'match'>, style: Style): string {
  const types = typesOf(left);
  const [type = 'integer'] = types;
  if (left.kind === 'bitwise' && left.op === 'and' && type === 'tcp_flag' && right.kind === 'value') {
    const flags = expressionText(left.left, style);
    const mask = scalarText(left.right, type, style);
    if (right.value === 0 && op === 'eq') return `${flags} ! ${mask}`;
    return `${flags} ${COMPARE[op]}${valueText(right.value, types, style)} / ${mask}`;
  }
  const rightTypes = left.kind === 'fib' && left.result === 'check' ? ['boolean'] : types;
  const isExplicit =
    op === 'eq' &&
    (left.kind === 'bitwise' || (knownType(type).isFlags === true && right.kind === 'value' && left.kind !== 'concat'));
  return `${expressionText(left, style)} ${isExplicit ? '== ' : COMPARE[op]}${operandText(right, rightTypes, style)}`;
}

function assignedText(value: Of<'set-meta'>['value'], type: string, style: Style): string {
  return value.kind === 'constant' ? valueText(value.value, [type], style) : expressionText(value, style);
}

function logText({ options }: Of<'log'>): string {
  const { prefix, group, snaplen, queueThreshold, level, flags } = options;
  let text = 'log';
  if (prefix !== undefined) text += ` prefix "${prefix}"`;
  if (group !== undefined) text += ` group ${group}`;
  if (snaplen !== undefined) text += ` snaplen ${snaplen}`;
  if (queueThreshold !== undefined) text += ` queue-threshold ${queueThreshold}`;
  if (level !== undefined && level !== 'warn') text += ` level ${level}`;
  return text + logFlags(flags ?? []);
}

function logFlags(flags: readonly string[]): string {
  if (flags.includes('all')) return ' flags all';
  const tcp = ['sequence', 'options'].filter((one) => flags.includes(`tcp ${one}`));
  let text = tcp.length === 0 ? '' : ` flags tcp ${tcp.join(',')}`;
  if (flags.includes('ip options')) text += ' flags ip options';
  for (const one of ['skuid', 'ether']) if (flags.includes(one)) text += ` flags ${one}`;
  return text;
}

function rejectText({ with: kind, code }: Of<'reject'>, family: NftFamily): string {
  if (kind === 'tcp reset') return 'reject with tcp reset';
  if (kind === 'icmpx' && code === 1) return 'reject';
  if (kind === 'icmp' && code === 3 && family === 'ip') return 'reject';
  if (kind === 'icmpv6' && code === 4 && family === 'ip6') return 'reject';
  const codes = kind === 'icmp' ? ICMP_CODES : kind === 'icmpv6' ? ICMPV6_CODES : ICMPX_CODES;
  return `reject with ${kind} ${codes.find(([, number]) => number === code)?.[0] ?? code}`;
}

function natText({ nat, family, address, port, addressPort, flags }: Of<'nat'>, style: Style): string {
  let text: string = nat;
  const type = family === 6 ? 'ipv6_addr' : 'ipv4_addr';
  const hasTarget = address !== undefined || port !== undefined || addressPort !== undefined;
  if (hasTarget) {
    if (family !== undefined) text += family === 4 ? ' ip' : ' ip6';
    text += ' to ';
  }
  if (addressPort !== undefined) text += expressionText(addressPort, style);
  if (address !== undefined) text += natTargetText(address, type, style, port !== undefined);
  if (port !== undefined) text += `:${natTargetText(port, 'inet_service', style, false)}`;
  const words = [flags.random && 'random', flags.fullyRandom && 'fully-random', flags.persistent && 'persistent'];
  const given = words.filter(Boolean);
  return given.length === 0 ? text : `${text} ${given.join(',')}`;
}

/** IPv6 addresses with a port behind them stand in brackets. */
function natTargetText(target: NatTarget, type: string, style: Style, hasPort: boolean): string {
  if (target.kind === 'expression') return expressionText(target.expression, style);
  const of = typeof target.from === 'bigint' ? 'ipv6_addr' : type;
  const wrap = (text: string): string => (of === 'ipv6_addr' && hasPort ? `[${text}]` : text);
  const from = wrap(scalarText(target.from, of, style));
  const length = prefixOf(target.from, target.to, of);
  if (length !== undefined && target.from !== target.to) return `${from}/${length}`;
  return target.from === target.to ? from : `${from}-${wrap(scalarText(target.to, of, style))}`;
}

/** What the set gives to all its elements is not said again. */
export const shownEach = (set: NftSet, each: readonly Statement[]): readonly Statement[] =>
  each.filter(({ kind }) => !set.spec.each.some((one) => one.kind === kind));

function dynsetText({ op, set, key, data, timeout, each }: Of<'dynset'>, style: Style): string {
  let text = `${op} @${set.name} { ${expressionText(key, style)}`;
  if (timeout !== undefined) text += ` timeout ${timeText(timeout / 1000)}`;
  for (const statement of shownEach(set, each)) text += ` ${statefulText(statement, { ...style, stateless: true })}`;
  if (data !== undefined) text += ` : ${assignedText(data, dataType(set), style)}`;
  return `${text} }`;
}
