import { type Expression, HEADERS, type NftFamily, type Statement } from '../../kernel/nftables/index.ts';
import { type ProtocolBase, toldBase } from './protocol-context.ts';

type Match = Extract<Statement, { kind: 'match' }>;

/**
 * The statements of a rule that a listing shows: a comparison of a header's protocol is left out where a field of that
 * header behind it says as much (netlink_delinearize.c, payload_dependency_kill).
 */
export function visibleStatements(statements: readonly Statement[], family: NftFamily): readonly Statement[] {
  const hidden = new Set<Statement>();
  const dependencies: Partial<Record<ProtocolBase, Match>> = {};
  const release = (base: ProtocolBase): void => {
    const dependency = dependencies[base];
    if (dependency !== undefined) hidden.add(dependency);
    delete dependencies[base];
  };
  for (const statement of statements) {
    for (const { protocol, isProtocolField } of payloadsOf(statement)) {
      const { base } = HEADERS[protocol];
      const dependency = dependencies[base];
      if (dependency !== undefined && mayHide(dependency, base, isProtocolField, family)) release(base);
    }
    if (statement.kind === 'reject') {
      if (statement.with === 'tcp reset' && (family === 'ip' || family === 'ip6')) release('transport');
      else if (statement.with !== 'icmpx' && statement.with !== 'tcp reset') release('network');
    }
    // What does something may depend on a comparison before it: that one stays.
    if (!COMPARING.has(statement.kind)) for (const base of BASES) delete dependencies[base];
    if (statement.kind !== 'match' || statement.op !== 'eq' || statement.right.kind !== 'value') continue;
    const base = toldBase(statement.left, family) ?? (isEther(statement.left) ? 'link' : undefined);
    if (base === undefined) continue;
    if (base === 'transport' && statement.left.kind === 'meta')
      hideNetwork(statement, dependencies.network, release, family);
    dependencies[base] = statement;
  }
  return hidden.size === 0 ? statements : statements.filter((statement) => !hidden.has(statement));
}

const COMPARING = new Set<Statement['kind']>(['match', 'lookup', 'vmap']);
const BASES: readonly ProtocolBase[] = ['link', 'network', 'transport'];

const isEther = (left: Expression): boolean => left.kind === 'meta' && left.key === 'iiftype';

/** In families of several protocols `ip protocol` restricts to IPv4 as well, and stays. */
function mayHide({ left }: Match, base: ProtocolBase, isProtocolField: boolean, family: NftFamily): boolean {
  if (family === 'ip' || family === 'ip6' || family === 'arp') return true;
  if (left.kind !== 'payload') return true;
  if (base === 'transport' && (left.protocol === 'ip' || left.protocol === 'ip6')) return false;
  return !isProtocolField;
}

const ICMP = 1;
const ICMPV6 = 58;

/** `meta l4proto icmp` says that it is IPv4. */
function hideNetwork(
  statement: Match,
  dependency: Match | undefined,
  release: (base: ProtocolBase) => void,
  family: NftFamily,
): void {
  if (dependency === undefined || family === 'ip' || family === 'ip6') return;
  const protocol = statement.right.kind === 'value' ? statement.right.value : 0;
  const isIpv4 =
    dependency.right.kind === 'value' && (dependency.right.value === 2 || dependency.right.value === 0x0800);
  if ((protocol === ICMP && isIpv4) || (protocol === ICMPV6 && !isIpv4)) release('network');
}

type Payload = { readonly protocol: keyof typeof HEADERS; readonly isProtocolField: boolean };

function payloadsOf(statement: Statement): Payload[] {
  switch (statement.kind) {
    case 'match':
    case 'lookup':
    case 'vmap':
      return inExpression(statement.left);
    case 'set-payload':
      return [{ protocol: statement.protocol, isProtocolField: false }, ...inExpression(statement.value)];
    case 'set-meta':
    case 'set-ct':
      return inExpression(statement.value);
    case 'dynset':
      return inExpression(statement.key);
    case 'object-map':
      return inExpression(statement.key);
    case 'nat':
      return [statement.address, statement.port]
        .flatMap((target) => (target?.kind === 'expression' ? inExpression(target.expression) : []))
        .concat(statement.addressPort === undefined ? [] : inExpression(statement.addressPort));
    default:
      return [];
  }
}

function inExpression(expression: Expression): Payload[] {
  switch (expression.kind) {
    case 'payload': {
      const { protocol, field } = expression;
      return [{ protocol, isProtocolField: field === 'protocol' || field === 'nexthdr' || field === 'type' }];
    }
    case 'concat':
      return expression.parts.flatMap(inExpression);
    case 'bitwise':
      return inExpression(expression.left);
    case 'map':
      return inExpression(expression.key);
    case 'jhash':
      return inExpression(expression.of);
    default:
      return [];
  }
}
