import { fail, type Ip, ok, type Result } from '../../base/index.ts';
import { dumpLinks, type NetNs } from '../../kernel/index.ts';
import { type DiagMessage, dumpTcp, dumpUdp, inet, isWildcard, TcpSocket } from '../../kernel/inet/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { lookUpService, resolveHost, reverseHost, serviceName } from '../names.ts';
import { socketUsers } from '../socket/users.ts';
import { type FilterError, parseFilter } from './filter.ts';
import { detailText, memoryText, tcpInfoText, timerText } from './info.ts';
import { OPTIONS, type Query, queryOf } from './options.ts';
import { ALL, parseState, printedState, type StateSet } from './states.ts';
import { summaryText } from './summary.ts';
import { type ColumnName, type Row, renderTable } from './table.ts';
import { USAGE, VERSION } from './usage.ts';

/** exit(-1), which ss does with most errors. */
const FAILED = 255;

/** ss of iproute2 6.1: the sockets of the process's network namespace. */
export const ss: CommandSpec = {
  name: 'ss',
  path: '/usr/bin/ss',
  summary: 'investigate sockets',
  options: OPTIONS,
  modules: [inet],
  *run(process, node) {
    const parsed = yield* getopt(process, ss, { usage: USAGE.trimEnd(), status: FAILED });
    if (typeof parsed === 'number') return parsed;
    return yield* show(process, node, parsed);
  },
};

function* show(process: Process, node: Node, parsed: Parsed): Generator<Wait, number, void> {
  if (parsed.has('-h')) return yield* print(process, USAGE);
  if (parsed.has('-V')) return yield* print(process, VERSION);
  if (parsed.has('-z') || parsed.has('-Z')) return yield* complain(process, 'ss: SELinux is not enabled.\n', 1);
  const query = queryOf(parsed.given);
  if (typeof query === 'string') return yield* complain(process, query + USAGE, FAILED);
  const ns = namespaceOf(process, node, parsed.value('-N'));
  if (!ns.ok)
    return yield* complain(
      process,
      `Cannot open network namespace "${parsed.value('-N')}": No such file or directory\n`,
      1,
    );
  if (parsed.has('-s')) {
    yield* process.print(summaryText(ns.value));
    if (parsed.given.length === 1 && parsed.operands.length === 0) return 0;
  }
  const rest = takeStates(query, parsed.operands);
  if (typeof rest === 'string') return yield* complain(process, rest, FAILED);
  const view = new View(process, node, ns.value, parsed, query);
  try {
    return yield* print(process, view.table(rest));
  } catch (error) {
    if (!isFilterError(error)) throw error;
    return yield* complain(process, error.text + (error.usage ? USAGE : ''), error.status);
  }
}

const isFilterError = (error: unknown): error is FilterError => error instanceof Error && 'usage' in error;

function* print(process: Process, text: string): Generator<Wait, number, void> {
  yield* process.print(text);
  return 0;
}

function* complain(process: Process, text: string, status: number): Generator<Wait, number, void> {
  yield* process.printError(text);
  return status;
}

function namespaceOf(process: Process, node: Node, name: string | undefined): Result<NetNs> {
  const ns = name === undefined ? node.kernel.netns(process.netns) : namedNamespaces(node).get(name);
  return ns === undefined ? fail('ENOENT') : ok(ns);
}

/** `state NAME` and `exclude NAME`, before the filter proper; a text is a complaint. */
function takeStates(query: Query, operands: readonly string[]): readonly string[] | string {
  let i = 0;
  let chosen: StateSet | undefined;
  for (; operands[i] === 'state' || operands[i] === 'exclude' || operands[i] === 'excl'; i += 2) {
    const word = operands[i + 1];
    if (word === undefined) return 'Command line is not complete. Try option "help"\n';
    const states = parseState(word);
    if (states === undefined) return `ss: wrong state name: ${word}\n`;
    if (operands[i] === 'state') chosen = new Set([...(chosen ?? []), ...states]);
    else chosen = new Set([...(chosen ?? ALL)].filter((state) => !states.has(state)));
  }
  if (chosen !== undefined) query.states = chosen;
  return operands.slice(i);
}

class View {
  readonly #users: Map<number, string>;

  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly ns: NetNs,
    private readonly parsed: Parsed,
    private readonly query: Query,
  ) {
    this.#users = parsed.has('-p') ? socketUsers(process.machine) : new Map();
  }

  table(expression: readonly string[]): string {
    const { query, parsed, process } = this;
    const states = query.states ?? ALL;
    const filter = parseFilter(expression, {
      host: (name) => this.#host(name),
      port: (name) => lookUpService(process, name)?.port,
      device: (name) => dumpLinks(this.ns).find((link) => link.name === name)?.ifindex,
    });
    const rows = this.#sockets()
      .filter((socket) => states.has(socket.state) && filter(socket))
      .map((socket) => this.#row(socket));
    const only = query.tables.size === 1 && !query.tables.has('others');
    const hidden: ColumnName[] = [
      ...(only ? ['netid' as const] : []),
      ...(states.size === 1 ? ['state' as const] : []),
    ];
    const out = process.fds.get(1);
    const width = out?.kind === 'tty' ? (process.tty?.columns ?? 80) : undefined;
    return renderTable(rows, { header: !parsed.has('-H'), hidden, width });
  }

  #sockets(): DiagMessage[] {
    const { tables, families } = this.query;
    const found = [...(tables.has('udp') ? [dumpUdp(this.ns)] : []), ...(tables.has('tcp') ? [dumpTcp(this.ns)] : [])];
    return found.flatMap((list) =>
      ([4, 6] as const).flatMap((family) => (families.has(family) ? list.filter((one) => one.family === family) : [])),
    );
  }

  #host(name: string): Ip | undefined {
    const found = resolveHost(this.process, name, this.#netnsName);
    return found.ok ? found.addresses[0] : undefined;
  }

  get #netnsName(): string | undefined {
    return namedNamespaces(this.node).nameOf(this.process.netns);
  }

  #row(socket: DiagMessage): Row {
    const { local, remote, protocol, v6Only, ifindex } = socket;
    return {
      netid: protocol,
      state: printedState(socket.state),
      recvQ: String(socket.receiveQueue).padEnd(6),
      sendQ: String(socket.sendQueue).padEnd(6),
      localAddress: `${this.#address(local.address, v6Only)}${this.#device(ifindex)}:`,
      localPort: this.#port(local.port, protocol),
      peerAddress: `${this.#address(remote.address, v6Only)}:`,
      peerPort: this.#port(remote.port, protocol),
      process: this.#extras(socket),
    };
  }

  #address(address: Ip, v6Only: boolean): string {
    if (address.family === 6 && isWildcard(address) && !v6Only) return '*';
    const name = this.parsed.has('-r') ? reverseHost(this.process, address, this.#netnsName) : undefined;
    const text = name ?? String(address);
    return text.includes(':') ? `[${text}]` : text;
  }

  #device(ifindex: number): string {
    if (ifindex === 0) return '';
    return `%${dumpLinks(this.ns).find((link) => link.ifindex === ifindex)?.name ?? `if${ifindex}`}`;
  }

  #port(port: number, protocol: 'tcp' | 'udp'): string {
    if (port === 0) return '*';
    return (this.parsed.has('-n') ? undefined : serviceName(this.process, port, protocol)) ?? String(port);
  }

  #extras(message: DiagMessage): string {
    const { parsed } = this;
    const { socket, timer } = message;
    const isTcp = message.protocol === 'tcp';
    const extended = parsed.has('-e');
    let text = socket === undefined ? '' : this.#usersOf(message.ino);
    if ((parsed.has('-o') || extended) && timer !== undefined) text += timerText(timer);
    if (extended) text += detailText(message, message.ino & 0xffff);
    const details =
      (parsed.has('-m') ? memoryText(message) : '') + (isTcp && parsed.has('-i') ? this.#info(socket) : '');
    if (parsed.has('-m') || (isTcp && parsed.has('-i'))) text += `${parsed.has('-O') ? '' : '\n\t'}${details}`;
    return text;
  }

  #usersOf(ino: number): string {
    const users = this.#users.get(ino);
    return users === undefined ? '' : ` users:(${users})`;
  }

  #info(socket: DiagMessage['socket']): string {
    if (!(socket instanceof TcpSocket)) return '';
    const { parsed } = this;
    return tcpInfoText(socket, { options: parsed.has('-o') || parsed.has('-e'), numeric: parsed.has('-n') });
  }
}
