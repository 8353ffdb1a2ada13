import type { OptionSpec } from '../command.ts';
import { protocolNumber } from './protocol.ts';

/** Ends conntrack with exit status 2 and the hint at --help. */
export class ConntrackError extends Error {}

/** What the real tool could do and this one cannot. */
export class NotSimulated extends Error {}

export type Verb = 'L' | 'D' | 'F' | 'C' | 'S' | 'E' | 'G' | 'I' | 'U' | 'V' | 'h';

/** The command line, taken apart: values by the first spelling of their options. */
export type Arguments = {
  readonly verb: Verb;
  /** `expect` is empty here: nothing expects connections. */
  readonly table: 'conntrack' | 'expect' | 'dying' | 'unconfirmed';
  readonly values: ReadonlyMap<string, string>;
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
  { flags: ['-G', '--get'], value: '[TABLE]', text: 'get one entry' },
  { flags: ['-I', '--create'], value: '[TABLE]', text: 'make an entry' },
  { flags: ['-U', '--update'], value: '[TABLE]', text: 'change an entry' },
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
  { flags: ['--orig-zone'], value: 'ZONE', text: 'zone of the first direction' },
  { flags: ['--reply-zone'], value: 'ZONE', text: 'zone of the answers' },
  { flags: ['-z', '--zero'], text: 'counters to 0 while listing' },
  { flags: ['-o', '--output'], value: 'FORMAT', text: 'extended, id, xml, save, timestamp' },
  { flags: ['-e', '--event-mask'], value: 'EVENTS', text: 'NEW, UPDATES, DESTROY' },
  { flags: ['-b', '--buffer-size'], value: 'BYTES', text: "size of the socket's buffer" },
  { flags: ['-l', '--label'], value: 'LABEL', text: 'labels', simulated: false },
  { flags: ['-c', '--secmark'], value: 'SECMARK', text: 'security mark', simulated: false },
  { flags: ['-t', '--timeout'], value: 'SECONDS', text: 'set the time left' },
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
const VERBS = 'LDFCSEGIUVh';
/** Commands that take no parameters of connections. */
const BARE = 'FCSVh';

export function parseArguments(args: readonly string[]): Arguments {
  return new Parser(args).parse();
}

class Parser {
  #at = 0;
  #verb: Verb | undefined;
  #table: Arguments['table'] = 'conntrack';
  #protocol: number | undefined;
  readonly #given: Option[] = [];
  readonly #values = new Map<string, string>();

  constructor(readonly args: readonly string[]) {}

  parse(): Arguments {
    while (this.#at < this.args.length) this.#option(this.args[this.#at++] as string);
    const verb = this.#verb ?? 'h';
    const illegal = BARE.includes(verb) ? this.#given.find(({ flags }) => !flags[0]?.match(/^-[FCSVhbf]$/)) : undefined;
    if (illegal !== undefined) throw new ConntrackError(`Illegal option \`${illegal.flags[1]}' with this command`);
    return { verb, table: this.#table, values: this.#values };
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
    const value = this.#value(arg, option, joined);
    const letter = option.flags[0]?.slice(1) ?? '';
    if (letter.length === 1 && VERBS.includes(letter)) this.#setVerb(letter as Verb, value);
    else this.#set(option.flags[0] as string, value ?? '');
  }

  #value(arg: string, { value: wanted }: Option, joined: string | undefined): string | undefined {
    if (wanted === undefined) return undefined;
    const optional = wanted.startsWith('[');
    const follows = this.args[this.#at];
    const next = optional && follows?.startsWith('-') === true ? undefined : follows;
    const value = joined ?? next;
    if (!optional && value === undefined) throw new ConntrackError(`option \`${arg}' requires an argument`);
    if (value !== undefined && joined === undefined) this.#at++;
    return value;
  }

  #setVerb(verb: Verb, table: string | undefined): void {
    if (this.#verb !== undefined) throw new ConntrackError('Invalid commands combination');
    this.#verb = verb;
    if (table === undefined) return;
    const found = TABLES.find((one) => one.startsWith(table));
    if (found === undefined) throw new ConntrackError(`unknown type \`${table}'`);
    this.#table = found;
  }

  #set(flag: string, value: string): void {
    if (flag === '-p') {
      this.#protocol = protocolNumber(value);
      if (this.#protocol === undefined) throw new ConntrackError(`\`${value}' unsupported protocol`);
    }
    if (flag === '-f' && value !== 'ipv4' && value !== 'ipv6')
      throw new ConntrackError(`\`${value}' unsupported protocol`);
    this.#values.set(flag, value);
  }
}
