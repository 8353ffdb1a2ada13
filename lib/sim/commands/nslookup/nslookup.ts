import { Ip } from '../../base/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { DNS_TYPE, type DnsRecord } from '../../wire/dns/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { reverseOf } from '../dig/lookups.ts';
import { ask, type Query, type Reply } from '../dns/ask.ts';
import { configOf, serverNamed } from '../dns/servers.ts';
import { codeName, dataText, typeOf } from '../dns/text.ts';
import { dnsPart } from '../socket/resolve.ts';
import { candidates } from '../socket/resolver-config.ts';

/** nslookup of BIND 9.18, with the name on the command line. */
export const nslookup: CommandSpec = {
  name: 'nslookup',
  path: '/usr/bin/nslookup',
  summary: 'query Internet name servers',
  options: [
    option('-type -query -q -ty', 'the type of the records', 'TYPE'),
    option('-timeout', 'seconds to wait', 'SECONDS'),
    option('-retry', 'how many times to ask', 'N'),
    option('-port', 'the port of the server', 'PORT'),
    option('-vc', 'ask over TCP'),
    missing('-debug', 'print all of the answer'),
  ],
  modules: [inet],
  parts: [dnsPart],
  run,
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const words = process.argv.slice(1);
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (const word of words) {
    const found = /^-([a-z]+)(?:=(.*))?$/i.exec(word);
    if (found === null) operands.push(word);
    else options.set((found[1] as string).toLowerCase(), found[2] ?? '');
  }
  const [name, server] = operands;
  if (name === undefined || name === '-') return yield* notSimulated(process, 'nslookup', 'the interactive mode');
  const lacking = [...options.keys()].find((key) => !KNOWN.includes(key));
  if (lacking !== undefined) return yield* notSimulated(process, 'nslookup', `-${lacking}`);
  const asked = options.get('type') ?? options.get('query') ?? options.get('q') ?? options.get('ty');
  const type = asked === undefined ? undefined : typeOf(asked);
  if (asked !== undefined && type === undefined) {
    yield* process.print(`unknown query type: ${asked}\n`);
  }
  return yield* new Nslookup(process, node, options).run(name, server, type);
}

const KNOWN = ['type', 'query', 'q', 'ty', 'timeout', 'retry', 'port', 'vc', 'class'];

class Nslookup {
  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly options: ReadonlyMap<string, string>,
  ) {}

  readonly #say = function* (this: Nslookup, line: string): Generator<Wait, void, void> {
    yield* this.process.print(`${line}\n`);
  }.bind(this);

  #query(name: string, type: number): Query {
    return {
      name,
      type,
      port: Number(this.options.get('port') ?? 53),
      tcp: this.options.has('vc'),
      tries: Number(this.options.get('retry') ?? 3) || 1,
      timeout: Number(this.options.get('timeout') ?? 5) || 5,
      recurse: true,
      authentic: false,
      edns: undefined,
      ignoreTruncation: false,
    };
  }

  *run(name: string, server: string | undefined, type: number | undefined): Generator<Wait, number, void> {
    const config = configOf(this.process, this.node);
    const servers =
      server === undefined ? config.servers : yield* serverNamed(this.process, this.node, server, undefined);
    if (typeof servers === 'string') {
      yield* this.process.print(`nslookup: couldn't get address for '${server}': ${servers}\n`);
      return 1;
    }
    const address = Ip.parse(name);
    if (address !== undefined && type === undefined) return yield* this.#reverse(name, servers);
    const types = type === undefined ? [DNS_TYPE.A, DNS_TYPE.AAAA] : [type];
    return yield* this.#forward(name, candidates(name, config), servers, types);
  }

  *#ask(servers: readonly Ip[], name: string, type: number): Generator<Wait, Reply | undefined, void> {
    for (const server of servers) {
      const reply = yield* ask(this.process, this.node, server, this.#query(name, type), this.#say);
      if (reply !== undefined) return reply;
    }
    yield* this.process.print(';; no servers could be reached\n\n');
    return undefined;
  }

  *#reverse(text: string, servers: readonly Ip[]): Generator<Wait, number, void> {
    const name = reverseOf(text);
    const reply = yield* this.#ask(servers, name, DNS_TYPE.PTR);
    if (reply === undefined) return 1;
    const { message } = reply;
    if (message.rcode !== 0) return yield* this.#notFound(name, message.rcode);
    yield* this.process.print(
      `${this.#head(reply, false)}${message.answers.map((record) => describe(record)).join('')}\n`,
    );
    return 0;
  }

  *#notFound(name: string, rcode: number): Generator<Wait, number, void> {
    yield* this.process.print(`** server can't find ${name}: ${codeName(rcode)}\n\n`);
    return 1;
  }

  #head({ message, server }: Reply, withServer: boolean): string {
    const port = this.options.get('port') ?? '53';
    const place = withServer ? `Server:\t\t${server}\nAddress:\t${server}#${port}\n\n` : '';
    return `${place}${message.authoritative || message.rcode !== 0 ? '' : 'Non-authoritative answer:\n'}`;
  }

  *#forward(
    text: string,
    names: readonly string[],
    servers: readonly Ip[],
    types: readonly number[],
  ): Generator<Wait, number, void> {
    let printed = false;
    let last: Reply | undefined;
    for (const name of names) {
      for (const type of types) {
        last = yield* this.#ask(servers, name, type);
        if (last === undefined) return 1;
        if (last.message.rcode !== 0) break;
        if (!printed) yield* this.process.print(this.#head(last, true));
        const shown = type === DNS_TYPE.AAAA && printed ? addresses(last.message.answers) : last.message.answers;
        printed = true;
        yield* this.process.print(shown.map((record) => describe(record)).join(''));
        if (last.message.answers.length === 0 && types.length === 1) {
          yield* this.process.print(`*** Can't find ${text}: No answer\n`);
        }
      }
      if (printed) break;
    }
    if (last === undefined) return 1;
    if (!printed) {
      yield* this.process.print(this.#head(last, true));
      return yield* this.#notFound(text, last.message.rcode);
    }
    yield* this.process.print('\n');
    return 0;
  }
}

/** The chain of aliases was told with the first answer. */
const addresses = (records: readonly DnsRecord[]): DnsRecord[] => records.filter(({ data }) => data.form === 'address');

const PHRASES: Readonly<Record<number, string>> = {
  [DNS_TYPE.CNAME]: 'canonical name',
  [DNS_TYPE.MX]: 'mail exchanger',
  [DNS_TYPE.NS]: 'nameserver',
  [DNS_TYPE.PTR]: 'name',
  [DNS_TYPE.SRV]: 'service',
  [DNS_TYPE.TXT]: 'text',
};

function describe({ name, type, data }: DnsRecord): string {
  if (data.form === 'address') return `Name:\t${name}\nAddress: ${data.address}\n`;
  if (data.form === 'soa') {
    const { mname, rname, serial, refresh, retry, expire, minimum } = data;
    const fields = { origin: mname, 'mail addr': rname, serial, refresh, retry, expire, minimum };
    return `${name}\n${Object.entries(fields)
      .map(([key, value]) => `\t${key} = ${value}\n`)
      .join('')}`;
  }
  return `${name}\t${PHRASES[type] ?? `rdata_${type}`} = ${dataText(data)}\n`;
}
