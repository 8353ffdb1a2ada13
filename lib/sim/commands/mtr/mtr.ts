import { type Ip, type Micros, SECOND } from '../../base/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import { type Process, strftime, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { dnsPart, getAddresses, getName } from '../socket/resolve.ts';
import { icmpProber, type Prober } from '../traceroute/probes.ts';

/** mtr 0.95, its report. */
export const mtr: CommandSpec = {
  name: 'mtr',
  path: '/usr/bin/mtr',
  summary: 'a network diagnostic tool: the report of hops, losses and times',
  options: [
    option('-r --report', 'print a report and end'),
    option('-w --report-wide', 'a report with whole names'),
    option('-c --report-cycles', 'how often to probe each hop', 'COUNT'),
    option('-n --no-dns', 'numbers instead of names'),
    option('-i --interval', 'seconds between two rounds', 'SECONDS'),
    option('-m --max-ttl', 'the farthest hop', 'NUMBER'),
    option('-f --first-ttl', 'the first hop', 'NUMBER'),
    option('-s --psize', 'the size of a probe', 'PACKETSIZE'),
    option('-G --gracetime', 'seconds to wait for the last answers', 'SECONDS'),
    option('-4', 'IPv4'),
    option('-6', 'IPv6'),
    missing('-T --tcp', 'probe by TCP'),
    missing('-u --udp', 'probe by UDP'),
    missing('-b --show-ips', 'names and numbers'),
    missing('-j --json', 'a report as JSON'),
    missing('-x --xml', 'a report as XML'),
    missing('-C --csv', 'a report as CSV'),
    missing('-l --raw', 'raw output'),
    missing('-z --aslookup', 'AS numbers'),
    missing('-o --order', 'which columns', 'FIELDS'),
    missing('-t --curses', 'the screen'),
  ],
  modules: [inet],
  parts: [dnsPart],
  run,
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, mtr, { status: 1 });
  if (typeof parsed === 'number') return parsed;
  if (!parsed.has('-r') && !parsed.has('-w')) return yield* notSimulated(process, 'mtr', 'the screen (only -r)');
  const host = parsed.operands[0] ?? 'localhost';
  const family = parsed.has('-6') ? 6 : parsed.has('-4') ? 4 : undefined;
  const found = yield* getAddresses(process, node, host, { family });
  const target = found.ok ? found.addresses[0] : undefined;
  if (target === undefined) {
    yield* process.printError(`mtr: Failed to resolve host: ${host}: ${found.ok ? '' : found.message}\n`);
    return 0;
  }
  return yield* new Report(process, node, parsed, target).run();
}

/** What is known of one hop. Times in milliseconds. */
class Hop {
  readonly addresses: Ip[] = [];
  sent = 0;
  readonly times: number[] = [];

  get cells(): string {
    const { times, sent } = this;
    const mean = times.reduce((sum, time) => sum + time, 0) / Math.max(times.length, 1);
    const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
    const deviation = times.length > 1 ? Math.sqrt(squares / (times.length - 1)) : 0;
    const loss = sent === 0 ? 0 : (100 * (sent - times.length)) / sent;
    const [best, worst] = times.length === 0 ? [0, 0] : [Math.min(...times), Math.max(...times)];
    const numbers = [mean, best, worst, deviation].map((value) => value.toFixed(1).padStart(6)).join('');
    return `${`${loss.toFixed(1)}%`.padStart(5).slice(0, 5)}${String(sent).padStart(6)}${(times.at(-1) ?? 0).toFixed(1).padStart(7)}${numbers}`;
  }
}

/** Hops without an answer behind which mtr looks no further. */
const MAX_UNKNOWN = 5;
/** How many hops a round is reckoned with while it is not known how many there are. */
const FIRST_GUESS = 10;

class Report {
  readonly #hops: Hop[] = [];
  readonly #sent = new Map<number, { ttl: number; at: Micros }>();
  readonly #prober: Prober;
  /** The hop at which something ended the way. */
  #end: number | undefined;
  #number = 0;

  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly parsed: Parsed,
    target: Ip,
  ) {
    const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
    const size = Number(parsed.value('-s') ?? 64) || 64;
    this.#prober = icmpProber({ ns, target, dataLength: Math.max(0, size - 28), socket: {}, id: process.pid & 0xffff });
  }

  #option(flag: string, otherwise: number): number {
    return Number(this.parsed.value(flag) ?? otherwise) || otherwise;
  }

  *run(): Generator<Wait, number, void> {
    const { epoch, events } = this.process.machine;
    const start = strftime('%Y-%m-%dT%H:%M:%S%z', epoch + events.now);
    try {
      const interval = this.#option('-i', 1) * SECOND;
      for (let round = 0; round < this.#option('-c', 10); round++) yield* this.#round(interval);
      yield* this.#listen(events.now + this.#option('-G', 5) * SECOND);
    } finally {
      this.#prober.close();
    }
    yield* this.process.print(`Start: ${start}\n${yield* this.#table()}`);
    return 0;
  }

  /** A probe to each hop in turn, spread over the interval. */
  *#round(interval: Micros): Generator<Wait, void, void> {
    const { events } = this.process.machine;
    const pause = Math.floor(interval / (this.#end ?? FIRST_GUESS));
    for (let ttl = this.#option('-f', 1); ttl <= this.#option('-m', 30); ttl++) {
      if (this.#end !== undefined && ttl > this.#end) break;
      const known = this.#hops.findLastIndex((hop) => hop !== undefined && hop.addresses.length > 0) + 1;
      if (ttl - known > MAX_UNKNOWN) break;
      this.#send(ttl);
      yield* this.#listen(events.now + pause);
    }
  }

  #hop(ttl: number): Hop {
    while (this.#hops.length < ttl) this.#hops.push(new Hop());
    return this.#hops[ttl - 1] as Hop;
  }

  #send(ttl: number): void {
    this.#hop(ttl).sent++;
    this.#sent.set(this.#number, { ttl, at: this.process.machine.events.now });
    this.#prober.send(this.#number++, ttl);
  }

  *#listen(until: Micros): Generator<Wait, void, void> {
    const { events } = this.process.machine;
    while (events.now < until) {
      this.#take();
      if (this.#sent.size === 0 && until - events.now > SECOND) return;
      yield { queues: [this.#prober.readable], until };
    }
    this.#take();
  }

  #take(): void {
    for (const { probe, at, from, last } of this.#prober.answers()) {
      const sent = this.#sent.get(probe);
      if (sent === undefined) continue;
      this.#sent.delete(probe);
      const hop = this.#hop(sent.ttl);
      if (!hop.addresses.includes(from)) hop.addresses.push(from);
      hop.times.push((at - sent.at) / 1000);
      if (last) this.#end = Math.min(this.#end ?? sent.ttl, sent.ttl);
    }
  }

  *#table(): Generator<Wait, string, void> {
    const last = this.#end ?? this.#hops.findLastIndex(({ addresses }) => addresses.length > 0) + 2;
    const shown = this.#hops.slice(0, last);
    const names: string[] = [];
    for (const hop of shown) names.push(yield* this.#name(hop));
    const wide = this.parsed.has('-w');
    const { hostname } = this.process.machine;
    const width = wide ? Math.max(...names.map(({ length }) => length), hostname.length) + 1 : 26;
    const head = `HOST: ${hostname.padEnd(wide ? width : 28)}Loss%   Snt   Last   Avg  Best  Wrst StDev\n`;
    const lines = shown.map((hop, i) => {
      const name = names[i] as string;
      return `${String(i + 1).padStart(3)}.|-- ${(wide ? name : name.slice(0, 25)).padEnd(width)}${hop.cells}\n`;
    });
    return head + lines.join('');
  }

  *#name({ addresses }: Hop): Generator<Wait, string, void> {
    const [address] = addresses;
    if (address === undefined) return '???';
    if (this.parsed.has('-n')) return String(address);
    const found = yield* getName(this.process, this.node, address);
    return found.kind === 'name' ? found.name : String(address);
  }
}
