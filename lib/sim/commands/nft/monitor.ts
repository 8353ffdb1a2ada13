import { WaitQueue } from '../../base/index.ts';
import {
  HEADERS,
  type Nftables,
  type NftChain,
  type NftEvent,
  type NftRule,
  type NftSet,
  packetField,
  type TraceEvent,
} from '../../kernel/nftables/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandAst } from './ast.ts';
import { typesOf } from './datatypes.ts';
import { type Location, NftProblem, NotSimulated } from './location.ts';
import { elementText, type Style, scalarText } from './print-expression.ts';
import { ruleText } from './print-rule.ts';
import { chainDeclaration, objectBody, setDeclaration } from './print-ruleset.ts';

type Monitor = Extract<CommandAst, { kind: 'monitor' }>;

const KINDS: Readonly<Record<string, readonly NftEvent['type'][]>> = {
  tables: ['table'],
  chains: ['chain'],
  rules: ['rule'],
  sets: ['set'],
  elements: ['element'],
  ruleset: ['table', 'chain', 'rule', 'set', 'element', 'object'],
};

/** What is to be told: all changes, additions or deletions alone, of one kind, or the way of traced packets. */
function selection({ what, of, at }: Monitor): { op: 'new' | 'destroy' | undefined; kind: string | undefined } {
  const op = what === 'new' || what === 'destroy' ? what : undefined;
  const kind = op === undefined ? what : of;
  if (kind === 'trace' || kind === undefined || kind in KINDS) return { op, kind };
  if (kind === 'json' || kind === 'xml' || kind === 'vm') throw new NotSimulated(`monitor ${kind}`);
  throw new NftProblem(`invalid event ${kind}`, wordAt(at, kind));
}

function wordAt(at: Location, word: string): Location {
  const line = at.source.text.split('\n')[at.line - 1] ?? '';
  const from = line.indexOf(` ${word}`) + 2;
  return { ...at, from, to: from + word.length - 1 };
}

/** `nft monitor`: tells what happens until somebody stops it. */
export function* monitor(
  process: Process,
  nft: Nftables,
  command: Monitor,
  style: () => Style,
): Generator<Wait, number, void> {
  const { op, kind } = selection(command);
  const lines: string[] = [];
  const came = new WaitQueue();
  const tell = (line: string | undefined): void => {
    if (line === undefined) return;
    lines.push(`${line}\n`);
    came.wake();
  };
  const known = rulesNow(nft, style());
  const end =
    kind === 'trace'
      ? nft.watchTraces((event) => tell(traceLine(event, known, style())))
      : nft.watch((event) => {
          if (isMeant(event, op, kind)) tell(eventLine(event, style()));
        });
  try {
    for (;;) {
      yield* process.waitFor(() => lines.length > 0, [came]);
      yield* process.print(lines.splice(0).join(''));
    }
  } finally {
    end();
  }
}

/** Rules as they were when the monitor began: what they count since does not show. */
function rulesNow(nft: Nftables, style: Style): ReadonlyMap<NftRule, string> {
  const known = new Map<NftRule, string>();
  for (const { chains, family } of nft.all())
    for (const { rules } of chains.values()) for (const rule of rules) known.set(rule, ruleText(rule, family, style));
  return known;
}

function isMeant(event: NftEvent, op: 'new' | 'destroy' | undefined, kind: string | undefined): boolean {
  if (event.type === 'generation') return op === undefined && kind === undefined;
  if (kind !== undefined && KINDS[kind]?.includes(event.type) !== true) return false;
  return op === undefined || (op === 'destroy') === (event.op === 'delete');
}

function eventLine(event: NftEvent, style: Style): string | undefined {
  switch (event.type) {
    case 'generation':
      return `# new generation ${event.generation} by process ${event.by.pid} (${event.by.name})`;
    case 'table':
      return `${event.op} table ${event.table.family} ${event.table.name}`;
    case 'chain':
      return `${event.op} chain ${place(event.chain)}${event.op === 'add' ? chainDeclaration(event.chain, style) : ''}`;
    case 'rule':
      return ruleLine(event.op, event.chain, event.rule, style);
    case 'set':
      // A map that goes is called a set.
      return event.op === 'delete'
        ? `delete set ${setPlace(event.set)}`
        : `add ${kindOf(event.set)} ${setPlace(event.set)} ${setDeclaration(event.set, style)} `;
    case 'element':
      return `${event.op} element ${setPlace(event.set)} { ${elementText(event.set, event.element, style)} }`;
    case 'object': {
      const { family, name } = event.table;
      const body = event.op === 'add' ? ` { ${objectBody(event.object, style)} } ` : '';
      return `${event.op} ${event.object.type} ${family} ${name} ${event.object.name}${body}`;
    }
  }
}

const place = ({ table, name }: NftChain): string => `${table.family} ${table.name} ${name}`;
const setPlace = ({ table, name }: NftSet): string => `${table.family} ${table.name} ${name}`;
const kindOf = ({ spec }: NftSet): string => (spec.data === undefined ? 'set' : 'map');

function ruleLine(op: string, chain: NftChain, rule: NftRule, style: Style): string {
  if (op === 'delete') return `delete rule ${place(chain)} handle ${rule.handle}`;
  return `${op} rule ${place(chain)} ${ruleText(rule, chain.table.family, style)}`;
}

/** Rules that came after the monitor began are known to it by their handles alone. */
function traceLine(event: TraceEvent, known: ReadonlyMap<NftRule, string>, style: Style): string {
  const head = `trace id ${event.id.toString(16).padStart(8, '0')} ${place(event.chain)}`;
  switch (event.type) {
    case 'packet':
      return `${head} packet: ${packetText(event, style)} `;
    case 'policy':
      return `${head} policy ${event.policy} `;
    case 'return':
      return `${head} verdict return `;
    case 'rule': {
      const verdict = `(verdict ${event.verdict}${event.target === undefined ? '' : ` ${event.target}`})`;
      const text = known.get(event.rule);
      return `${head} ${text === undefined ? `unknown rule handle ${event.rule.handle}` : `rule ${text}`} ${verdict}`;
    }
  }
}

const SHOWN = {
  ip: ['saddr', 'daddr', 'dscp', 'ecn', 'ttl', 'id', 'protocol', 'length'],
  ip6: ['saddr', 'daddr', 'dscp', 'ecn', 'hoplimit', 'flowlabel', 'nexthdr', 'length'],
  tcp: ['sport', 'dport', 'flags', 'window'],
  udp: ['sport', 'dport', 'length'],
  icmp: ['type', 'code', 'id', 'sequence'],
  icmpv6: ['type', 'code', 'id', 'sequence'],
} as const;
type Shown = keyof typeof SHOWN;

const TRANSPORT: Readonly<Record<number, Shown>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** The fields of a packet's headers; the protocol is said by the header behind it. */
function packetText({ context }: TraceEvent, style: Style): string {
  const parts: string[] = [];
  if (context.in !== undefined) parts.push(`iif "${context.in.name}"`);
  if (context.out !== undefined) parts.push(`oif "${context.out.name}"`);
  if (context.in !== undefined && !context.in.isLoopback)
    for (const field of ['saddr', 'daddr']) parts.push(fieldText('ether', field, context, style));
  const transport = TRANSPORT[context.packet.protocol];
  const network: Shown = context.packet.kind === 'ipv4' ? 'ip' : 'ip6';
  for (const field of SHOWN[network])
    if ((field !== 'protocol' && field !== 'nexthdr') || transport === undefined)
      parts.push(fieldText(network, field, context, style));
  if (transport !== undefined)
    for (const field of SHOWN[transport]) parts.push(fieldText(transport, field, context, style));
  return parts.filter((part) => part !== '').join(' ');
}

function fieldText(protocol: Shown | 'ether', field: string, context: TraceEvent['context'], style: Style): string {
  const value = field in HEADERS[protocol].fields ? packetField(protocol, field, context) : undefined;
  if (value === undefined) return '';
  const [type = 'integer'] = typesOf({ kind: 'payload', protocol, field });
  const sign = protocol === 'tcp' && field === 'flags' ? '== ' : '';
  return `${protocol} ${field} ${sign}${scalarText(value, type, style)}`;
}
