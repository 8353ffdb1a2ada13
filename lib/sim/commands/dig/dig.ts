import type { Ip } from '../../base/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import { type Process, strftime, type Wait } from '../../os/index.ts';
import { DNS_TYPE, type DnsMessage, type DnsRecord } from '../../wire/dns/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { ask, type Reply } from '../dns/ask.ts';
import { configOf, serverNamed } from '../dns/servers.ts';
import { dataText, headerLines, questionLine, recordLine } from '../dns/text.ts';
import { dnsPart } from '../socket/resolve.ts';
import { Invalid, type Lookup, NotHere, readLookups } from './lookups.ts';
import { USAGE } from './usage.ts';

const VERSION = '9.18.49-1~deb12u3-Debian';

/** dig of BIND 9.18. */
export const dig: CommandSpec = {
  name: 'dig',
  path: '/usr/bin/dig',
  summary: 'DNS lookup utility',
  options: [
    option('-4', 'ask over IPv4 only'),
    option('-6', 'ask over IPv6 only'),
    option('-p', 'the port of the server', 'PORT'),
    option('-q', 'the name', 'NAME'),
    option('-t', 'the type of the records', 'TYPE'),
    option('-c', 'the class of the records', 'CLASS'),
    option('-x', 'the name of an address', 'ADDRESS'),
    option('-v', 'print the version'),
    option('-h', 'print help'),
    missing('-b', 'the own address', 'ADDRESS'),
    missing('-f', 'names from a file', 'FILE'),
    missing('-k', 'a key file', 'FILE'),
    missing('-y', 'a key', 'KEY'),
    missing('-u', 'print microseconds'),
  ],
  modules: [inet],
  parts: [dnsPart],
  run,
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const args = process.argv.slice(1);
  try {
    if (args.includes('-v')) {
      yield* process.printError(`DiG ${VERSION}\n`);
      return 0;
    }
    const lookups = readLookups(args);
    let status = 0;
    let first = true;
    for (const lookup of lookups) {
      status = Math.max(status, yield* new Dig(process, node, lookup, args, first).run());
      first = false;
    }
    return status;
  } catch (error) {
    if (error instanceof NotHere) return yield* notSimulated(process, 'dig', error.what);
    if (!(error instanceof Invalid)) throw error;
    yield* process.printError(`Invalid option: ${error.what}\n${USAGE}`);
    return 1;
  }
}

const NO_SERVER = 9;

class Dig {
  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly lookup: Lookup,
    private readonly args: readonly string[],
    private readonly first: boolean,
  ) {}

  readonly say = function* (this: Dig, line: string): Generator<Wait, void, void> {
    yield* this.process.print(`${line}\n`);
  }.bind(this);

  *run(): Generator<Wait, number, void> {
    const { lookup } = this;
    const servers = yield* this.#servers();
    if (typeof servers === 'string') {
      yield* this.process.printError(`dig: couldn't get address for '${lookup.server}': ${servers}\n`);
      return 1;
    }
    const names = lookup.search ? candidates(lookup.name, configOf(this.process, this.node).search) : [lookup.name];
    let reply: Reply | undefined;
    let reachable = false;
    for (const name of names) {
      for (const server of servers) {
        reply = yield* ask(this.process, this.node, server, { ...lookup.query, name }, this.#note());
        if (reply !== undefined) break;
      }
      if (reply === undefined || reply.message.rcode === 0) break;
    }
    reachable = reply !== undefined;
    if (!reachable) return yield* this.#unreached();
    yield* this.process.print(this.#answer(reply as Reply));
    return 0;
  }

  #wasSetUp = true;

  /** Where not even a socket could be had, dig gives up without its banner. */
  #note(): (line: string) => Generator<Wait, void, void> {
    const dig = this;
    return function* (line: string): Generator<Wait, void, void> {
      if (/ failed: /.test(line)) dig.#wasSetUp = false;
      yield* dig.say(line);
    };
  }

  *#unreached(): Generator<Wait, number, void> {
    const { lookup } = this;
    if (this.#wasSetUp)
      yield* this.process.print(lookup.show.cmd && !lookup.show.short && this.first ? this.#banner() : '');
    if (this.#wasSetUp || lookup.query.tcp) yield* this.process.print(';; no servers could be reached\n');
    return NO_SERVER;
  }

  *#servers(): Generator<Wait, readonly Ip[] | string, void> {
    const { server, family } = this.lookup;
    if (server !== undefined) return yield* serverNamed(this.process, this.node, server, family);
    const { servers } = configOf(this.process, this.node);
    return servers.filter((ip) => family === undefined || ip.family === family);
  }

  #banner(): string {
    const { lookup } = this;
    const words = this.args.length === 0 ? '' : ` ${this.args.join(' ')}`;
    const found = lookup.server === undefined ? '' : '; (1 server found)\n';
    return `\n; <<>> DiG ${VERSION} <<>>${words}\n${found};; global options: +cmd\n`;
  }

  #answer(reply: Reply): string {
    const { show } = this.lookup;
    const { message } = reply;
    if (show.short) return message.answers.map(({ data }) => `${dataText(data)}\n`).join('');
    const parts = [show.cmd && this.first ? this.#banner() : ''];
    if (show.comments) parts.push(`;; Got answer:\n${headerLines(message)}\n`);
    if (show.comments) parts.push(optText(message));
    if (show.question) {
      const heading = show.comments ? ';; QUESTION SECTION:\n' : '';
      parts.push(
        `${heading}${message.questions.map((entry) => `${questionLine(entry)}\n`).join('')}${show.comments ? '\n' : ''}`,
      );
    }
    if (show.answer) parts.push(this.#section('ANSWER', message.answers));
    if (show.authority) parts.push(this.#section('AUTHORITY', message.authorities));
    const additionals = message.additionals.filter(({ type }) => type !== DNS_TYPE.OPT);
    if (show.additional) parts.push(this.#section('ADDITIONAL', additionals));
    if (show.stats) parts.push(this.#statistics(reply));
    return parts.join('');
  }

  #section(name: string, records: readonly DnsRecord[]): string {
    if (records.length === 0) return '';
    const { comments, ttlUnits } = this.lookup.show;
    const lines = records.map((entry) => `${recordLine(entry, ttlUnits ? units(entry.ttl) : undefined)}\n`).join('');
    return comments ? `;; ${name} SECTION:\n${lines}\n` : lines;
  }

  #statistics({ took, server, size, tcp }: Reply): string {
    const { epoch, events } = this.process.machine;
    const lines = [
      `;; Query time: ${Math.floor(took / 1000)} msec`,
      `;; SERVER: ${server}#${this.lookup.query.port}(${this.lookup.server ?? server}) (${tcp ? 'TCP' : 'UDP'})`,
      `;; WHEN: ${strftime('%a %b %d %H:%M:%S %Z %Y', epoch + events.now)}`,
      `;; MSG SIZE  rcvd: ${size}`,
    ];
    return `${lines.join('\n')}\n\n`;
  }
}

function optText({ additionals }: DnsMessage): string {
  const opt = additionals.find(({ type }) => type === DNS_TYPE.OPT);
  if (opt === undefined) return '';
  const flags = (opt.ttl & 0x8000) === 0 ? '' : ' do';
  return `;; OPT PSEUDOSECTION:\n; EDNS: version: ${(opt.ttl >>> 16) & 255}, flags:${flags}; udp: ${opt.class}\n`;
}

function units(seconds: number): string {
  const sizes: readonly (readonly [number, string])[] = [
    [604_800, 'w'],
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ];
  let rest = seconds;
  const text = sizes
    .map(([size, unit]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count === 0 ? '' : `${count}${unit}`;
    })
    .join('');
  return text === '' ? '0s' : text;
}

const candidates = (name: string, search: readonly string[]): string[] =>
  name.includes('.')
    ? [name, ...search.map((domain) => `${name}.${domain}`)]
    : [...search.map((domain) => `${name}.${domain}`), name];
