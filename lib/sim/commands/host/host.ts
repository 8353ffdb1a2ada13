import { Ip } from '../../base/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { DNS_TYPE, type DnsRecord } from '../../wire/dns/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { reverseOf } from '../dig/lookups.ts';
import { ask, type Reply } from '../dns/ask.ts';
import { configOf, serverNamed } from '../dns/servers.ts';
import { codeName, dataText, typeName, typeOf } from '../dns/text.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { dnsPart } from '../socket/resolve.ts';
import { candidates, type ResolverConfig } from '../socket/resolver-config.ts';
import { USAGE } from './usage.ts';

/** host of BIND 9.18. */
export const host: CommandSpec = {
  name: 'host',
  path: '/usr/bin/host',
  summary: 'DNS lookup utility',
  options: [
    option('-4', 'ask over IPv4 only'),
    option('-6', 'ask over IPv6 only'),
    option('-r', 'ask without recursion'),
    option('-p', 'the port of the server', 'PORT'),
    option('-R', 'how often to ask again', 'N'),
    option('-t', 'the type of the records', 'TYPE'),
    option('-T', 'ask over TCP'),
    option('-U', 'ask over UDP'),
    option('-W', 'seconds to wait', 'SECONDS'),
    option('-V', 'print the version'),
    missing('-a', 'all records, verbosely'),
    missing('-A', 'as -a, without those of DNSSEC'),
    missing('-c', 'the class', 'CLASS'),
    missing('-C', 'compare the SOA records'),
    missing('-d', 'verbose'),
    missing('-l', 'list a zone'),
    missing('-m', 'debug memory', 'FLAG'),
    missing('-N', 'dots of an absolute name', 'N'),
    missing('-s', 'SERVFAIL ends'),
    missing('-v', 'verbose'),
    missing('-w', 'wait forever'),
  ],
  modules: [inet],
  parts: [dnsPart],
  run,
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, host, { usage: USAGE.trimEnd() });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('-V')) {
    yield* process.printError('host 9.18.49-1~deb12u3-Debian\n');
    return 0;
  }
  const [name, server] = parsed.operands;
  if (name === undefined) {
    yield* process.printError(USAGE);
    return 1;
  }
  const asked = parsed.value('-t');
  const type = asked === undefined ? undefined : typeOf(asked);
  if (asked !== undefined && type === undefined) return yield* notSimulated(process, 'host', `-t ${asked}`);
  return yield* new Host(process, node, parsed).run(name, server, type);
}

class Host {
  readonly #config: ResolverConfig;
  #servers: readonly Ip[];

  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly parsed: Parsed,
  ) {
    this.#config = configOf(process, node);
    this.#servers = this.#config.servers;
  }

  readonly #say = function* (this: Host, line: string): Generator<Wait, void, void> {
    yield* this.process.print(`${line}\n`);
  }.bind(this);

  *run(name: string, server: string | undefined, type: number | undefined): Generator<Wait, number, void> {
    if (server !== undefined) {
      const family = this.parsed.has('-4') ? 4 : this.parsed.has('-6') ? 6 : undefined;
      const found = yield* serverNamed(this.process, this.node, server, family);
      if (typeof found === 'string') {
        yield* this.process.printError(`host: couldn't get address for '${server}': ${found}\n`);
        return 1;
      }
      this.#servers = found;
    }
    const heading =
      server === undefined
        ? ''
        : `Using domain server:\nName: ${server}\nAddress: ${this.#servers[0]}#${this.parsed.value('-p') ?? 53}\nAliases: \n\n`;
    if (Ip.parse(name) !== undefined && type === undefined) {
      return yield* this.#one([reverseOf(name)], DNS_TYPE.PTR, heading, `${reverseOf(name)}.`);
    }
    const names = candidates(name, this.#config);
    return type === undefined ? yield* this.#all(names, heading, name) : yield* this.#one(names, type, heading, name);
  }

  *#ask(name: string, type: number): Generator<Wait, Reply | undefined, void> {
    const query = {
      name,
      type,
      port: Number(this.parsed.value('-p') ?? 53),
      tcp: this.parsed.has('-T'),
      tries: Math.max(1, Number(this.parsed.value('-R') ?? 1)) + 1,
      timeout: Number(this.parsed.value('-W') ?? 5) || 5,
      recurse: !this.parsed.has('-r'),
      authentic: false,
      edns: undefined,
      ignoreTruncation: false,
    };
    for (const server of this.#servers) {
      const reply = yield* ask(this.process, this.node, server, query, this.#say);
      if (reply !== undefined) return reply;
    }
    yield* this.process.print(';; no servers could be reached\n');
    return undefined;
  }

  /** The first of the names that is there; its answer, or the status to end with. */
  *#first(
    names: readonly string[],
    type: number,
    heading: string,
    text: string,
  ): Generator<Wait, Reply | number, void> {
    let last: Reply | undefined;
    for (const name of names) {
      last = yield* this.#ask(name, type);
      if (last === undefined) return 1;
      if (last.message.rcode === 0) {
        yield* this.process.print(heading);
        return last;
      }
    }
    const rcode = last?.message.rcode ?? 0;
    yield* this.process.print(`${heading}Host ${text} not found: ${rcode}(${codeName(rcode)})\n`);
    return 1;
  }

  *#one(names: readonly string[], type: number, heading: string, text: string): Generator<Wait, number, void> {
    const reply = yield* this.#first(names, type, heading, text);
    if (typeof reply === 'number') return reply;
    const { answers, questions } = reply.message;
    yield* this.process.print(answers.map((record) => sentence(record)).join(''));
    if (answers.length === 0)
      yield* this.process.print(`${questions[0]?.name ?? text} has no ${typeName(type)} record\n`);
    return 0;
  }

  /** Without a type: addresses, and where mail goes, of what the name stands for. */
  *#all(names: readonly string[], heading: string, text: string): Generator<Wait, number, void> {
    const reply = yield* this.#first(names, DNS_TYPE.A, heading, text);
    if (typeof reply === 'number') return reply;
    const { answers, questions } = reply.message;
    yield* this.process.print(answers.map((record) => sentence(record)).join(''));
    let owner = questions[0]?.name ?? text;
    for (const { name, data, type } of answers) {
      if (type === DNS_TYPE.CNAME && data.form === 'name' && name.toLowerCase() === owner.toLowerCase())
        owner = data.name;
    }
    for (const type of [DNS_TYPE.AAAA, DNS_TYPE.MX]) {
      const more = yield* this.#ask(owner, type);
      if (more === undefined) return 1;
      yield* this.process.print(more.message.answers.map((record) => sentence(record)).join(''));
    }
    return 0;
  }
}

const PHRASES: Readonly<Record<number, string>> = {
  [DNS_TYPE.A]: 'has address',
  [DNS_TYPE.AAAA]: 'has IPv6 address',
  [DNS_TYPE.CNAME]: 'is an alias for',
  [DNS_TYPE.MX]: 'mail is handled by',
  [DNS_TYPE.NS]: 'name server',
  [DNS_TYPE.PTR]: 'domain name pointer',
  [DNS_TYPE.SOA]: 'has SOA record',
  [DNS_TYPE.SRV]: 'has SRV record',
  [DNS_TYPE.TXT]: 'descriptive text',
};

const sentence = ({ name, type, data }: DnsRecord): string =>
  `${name} ${PHRASES[type] ?? `has ${typeName(type)} record`} ${dataText(data)}\n`;
