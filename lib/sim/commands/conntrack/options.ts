import { Cidr, type Ip } from '../../base/index.ts';
import type { ConntrackEntry } from '../../kernel/netfilter/index.ts';
import type { OptionSpec } from '../command.ts';
import { protocolNumber } from './print.ts';

/** Ends conntrack with exit status 2 and the hint at --help. */
export class ConntrackError extends Error {}

export type Verb = 'L' | 'D' | 'F' | 'C' | 'S' | 'E' | 'V' | 'h';
export type Filter = (entry: ConntrackEntry) => boolean;

export type Request = {
  readonly verb: Verb;
  /** `expect` is empty here: nothing expects connections. */
  readonly table: 'conntrack' | 'expect' | 'dying' | 'unconfirmed';
  readonly filter: Filter;
  readonly output: ReadonlySet<string>;
  readonly events: ReadonlySet<string>;
};

type Option = {
  readonly flags: readonly string[];
  readonly value?: string;
  readonly text: string;
  readonly simulated?: false;
};

const OPTIONS: readonly Option[] = [
  { flags: ['-L', '--dump'], value: '[TABLE]', text: 'list the table' },
  { flags: ['-D', '--delete'], value: '[TABLE]', text: 'delete entries' },
  { flags: ['-F', '--flush'], value: '[TABLE]', text: 'empty the table' },
  { flags: ['-C', '--count'], value: '[TABLE]', text: 'count the entries' },
  { flags: ['-S', '--stats'], text: 'statistics' },
  { flags: ['-E', '--event'], value: '[TABLE]', text: 'print events as they come' },
  { flags: ['-G', '--get'], value: '[TABLE]', text: 'get one entry', simulated: false },
  { flags: ['-I', '--create'], value: '[TABLE]', text: 'make an entry', simulated: false },
  { flags: ['-U', '--update'], value: '[TABLE]', text: 'change an entry', simulated: false },
  { flags: ['-V', '--version'], text: 'version' },
  { flags: ['-h', '--help'], text: 'help' },
  { flags: ['-s', '--src', '--orig-src'], value: 'IP', text: 'source address of the first direction' },
  { flags: ['-d', '--dst', '--orig-dst'], value: 'IP', text: 'destination address of the first direction' },
  { flags: ['-r', '--reply-src'], value: 'IP', text: 'source address of the answers' },
  { flags: ['-q', '--reply-dst'], value: 'IP', text: 'destination address of the answers' },
  { flags: ['-p', '--protonum'], value: 'PROTOCOL', text: 'protocol' },
  { flags: ['-f', '--family'], value: 'FAMILY', text: 'ipv4 or ipv6' },
  { flags: ['-u', '--status'], value: 'STATUS', text: 'ASSURED, SEEN_REPLY, UNSET…' },
  { flags: ['-m', '--mark'], value: 'MARK[/MASK]', text: 'mark' },
  { flags: ['-n', '--src-nat'], value: '[IP]', text: 'whose source is translated' },
  { flags: ['-g', '--dst-nat'], value: '[IP]', text: 'whose destination is translated' },
  { flags: ['-j', '--any-nat'], value: '[IP]', text: 'which is translated' },
  { flags: ['-w', '--zone'], value: 'ZONE', text: 'zone' },
  { flags: ['-o', '--output'], value: 'FORMAT', text: 'extended, id' },
  { flags: ['-e', '--event-mask'], value: 'EVENTS', text: 'NEW, UPDATES, DESTROY' },
  { flags: ['-b', '--buffer-size'], value: 'BYTES', text: "size of the socket's buffer" },
  { flags: ['-t', '--timeout'], value: 'SECONDS', text: 'set the time left', simulated: false },
];

/** Options that a protocol brings with it. */
const OF_PORTS: readonly Option[] = [
  { flags: ['--sport', '--orig-port-src'], value: 'PORT', text: 'source port of the first direction' },
  { flags: ['--dport', '--orig-port-dst'], value: 'PORT', text: 'destination port of the first direction' },
  { flags: ['--reply-port-src'], value: 'PORT', text: 'source port of the answers' },
  { flags: ['--reply-port-dst'], value: 'PORT', text: 'destination port of the answers' },
];
const OF_TCP: readonly Option[] = [
  ...OF_PORTS,
  { flags: ['--state'], value: 'STATE', text: 'state of the connection' },
];
const OF_ICMP: readonly Option[] = [
  { flags: ['--icmp-type'], value: 'TYPE', text: 'type' },
  { flags: ['--icmp-code'], value: 'CODE', text: 'code' },
  { flags: ['--icmp-id'], value: 'ID', text: 'identifier' },
];

export const CONNTRACK_OPTIONS: readonly OptionSpec[] = [...OPTIONS, ...OF_TCP, ...OF_ICMP].map((one) => ({
  flags: one.flags,
  text: one.text,
  simulated: one.simulated ?? true,
  ...(one.value === undefined ? {} : { value: one.value }),
}));

const TABLES = ['conntrack', 'expect', 'dying', 'unconfirmed'] as const;
const VERBS = 'LDFCSEVh';

/** What the real tool could do and this one cannot. */
export class NotSimulated extends Error {}

export function parseArguments(args: readonly string[]): Request {
  return new Parser(args).parse();
}

class Parser {
  #at = 0;
  #verb: Verb | undefined;
  #table: Request['table'] = 'conntrack';
  #protocol: number | undefined;
  readonly #filters: Filter[] = [];
  readonly #given: Option[] = [];
  readonly #output = new Set<string>();
  readonly #events = new Set<string>();

  constructor(readonly args: readonly string[]) {}

  parse(): Request {
    while (this.#at < this.args.length) this.#option(this.args[this.#at++] as string);
    const verb = this.#verb ?? 'h';
    const illegal = 'FCSVh'.includes(verb)
      ? this.#given.find(({ flags }) => !flags[0]?.match(/^-[FCSVhbf]$/))
      : undefined;
    if (illegal !== undefined) throw new ConntrackError(`Illegal option \`${illegal.flags[1]}' with this command`);
    const { filters, table, output, events } = {
      filters: this.#filters,
      table: this.#table,
      output: this.#output,
      events: this.#events,
    };
    return { verb, table, output, events, filter: (entry) => filters.every((test) => test(entry)) };
  }

  #known(): readonly Option[] {
    if (this.#protocol === 6) return [...OPTIONS, ...OF_TCP];
    if (this.#protocol === 17 || this.#protocol === 132) return [...OPTIONS, ...OF_PORTS];
    return this.#protocol === 1 || this.#protocol === 58 ? [...OPTIONS, ...OF_ICMP] : OPTIONS;
  }

  #option(arg: string): void {
    if (!arg.startsWith('-')) throw new ConntrackError(`unknown option \`${arg}'`);
    const long = arg.startsWith('--');
    const [name, joined] = long ? arg.split('=') : [arg.slice(0, 2), arg.length > 2 ? arg.slice(2) : undefined];
    const option = this.#known().find(({ flags }) => flags.includes(name as string));
    if (option === undefined) throw new ConntrackError(`unknown option \`${arg}'`);
    if (option.simulated === false) throw new NotSimulated(option.flags[0]);
    this.#given.push(option);
    const optional = option.value?.startsWith('[') === true;
    const follows = this.args[this.#at];
    const next = optional ? (follows?.startsWith('-') ? undefined : follows) : follows;
    const value = option.value === undefined ? undefined : (joined ?? next);
    if (option.value !== undefined && !optional && value === undefined)
      throw new ConntrackError(`option \`${arg}' requires an argument`);
    if (value !== undefined && joined === undefined) this.#at++;
    const letter = option.flags[0]?.slice(1) ?? '';
    if (letter.length === 1 && VERBS.includes(letter)) this.#setVerb(letter as Verb, value);
    else this.#setFilter(option.flags[0] as string, value);
  }

  #setVerb(verb: Verb, table: string | undefined): void {
    if (this.#verb !== undefined) throw new ConntrackError("Can't use more than one command");
    this.#verb = verb;
    if (table === undefined) return;
    const found = TABLES.find((one) => one.startsWith(table));
    if (found === undefined) throw new ConntrackError(`unknown type \`${table}'`);
    this.#table = found;
  }

  #setFilter(flag: string, value = ''): void {
    const add = (test: Filter): void => {
      this.#filters.push(test);
    };
    switch (flag) {
      case '-s':
        return add(byAddress(value, (e) => e.original.src));
      case '-d':
        return add(byAddress(value, (e) => e.original.dst));
      case '-r':
        return add(byAddress(value, (e) => e.reply.src));
      case '-q':
        return add(byAddress(value, (e) => e.reply.dst));
      case '-p':
        return this.#setProtocol(value);
      case '-f':
        return add((e) => e.family === (value === 'ipv6' ? 6 : 4));
      case '-m':
        return add(byMark(value));
      case '-u':
        return add(byStatus(value));
      case '-n':
        return add((e) => e.natted.src && (value === '' || String(e.reply.dst) === value));
      case '-g':
        return add((e) => e.natted.dst && (value === '' || String(e.reply.src) === value));
      case '-j':
        return add((e) => e.natted.src || e.natted.dst);
      case '-w':
        return add((e) => e.zone.id === Number(value));
      case '-o':
        for (const word of value.split(',')) this.#output.add(word);
        return;
      case '-e':
        for (const word of value.split(',')) this.#events.add(word.toUpperCase().replace(/S$/, ''));
        return;
      default:
        return this.#setProtocolFilter(flag, value, add);
    }
  }

  #setProtocol(text: string): void {
    const protocol = protocolNumber(text);
    if (protocol === undefined) throw new ConntrackError(`\`${text}' unsupported protocol`);
    this.#protocol = protocol;
    this.#filters.push((e) => e.original.protocol === protocol);
  }

  #setProtocolFilter(flag: string, value: string, add: (test: Filter) => void): void {
    const number = Number(value);
    const fields: Readonly<Record<string, (e: ConntrackEntry) => number>> = {
      '--sport': (e) => e.original.sport,
      '--dport': (e) => e.original.dport,
      '--reply-port-src': (e) => e.reply.sport,
      '--reply-port-dst': (e) => e.reply.dport,
      '--icmp-type': (e) => e.original.dport >> 8,
      '--icmp-code': (e) => e.original.dport & 255,
      '--icmp-id': (e) => e.original.sport,
    };
    const field = fields[flag];
    if (field !== undefined) add((e) => field(e) === number);
    else if (flag === '--state') {
      if (!TCP_WORDS.includes(value)) throw new ConntrackError(`unknown TCP state \`${value}'`);
      add((e) => e.tcp === value);
    }
  }
}

const TCP_WORDS = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'LISTEN',
];

function byAddress(text: string, of: (entry: ConntrackEntry) => Ip): Filter {
  const cidr = Cidr.parse(text);
  if (cidr === undefined) throw new ConntrackError(`Invalid IP address \`${text}'`);
  return (entry) => cidr.contains(of(entry));
}

function byMark(text: string): Filter {
  const [mark = 0, mask = 0xffff_ffff] = text.split('/').map(Number);
  return (entry) => (entry.mark & mask) >>> 0 === mark;
}

const STATUSES: Readonly<Record<string, Filter>> = {
  ASSURED: (e) => e.assured,
  SEEN_REPLY: (e) => e.seenReply,
  UNSET: (e) => !e.seenReply && !e.assured,
  CONFIRMED: (e) => e.confirmed,
  SRC_NAT: (e) => e.natted.src,
  DST_NAT: (e) => e.natted.dst,
  FIXED_TIMEOUT: () => false,
  EXPECTED: () => false,
  OFFLOAD: () => false,
  HW_OFFLOAD: () => false,
};

function byStatus(text: string): Filter {
  const tests = text.split(',').map((word) => {
    const test = STATUSES[word.toUpperCase()];
    if (test === undefined) throw new ConntrackError(`Bad parameter \`${word}'`);
    return test;
  });
  return (entry) => tests.every((test) => test(entry));
}
