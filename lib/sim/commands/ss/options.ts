import type { OptionSpec } from '../command.ts';
import type { Given } from '../getopt.ts';
import { ALL, CONNECTED, LISTENING, type StateSet } from './states.ts';

const option = (flags: string, text: string, value?: string): OptionSpec => ({
  flags: flags.split(' '),
  text,
  simulated: true,
  ...(value === undefined ? {} : { value }),
});
const absent = (flags: string, text: string, value?: string): OptionSpec => ({
  ...option(flags, text, value),
  simulated: false,
});

export const OPTIONS: readonly OptionSpec[] = [
  option('-h --help', 'this message'),
  option('-V -v --version', 'output version information'),
  option('-n --numeric', "don't resolve service names"),
  option('-r --resolve', 'resolve host names'),
  option('-a --all', 'display all sockets'),
  option('-l --listening', 'display listening sockets'),
  option('-o --options', 'show timer information'),
  option('-e --extended', 'show detailed socket information'),
  option('-m --memory', 'show socket memory usage'),
  option('-p --processes', 'show process using socket'),
  absent('-T --threads', 'show thread using socket'),
  option('-i --info', 'show internal TCP information'),
  absent('--tipcinfo', 'show internal tipc socket information'),
  option('-s --summary', 'show socket usage summary'),
  absent('--tos', 'show tos and priority information'),
  absent('--cgroup', 'show cgroup information'),
  absent('-b --bpf', 'show bpf filter socket information'),
  absent('-E --events', 'continually display sockets as they are destroyed'),
  option('-Z --context', 'display task SELinux security contexts'),
  option('-z --contexts', 'display task and socket SELinux security contexts'),
  option('-N --net', 'switch to the specified network namespace name', 'NETNS'),
  option('-4 --ipv4', 'display only IP version 4 sockets'),
  option('-6 --ipv6', 'display only IP version 6 sockets'),
  option('-0 --packet', 'display PACKET sockets'),
  option('-t --tcp', 'display only TCP sockets'),
  option('-M --mptcp', 'display only MPTCP sockets'),
  option('-S --sctp', 'display only SCTP sockets'),
  option('-u --udp', 'display only UDP sockets'),
  option('-d --dccp', 'display only DCCP sockets'),
  option('-w --raw', 'display only RAW sockets'),
  option('-x --unix', 'display only Unix domain sockets'),
  option('--tipc', 'display only TIPC sockets'),
  option('--vsock', 'display only vsock sockets'),
  option('--xdp', 'display only XDP sockets'),
  option('-f --family', 'display sockets of type FAMILY', 'FAMILY'),
  absent('-K --kill', 'forcibly close sockets, display what was closed'),
  option('-H --no-header', 'Suppress header line'),
  option('-O --oneline', "socket's data printed on a single line"),
  absent('--inet-sockopt', 'show various inet socket options'),
  option('-A --query --socket', 'display only the sockets of these tables', 'QUERY'),
  absent('-D --diag', 'Dump raw information about TCP sockets to FILE', 'FILE'),
  absent('-F --filter', 'read filter information from FILE', 'FILE'),
];

/** Tables of sockets (enum MAX_DB); in most of them there is never anything here. */
type Table = 'tcp' | 'udp' | 'raw' | 'other' | 'others';

/** What each table shows when no state is asked for. */
const TABLE_STATES: Readonly<Record<Table, StateSet>> = {
  tcp: CONNECTED,
  udp: new Set(['ESTABLISHED']),
  raw: new Set(['ESTABLISHED']),
  other: CONNECTED,
  others: CONNECTED,
};

const QUERIES: Readonly<Record<string, readonly Table[]>> = {
  all: ['tcp', 'udp', 'raw', 'others'],
  inet: ['tcp', 'udp', 'raw', 'others'],
  tcp: ['tcp'],
  udp: ['udp'],
  raw: ['raw'],
  mptcp: ['other'],
  dccp: ['other'],
  sctp: ['other'],
  unix: ['others'],
  packet: ['others'],
  netlink: ['other'],
  tipc: ['other'],
  xdp: ['other'],
};
for (const name of [
  'unix_stream',
  'unix_dgram',
  'unix_seqpacket',
  'packet_raw',
  'packet_dgram',
  'vsock_stream',
  'vsock_dgram',
])
  Object.assign(QUERIES, { [name]: ['other'] });

const FLAG_TABLES: Readonly<Record<string, readonly Table[]>> = {
  '-t': ['tcp'],
  '-u': ['udp'],
  '-w': ['raw'],
  '-M': ['other'],
  '-S': ['other'],
  '-d': ['other'],
  '-x': ['others'],
  '-0': ['others'],
  '--vsock': ['others'],
  '--tipc': ['other'],
  '--xdp': ['other'],
};

export type Query = {
  readonly tables: ReadonlySet<Table>;
  readonly families: ReadonlySet<4 | 6>;
  /** undefined: what the tables show by themselves. */
  states: StateSet | undefined;
};

const OTHER_FAMILIES = new Set(['link', 'unix', 'netlink', 'tipc', 'vsock', 'xdp']);

/** What the options ask for; a text is ss's complaint. */
export function queryOf(given: readonly Given[]): Query | string {
  const asked = new Asked();
  for (const { flag, value = '' } of given) {
    const complaint = asked.take(flag, value);
    if (complaint !== undefined) return complaint;
  }
  return asked.query();
}

class Asked {
  readonly #tables = new Set<Table>();
  readonly #families = new Set<4 | 6>();
  /** Of the tables that options name. */
  readonly #defaults: StateSet[] = [];
  #states: StateSet | undefined;
  #sawQuery = false;

  take(flag: string, value: string): string | undefined {
    for (const table of FLAG_TABLES[flag] ?? []) {
      this.#tables.add(table);
      this.#defaults.push(TABLE_STATES[table]);
    }
    switch (flag) {
      case '-a':
        this.#states = ALL;
        return undefined;
      case '-l':
        this.#states = LISTENING;
        return undefined;
      case '-4':
      case '-6':
        this.#families.add(flag === '-4' ? 4 : 6);
        return undefined;
      case '-f':
        return this.#family(value);
      case '-A':
        return this.#tablesOf(value);
      default:
        return undefined;
    }
  }

  #family(name: string): string | undefined {
    if (name === 'inet' || name === 'inet6') this.#families.add(name === 'inet' ? 4 : 6);
    else if (OTHER_FAMILIES.has(name)) this.#tables.add('others');
    else return `ss: "${name}" is invalid family\n`;
    return undefined;
  }

  /** `tcp,udp`, `all,!tcp` */
  #tablesOf(list: string): string | undefined {
    if (!this.#sawQuery) this.#tables.clear();
    this.#sawQuery = true;
    this.#states ??= CONNECTED;
    for (const name of list.split(',')) {
      const bare = name.replace(/^!/, '');
      const known = Object.hasOwn(QUERIES, bare) ? QUERIES[bare] : undefined;
      if (known === undefined) return `ss: "${name}" is illegal socket table id\n`;
      for (const table of known) {
        if (name.startsWith('!')) this.#tables.delete(table);
        else this.#tables.add(table);
      }
    }
    return undefined;
  }

  query(): Query {
    const tables = this.#tables.size > 0 ? this.#tables : new Set<Table>(['tcp', 'udp', 'raw', 'others']);
    if (this.#defaults.length === 0) this.#defaults.push(CONNECTED);
    return {
      tables,
      families: this.#families.size > 0 ? this.#families : new Set([4, 6] as const),
      states: this.#states ?? new Set(this.#defaults.flatMap((set) => [...set])),
    };
  }
}
