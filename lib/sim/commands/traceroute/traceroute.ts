import { Ip, MILLISECOND, type Micros, SECOND, strerror } from '../../base/index.ts';
import { dumpAddrs, getLink, type NetNs, routeConnect } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { resolveHost, reverseHost } from '../names.ts';
import { TRACEROUTE_OPTIONS } from './options.ts';
import { type Answer, icmpProber, type Prober, udpProber } from './probes.ts';
import { TRACEROUTE_USAGE } from './usage.ts';

/** Ends traceroute: `text` on standard error, then exit. */
class TracerouteError extends Error {
  constructor(
    readonly text: string,
    readonly status: number,
  ) {
    super(text);
  }
}

type Settings = {
  readonly host: string;
  readonly target: Ip;
  readonly length: number;
  readonly first: number;
  readonly maxHops: number;
  readonly queries: number;
  readonly atOnce: number;
  readonly numeric: boolean;
  /** Seconds, and how many times the time of an answer from the same or the next hop. */
  readonly wait: { readonly max: number; readonly here: number; readonly near: number };
  readonly pause: Micros;
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, traceroute, { usage: '', status: 2 });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('-V')) {
    yield* process.print(
      'Modern traceroute for Linux, version 2.1.2\nCopyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later\n',
    );
    return 0;
  }
  if (parsed.has('--help') || parsed.operands.length === 0) {
    yield* process.print(TRACEROUTE_USAGE);
    return 0;
  }
  try {
    return yield* trace(process, node, parsed);
  } catch (error) {
    if (!(error instanceof TracerouteError)) throw error;
    yield* process.printError(error.text);
    return error.status;
  }
}

function* trace(process: Process, node: Node, parsed: Parsed): Generator<Wait, number, void> {
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  const netnsName = namedNamespaces(node).nameOf(process.netns);
  const settings = settingsOf(process, parsed, netnsName);
  const { target, maxHops, length } = settings;
  yield* process.print(`traceroute to ${settings.host} (${target}), ${maxHops} hops max, ${length} byte packets\n`);
  const prober = openProber(process, ns, parsed, settings);
  try {
    yield* new Trace(process, settings, prober, netnsName).run();
    return 0;
  } finally {
    prober.close();
  }
}

function settingsOf(process: Process, parsed: Parsed, netnsName: string | undefined): Settings {
  const [host = '', lengthText] = parsed.operands;
  const family = parsed.has('-6') ? 6 : parsed.has('-4') ? 4 : undefined;
  const resolved = resolveHost(process, host, netnsName);
  if (!resolved.ok)
    throw new TracerouteError(
      `${host}: ${resolved.message}\nCannot handle "host" cmdline arg \`${host}' on position 1 (argc 1)\n`,
      2,
    );
  const target = resolved.addresses.find((ip) => family === undefined || ip.family === family);
  if (target === undefined)
    throw new TracerouteError(
      `${host}: Address family for hostname not supported\nCannot handle "host" cmdline arg \`${host}' on position 1 (argc 1)\n`,
      2,
    );
  const number = (flag: string, fallback: number): number => Number(parsed.value(flag) ?? fallback);
  const settings: Settings = {
    host,
    target,
    length: lengthText === undefined ? (target.family === 4 ? 60 : 80) : Number(lengthText),
    first: number('-f', 1),
    maxHops: number('-m', 30),
    queries: number('-q', 3),
    atOnce: number('-N', 16),
    numeric: parsed.has('-n'),
    wait: waits(parsed.value('-w')),
    pause: pauseOf(parsed.value('-z')),
  };
  check(settings);
  return settings;
}

function check({ first, maxHops, queries, length }: Settings): void {
  const fail = (text: string): never => {
    throw new TracerouteError(`${text}\n`, 2);
  };
  if (!(first > 0) || first > maxHops) fail('first hop out of range');
  if (!(maxHops <= 255)) fail('max hops cannot be more than 255');
  if (!(queries >= 1 && queries <= 10)) fail('no more than 10 probes per hop');
  if (!(length <= 65_000)) fail('too big packetlen specified');
}

function waits(text: string | undefined): Settings['wait'] {
  const [max = 5, here = 3, near = 10] = (text ?? '')
    .split(',')
    .map((part) => (part === '' ? undefined : Number(part)));
  if (!(max >= 0 && here >= 0 && near >= 0)) throw new TracerouteError(`bad wait specifications \`${text}' used\n`, 2);
  return {
    max,
    here: text !== undefined && !text.includes(',') ? 0 : here,
    near: text !== undefined && !text.includes(',') ? 0 : near,
  };
}

/** More than 10 are milliseconds, else seconds. */
function pauseOf(text: string | undefined): Micros {
  const value = Number(text ?? 0);
  return value > 10 ? value * MILLISECOND : value * SECOND;
}

function openProber(process: Process, ns: NetNs, parsed: Parsed, { target, length }: Settings): Prober {
  const device = parsed.value('-i');
  const oif = device === undefined ? undefined : getLink(ns, device)?.ifindex;
  if (device !== undefined && oif === undefined)
    throw new TracerouteError('setsockopt SO_BINDTODEVICE: No such device\n', 1);
  const source = sourceOf(ns, parsed.value('-s'));
  const tos = parsed.value('-t') === undefined ? undefined : Number(parsed.value('-t'));
  const socket = { ...(oif !== undefined && { oif }), ...(source && { source }), ...(tos !== undefined && { tos }) };
  const way = routeConnect(ns, { dst: target, ...(oif !== undefined && { oif }), ...(source && { src: source }) });
  if (!way.ok) throw new TracerouteError(`connect: ${strerror(way.error.errno)}\n`, 1);
  const headers = (target.family === 4 ? 20 : 40) + 8;
  const options = { ns, target, dataLength: Math.max(0, length - headers), socket };
  if (parsed.has('-I')) return icmpProber({ ...options, id: process.pid & 0xffff });
  const port = parsed.value('-p');
  const sourcePort = process.machine.random.int(32_768, 60_999);
  return udpProber({ ...options, sourcePort, ...(port !== undefined && { firstPort: Number(port) }) });
}

function sourceOf(ns: NetNs, text: string | undefined): Ip | undefined {
  if (text === undefined) return undefined;
  const source = Ip.parse(text);
  if (source === undefined) throw new TracerouteError(`Bad source address \`${text}'\n`, 2);
  if (!dumpAddrs(ns).some((entry) => entry.local === source))
    throw new TracerouteError('bind: Cannot assign requested address\n', 1);
  return source;
}

type Probe = { sentAt: Micros | undefined; answer: Answer | undefined; given: boolean };

/** The probes of all hops, sent a few at once, told in order (do_it() of traceroute.c). */
class Trace {
  readonly #probes: Probe[];
  #end: number;

  constructor(
    private readonly process: Process,
    private readonly settings: Settings,
    private readonly prober: Prober,
    private readonly netnsName: string | undefined,
  ) {
    this.#end = settings.maxHops * settings.queries;
    this.#probes = Array.from({ length: this.#end }, () => ({ sentAt: undefined, answer: undefined, given: false }));
  }

  get #now(): Micros {
    return this.process.machine.events.now;
  }

  *run(): Generator<Wait, void, void> {
    const { settings, process } = this;
    let told = (settings.first - 1) * settings.queries;
    let lastSent = Number.NEGATIVE_INFINITY;
    while (told < this.#end) {
      lastSent = yield* this.#sendSome(told, lastSent);
      this.#collect();
      while (told < this.#end && this.#isDecided(told)) yield* this.#tell(told++);
      if (told >= this.#end) break;
      const until = Math.min(
        this.#deadline(told),
        settings.pause > 0 ? lastSent + settings.pause : Number.POSITIVE_INFINITY,
      );
      yield* process.waitFor(() => this.#collect(), [this.prober.readable], Math.max(until, this.#now + 1));
    }
  }

  /** As many as may be under way, from the first that has no answer. */
  *#sendSome(from: number, lastSent: Micros): Generator<Wait, Micros, void> {
    const { settings, prober, process } = this;
    let under = 0;
    let last = lastSent;
    for (let i = from; i < this.#end && under < settings.atOnce; i++) {
      const probe = this.#probes[i] as Probe;
      if (probe.sentAt === undefined) {
        if (this.#now < last + settings.pause) break;
        const sent = prober.send(i, Math.floor(i / settings.queries) + 1);
        if (!sent.ok) {
          if (sent.error.errno !== 'ENOBUFS') throw new TracerouteError(`send: ${strerror(sent.error.errno)}\n`, 1);
        }
        probe.sentAt = this.#now;
        last = this.#now;
        yield* process.sleep(SEND_COST);
        this.#collect();
      }
      if (probe.answer === undefined && !this.#expired(i)) under++;
    }
    return last;
  }

  #collect(): boolean {
    const answers = this.prober.answers();
    for (const answer of answers) {
      const probe = this.#probes[answer.probe];
      if (probe === undefined || probe.sentAt === undefined || probe.answer !== undefined) continue;
      probe.answer = answer;
      const hop = Math.floor(answer.probe / this.settings.queries);
      if (answer.last) this.#end = Math.min(this.#end, (hop + 1) * this.settings.queries);
    }
    return answers.length > 0;
  }

  /** When the probe is given up: after -w, or sooner when its hop or the next one has answered and how fast. */
  #deadline(index: number): Micros {
    const probe = this.#probes[index] as Probe;
    if (probe.sentAt === undefined) return this.#now + this.settings.wait.max * SECOND;
    const { max, here, near } = this.settings.wait;
    const hop = Math.floor(index / this.settings.queries);
    const ofHop = this.#roundTrip(hop);
    const ofNext = this.#roundTrip(hop + 1);
    let wait = max * SECOND;
    if (here > 0 && ofHop !== undefined) wait = Math.min(wait, Math.max(ofHop * here, LEAST_WAIT));
    else if (near > 0 && ofNext !== undefined) wait = Math.min(wait, Math.max(ofNext * near, LEAST_WAIT));
    return probe.sentAt + wait;
  }

  /** The longest that a hop took to answer so far. */
  #roundTrip(hop: number): Micros | undefined {
    const { queries } = this.settings;
    const times = this.#probes
      .slice(hop * queries, (hop + 1) * queries)
      .flatMap((probe) =>
        probe.answer === undefined || probe.sentAt === undefined ? [] : [probe.answer.at - probe.sentAt],
      );
    return times.length === 0 ? undefined : Math.max(...times);
  }

  #expired(index: number): boolean {
    const probe = this.#probes[index] as Probe;
    return probe.answer === undefined && probe.sentAt !== undefined && this.#now >= this.#deadline(index);
  }

  #isDecided(index: number): boolean {
    return this.#probes[index]?.answer !== undefined || this.#expired(index);
  }

  *#tell(index: number): Generator<Wait, void, void> {
    const { settings, process } = this;
    const { queries } = settings;
    const probe = this.#probes[index] as Probe;
    const first = index % queries === 0;
    const hop = Math.floor(index / queries);
    let text = first ? `${String(hop + 1).padStart(2)} ` : '';
    if (probe.answer === undefined || probe.sentAt === undefined) text += ' *';
    else {
      const before = this.#probes.slice(hop * queries, index).findLast((one) => one.answer !== undefined)?.answer?.from;
      if (before !== probe.answer.from) text += ` ${this.#name(probe.answer.from)}`;
      text += `  ${((probe.answer.at - probe.sentAt) / 1000).toFixed(3)} ms${probe.answer.mark === '' ? '' : ` ${probe.answer.mark}`}`;
    }
    if (index % queries === queries - 1) text += '\n';
    yield* process.print(text);
  }

  #name(address: Ip): string {
    if (this.settings.numeric) return String(address);
    return `${reverseHost(this.process, address, this.netnsName) ?? address} (${address})`;
  }
}

/** Processor time between two probes. */
const SEND_COST = 8;
/** No probe is given up sooner, however near the hop is (DEF_NEAR of microseconds would starve on a slow machine). */
const LEAST_WAIT = 1_000;

export const traceroute: CommandSpec = {
  name: 'traceroute',
  aliases: ['traceroute6'],
  path: '/usr/sbin/traceroute',
  summary: 'print the route packets trace to a network host',
  options: TRACEROUTE_OPTIONS,
  run,
};
