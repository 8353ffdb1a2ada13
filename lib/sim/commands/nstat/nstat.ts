import { decodeText, type Process, type Wait } from '../../os/index.ts';
import { Pattern } from '../../shell/index.ts';
import type { CommandSpec } from '../command.ts';
import { getopt, type Parsed } from '../getopt.ts';

const USAGE = `Usage: nstat [OPTION] [ PATTERN [ PATTERN ] ]
   -h, --help          this message
   -a, --ignore        ignore history
   -d, --scan=SECS     sample every statistics every SECS
   -j, --json          format output in JSON
   -n, --nooutput      do history only
   -p, --pretty        pretty print
   -r, --reset         reset history
   -s, --noupdate      don't update history
   -t, --interval=SECS report average over the last SECS
   -V, --version       output version information
   -z, --zeros         show entries with zero activity
`;

/** Where the counters of the last run are kept, for user 0. */
const HISTORY = '/tmp/.nstat.u0';

type Counters = Map<string, bigint>;

/** nstat of iproute2 6.1: the kernel's protocol counters, or how much they grew since the last look. */
export const nstat: CommandSpec = {
  name: 'nstat',
  path: '/usr/bin/nstat',
  summary: 'network statistics: the counters of the kernel, and their growth',
  options: [
    { flags: ['-h', '--help'], text: 'this message', simulated: true },
    { flags: ['-a', '--ignore'], text: 'ignore history', simulated: true },
    { flags: ['-d', '--scan'], value: 'SECS', text: 'sample every statistics every SECS', simulated: false },
    { flags: ['-j', '--json'], text: 'format output in JSON', simulated: true },
    { flags: ['-n', '--nooutput'], text: 'do history only', simulated: true },
    { flags: ['-p', '--pretty'], text: 'pretty print', simulated: true },
    { flags: ['-r', '--reset'], text: 'reset history', simulated: true },
    { flags: ['-s', '--noupdate'], text: "don't update history", simulated: true },
    { flags: ['-t', '--interval'], value: 'SECS', text: 'report average over the last SECS', simulated: false },
    { flags: ['-V', '--version'], text: 'output version information', simulated: true },
    { flags: ['-z', '--zeros'], text: 'show entries with zero activity', simulated: true },
  ],
  *run(process) {
    const parsed = yield* getopt(process, nstat, { usage: USAGE.trimEnd(), status: 255 });
    if (typeof parsed === 'number') return parsed;
    if (parsed.has('-V')) return yield* print(process, 'nstat utility, iproute2-6.1.0\n');
    if (parsed.has('-h')) return yield* print(process, USAGE);
    return yield* report(process, parsed);
  },
};

function* print(process: Process, text: string): Generator<Wait, number, void> {
  yield* process.print(text);
  return 0;
}

function* report(process: Process, parsed: Parsed): Generator<Wait, number, void> {
  const now = readCounters(process);
  const before: Counters = parsed.has('-a') || parsed.has('-r') ? new Map() : readHistory(process);
  if (!parsed.has('-n')) {
    const patterns = parsed.operands.map((operand) => new Pattern(operand));
    const shown = [...now]
      .map(([name, value]) => [name, grown(value, before.get(name))] as const)
      .filter(([, value]) => value !== 0n || parsed.has('-z'))
      .filter(([name]) => patterns.length === 0 || patterns.some((pattern) => pattern.matches(name)));
    yield* process.print(parsed.has('-j') ? json(shown, parsed.has('-p')) : plain(shown));
  }
  if (!parsed.has('-s')) process.machine.fs.writeFile(HISTORY, plain([...now]), { mode: 0o600 });
  return 0;
}

/** What a counter grew by; one that is smaller than it was belongs to another namespace. */
const grown = (value: bigint, before: bigint | undefined): bigint =>
  before === undefined || before > value ? value : value - before;

const plain = (counters: readonly (readonly [string, bigint])[]): string =>
  `#kernel\n${counters.map(([name, value]) => `${name.padEnd(32)}${String(value).padEnd(16)}${'0.0'.padStart(6)}\n`).join('')}`;

function json(counters: readonly (readonly [string, bigint])[], pretty: boolean): string {
  const entries = counters.map(([name, value]) => `"${name}":${pretty ? ' ' : ''}${value}`);
  if (!pretty) return `{"kernel":{${entries.join(',')}}}\n`;
  return `{\n    "kernel": {\n${entries.map((entry) => `        ${entry}`).join(',\n')}\n    }\n}\n`;
}

/** The counters of /proc/net/snmp, snmp6 and netstat, named by section and column. Settings among them do not count. */
function readCounters(process: Process): Counters {
  const counters: Counters = new Map();
  for (const [name, value] of [
    ...sections(read(process, 'snmp')),
    ...pairs(read(process, 'snmp6')),
    ...sections(read(process, 'netstat')),
  ])
    if (!SETTINGS.has(name)) counters.set(name, value);
  return counters;
}

const SETTINGS = new Set([
  'IpForwarding',
  'IpDefaultTTL',
  'TcpRtoAlgorithm',
  'TcpRtoMin',
  'TcpRtoMax',
  'TcpMaxConn',
  'TcpCurrEstab',
]);

function read(process: Process, name: string): string {
  const file = process.machine.fs.readFile(`/proc/net/${name}`, process);
  return file.ok ? decodeText(file.value) : '';
}

/** Two lines each: `Ip: NAME…` and `Ip: VALUE…`. */
function sections(text: string): [string, bigint][] {
  const lines = text.split('\n').filter((line) => line !== '');
  const found: [string, bigint][] = [];
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [section = '', ...names] = (lines[i] as string).split(' ');
    const values = (lines[i + 1] as string).split(' ').slice(1);
    names.forEach((name, at) => found.push([section.replace(':', '') + name, BigInt(values[at] ?? 0)]));
  }
  return found;
}

const pairs = (text: string): [string, bigint][] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/))
    .map(([name = '', value = '0']) => [name, BigInt(value)]);

function readHistory(process: Process): Counters {
  const file = process.machine.fs.readFile(HISTORY, process);
  if (!file.ok) return new Map();
  const lines = decodeText(file.value).split('\n').slice(1);
  return new Map(
    lines.flatMap((line) => {
      const match = /^(\S+)\s+(\d+)/.exec(line);
      return match === null ? [] : [[match[1] as string, BigInt(match[2] as string)] as const];
    }),
  );
}
