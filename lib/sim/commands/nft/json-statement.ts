import type { NftFamily, Statement } from '../../kernel/nftables/index.ts';
import { ICMP_CODES, ICMPV6_CODES, ICMPX_CODES, typesOf } from './datatypes.ts';
import {
  expressionJson,
  type Json,
  natTargetJson,
  operandJson,
  scalarJson,
  setReferenceJson,
  statefulJson,
  valueJson,
  verdictJson,
} from './json-values.ts';
import type { Style } from './print-expression.ts';
import { shownEach } from './print-rule.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

export function statementJson(statement: Statement, family: NftFamily, style: Style): Json {
  switch (statement.kind) {
    case 'match':
      return matchJson(statement, style);
    case 'lookup': {
      const { left, set, invert } = statement;
      const op = invert ? '!=' : '==';
      return { match: { op, left: expressionJson(left, style), right: setReferenceJson(set, style) } };
    }
    case 'vmap':
      return { vmap: { key: expressionJson(statement.left, style), data: setReferenceJson(statement.set, style) } };
    case 'verdict':
      return verdictJson(statement.verdict);
    case 'counter':
    case 'limit':
    case 'quota':
      return statefulJson(statement, style);
    case 'object':
      return { [statement.type]: statement.object.name };
    case 'object-map':
      return {
        [statement.type]: {
          map: { key: expressionJson(statement.key, style), data: setReferenceJson(statement.map, style) },
        },
      };
    case 'log':
      return logJson(statement);
    case 'reject':
      return rejectJson(statement, family);
    case 'notrack':
      return { notrack: null };
    case 'nat':
      return natJson(statement, style);
    case 'set-meta':
      return mangle(
        { meta: { key: statement.key } },
        statement.value,
        statement.key === 'mark' ? 'mark' : 'integer',
        style,
      );
    case 'set-ct':
      return mangle({ ct: { key: statement.key } }, statement.value, 'mark', style);
    case 'set-payload': {
      const { protocol, field } = statement;
      const type = typesOf({ kind: 'payload', protocol, field })[0] ?? 'integer';
      return mangle({ payload: { protocol, field } }, statement.value, type, style);
    }
    case 'dynset':
      return dynsetJson(statement, style);
  }
}

const COMPARE = { eq: '==', ne: '!=', lt: '<', gt: '>', le: '<=', ge: '>=' } as const;

function matchJson({ left, op, right }: Of<'match'>, style: Style): Json {
  const types = typesOf(left);
  const isNegated =
    left.kind === 'bitwise' &&
    left.op === 'and' &&
    types[0] === 'tcp_flag' &&
    op === 'eq' &&
    right.kind === 'value' &&
    right.value === 0;
  if (isNegated)
    return {
      match: { op: '!', left: expressionJson(left.left, style), right: scalarJson(left.right, 'tcp_flag', style) },
    };
  const rightTypes = left.kind === 'fib' && left.result === 'check' ? ['boolean'] : types;
  const sign = right.kind === 'flags' ? 'in' : COMPARE[op];
  return { match: { op: sign, left: expressionJson(left, style), right: operandJson(right, rightTypes, style) } };
}

function logJson({ options }: Of<'log'>): Json {
  const { prefix, group, snaplen, queueThreshold, level, flags } = options;
  if (Object.keys(options).length === 0) return { log: null };
  const names = flags?.map((flag) => (flag === 'ip options' ? 'ip options' : flag));
  return {
    log: {
      prefix,
      group,
      snaplen,
      'queue-threshold': queueThreshold,
      level: level === 'warn' ? undefined : level,
      flags: names === undefined ? undefined : names.length === 1 ? (names[0] as string) : names,
    },
  };
}

function rejectJson({ with: kind, code }: Of<'reject'>, family: NftFamily): Json {
  if (kind === 'tcp reset') return { reject: { type: kind } };
  if ((kind === 'icmp' && family === 'ip' && code === 3) || (kind === 'icmpv6' && family === 'ip6' && code === 4))
    return { reject: null };
  const codes = kind === 'icmp' ? ICMP_CODES : kind === 'icmpv6' ? ICMPV6_CODES : ICMPX_CODES;
  return { reject: { type: kind, expr: codes.find(([, number]) => number === code)?.[0] ?? code } };
}

function natJson({ nat, family, address, port, addressPort, flags }: Of<'nat'>, style: Style): Json {
  const words = [
    ...(flags.random === true ? ['random'] : []),
    ...(flags.fullyRandom === true ? ['fully-random'] : []),
    ...(flags.persistent === true ? ['persistent'] : []),
  ];
  const type = family === 6 ? 'ipv6_addr' : 'ipv4_addr';
  const addr =
    address ?? (addressPort === undefined ? undefined : ({ kind: 'expression', expression: addressPort } as const));
  if (addr === undefined && port === undefined && words.length === 0) return { [nat]: null };
  return {
    [nat]: {
      family: family === undefined ? undefined : family === 4 ? 'ip' : 'ip6',
      addr: addr === undefined ? undefined : natTargetJson(addr, type, style),
      port: port === undefined ? undefined : natTargetJson(port, 'inet_service', style),
      flags: words.length === 0 ? undefined : words.length === 1 ? (words[0] as string) : words,
    },
  };
}

function mangle(key: Json, value: Of<'set-meta'>['value'], type: string, style: Style): Json {
  const to = value.kind === 'constant' ? valueJson(value.value, [type], style) : expressionJson(value, style);
  return { mangle: { key, value: to } };
}

function dynsetJson({ op, set, key, timeout, each }: Of<'dynset'>, style: Style): Json {
  const val = expressionJson(key, style);
  const elem = timeout === undefined ? val : { elem: { val, timeout: Math.floor(timeout / 1_000_000) } };
  const stmt = shownEach(set, each).map((one) => statefulJson(one, { ...style, stateless: true }));
  return { set: { op, elem, set: `@${set.name}`, stmt: stmt.length === 0 ? undefined : stmt } };
}
