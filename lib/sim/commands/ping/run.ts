import { MILLISECOND, type Micros, SECOND } from '../../base/index.ts';
import type { PingError, PingReply, PingSocket } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { reverseHost } from '../names.ts';
import { describeIcmp, describeIcmp6, describeRedirect } from './errors.ts';
import type { Settings } from './options.ts';
import { milliseconds, roundTrip, Statistics } from './statistics.ts';
import type { Target } from './target.ts';

/** A struct timeval of two 64-bit numbers stands at the beginning of the data, when there is room. */
const TIMEVAL = 16;
const REDIRECT = 5;
/** What a flood waits at most for an answer (MININTERVAL). */
const MIN_INTERVAL = 10;

/** One run of ping: sends when it is time, takes what comes, ends by count, deadline or signal (main_loop() of ping_common.c). */
export class PingRun {
  readonly #statistics = new Statistics();
  readonly #data: Uint8Array;
  readonly #timed: boolean;
  readonly #ident: number;
  readonly #replies: PingReply[] = [];
  readonly #errors: PingError[] = [];
  #interval: number;
  #startedAt: Micros;
  #sentAt: Micros | undefined;
  #tokens = 0;
  #exitAt: Micros | undefined;
  #exiting = false;
  #statusAsked = false;

  constructor(
    private readonly process: Process,
    private readonly settings: Settings,
    private readonly target: Target,
    private readonly socket: PingSocket,
    private readonly netnsName: string | undefined,
    private readonly deviceName: (ifindex: number) => string | undefined,
  ) {
    this.#data = fill(settings);
    this.#timed = settings.size >= TIMEVAL;
    this.#ident = settings.ident ?? process.pid & 0xffff;
    this.#interval = settings.flood && !settings.intervalGiven ? 0 : settings.interval;
    this.#startedAt = this.#now;
    if (settings.deadline > 0) this.#exitAt = this.#now + settings.deadline * SECOND;
  }

  get #now(): Micros {
    return this.process.machine.events.now;
  }

  *run(): Generator<Wait, number, void> {
    const { process } = this;
    for (const signal of ['INT', 'ALRM'] as const) {
      process.onSignal(signal, () => {
        this.#exiting = true;
      });
    }
    process.onSignal('QUIT', () => {
      this.#statusAsked = true;
    });
    while (!this.#finished()) {
      if (this.#statusAsked) yield* this.#status();
      const pause = yield* this.#sendDue();
      this.#scheduleExit();
      yield* this.#receive(pause);
    }
    return yield* this.#summary();
  }

  #finished(): boolean {
    const { count, deadline } = this.settings;
    const { received, errors } = this.#statistics;
    if (this.#exitAt !== undefined && this.#now >= this.#exitAt) this.#exiting = true;
    return this.#exiting || (count !== undefined && received + errors >= count) || (deadline > 0 && errors > 0);
  }

  get #allSent(): boolean {
    const { count, deadline } = this.settings;
    return count !== undefined && this.#statistics.transmitted >= count && deadline === 0;
  }

  /** pinger(), as often as it asks for: milliseconds until the next packet is due. */
  *#sendDue(): Generator<Wait, number, void> {
    for (;;) {
      if (this.#exiting || this.#allSent) return 1000;
      const wait = this.#tokensMissing();
      if (wait > 0) return wait;
      yield* this.#send();
      const next = this.#interval - this.#tokens;
      if (next > 0) return next;
      if (this.#interval === 0) return 0;
    }
  }

  /** Tokens are milliseconds saved up: a preload of N may send N packets at once. */
  #tokensMissing(): number {
    const { preload } = this.settings;
    if (this.#sentAt === undefined) {
      this.#tokens = this.#interval * (preload - 1);
      this.#sentAt = this.#now;
      return 0;
    }
    const elapsed = Math.floor((this.#now - this.#sentAt) / MILLISECOND);
    if (this.#interval === 0 && elapsed < MIN_INTERVAL && this.#statistics.inFlight >= preload)
      return MIN_INTERVAL - elapsed;
    const tokens = Math.min(elapsed + this.#tokens, this.#interval * preload);
    if (tokens < this.#interval) return this.#interval - tokens;
    this.#sentAt = this.#now;
    this.#tokens = tokens - this.#interval;
    return 0;
  }

  *#send(): Generator<Wait, void, void> {
    const { settings, process } = this;
    const statistics = this.#statistics;
    if (settings.outstanding && statistics.transmitted > 0 && !statistics.has(statistics.transmitted)) {
      yield* process.print(`${this.#timestamp()}no answer yet for icmp_seq=${statistics.transmitted % 65536}\n`);
    }
    const seq = (statistics.transmitted + 1) & 0xffff;
    statistics.forget(seq);
    if (this.#timed) stamp(this.#data, process.machine.epoch + this.#now);
    const sent = this.socket.sendEcho(this.target.address, { id: this.#ident, seq, data: this.#data.slice() });
    if (sent.ok) {
      statistics.sent();
      if (settings.flood && !settings.quiet) yield* process.print('.');
      return;
    }
    // An error of the own host stands in the error queue; what is not there goes unsaid, as in ping itself.
    const error = this.socket.error();
    if (error !== undefined) yield* this.#reportError(error);
    statistics.sent();
    this.#tokens = 0;
  }

  /** After the last packet: twice the longest round trip but no less than the interval, or -W when nothing came back. */
  #scheduleExit(): void {
    if (!this.#allSent || this.#exitAt !== undefined) return;
    const { received, max } = this.#statistics;
    // A timer of no time is none.
    if (received === 0 && this.settings.linger === 0) return;
    const linger = received > 0 ? Math.max(2 * max, this.#interval * MILLISECOND) : this.settings.linger * MILLISECOND;
    this.#exitAt = this.#now + linger;
  }

  *#receive(pause: number): Generator<Wait, void, void> {
    const due = this.#allSent ? Number.POSITIVE_INFINITY : this.#now + pause * MILLISECOND;
    const until = Math.min(due, this.#exitAt ?? Number.POSITIVE_INFINITY);
    const arrived = (): boolean => this.#pull() || this.#exiting || this.#statusAsked;
    // A flood sends the next packet as soon as the answer is there, and yields the processor in between.
    if (pause === 0) yield {};
    yield* this.process.waitFor(arrived, [this.socket.readable], Number.isFinite(until) ? until : undefined);
    for (let error = this.#errors.shift(); error !== undefined; error = this.#errors.shift())
      yield* this.#reportError(error);
    for (let reply = this.#replies.shift(); reply !== undefined; reply = this.#replies.shift())
      yield* this.#reportReply(reply);
  }

  #pull(): boolean {
    for (let error = this.socket.error(); error !== undefined; error = this.socket.error()) this.#errors.push(error);
    for (let reply = this.socket.receive(); reply !== undefined; reply = this.socket.receive())
      this.#replies.push(reply);
    return this.#errors.length > 0 || this.#replies.length > 0;
  }

  *#reportError(error: PingError): Generator<Wait, void, void> {
    const { settings, process } = this;
    if (error.origin === 'local') {
      if (settings.quiet) return;
      this.#statistics.errors++;
      const text = error.errno === 'EMSGSIZE' ? `message too long, mtu=${error.info}` : error.errno;
      if (settings.flood) yield* process.print('E');
      else yield* process.printError(`ping: local error: ${text}\n`);
      return;
    }
    if (error.dst !== this.target.address || error.id !== this.#ident) return;
    if (error.type === REDIRECT && this.target.family === 4) return yield* this.#reportRedirect(error);
    this.#statistics.acknowledge(error.seq);
    this.#statistics.errors++;
    if (settings.quiet) return;
    if (settings.flood) {
      yield* process.print('\bE');
      return;
    }
    const text =
      this.target.family === 4
        ? describeIcmp(error.type, error.code, error.info)
        : describeIcmp6(error.type, error.code, error.info);
    const from = error.offender === undefined ? '0.0.0.0' : this.#show(error.offender, undefined);
    yield* process.print(`${this.#timestamp()}From ${from} icmp_seq=${error.seq} ${text}\n`);
  }

  /** News, not an error: the packet is on its way. */
  *#reportRedirect(error: PingError): Generator<Wait, void, void> {
    const { settings, process } = this;
    if (settings.quiet || settings.flood || error.offender === undefined) return;
    const text = describeRedirect(error.code, error.gateway);
    yield* process.print(
      `${this.#timestamp()}From ${this.#show(error.offender, undefined)}: icmp_seq=${error.seq} ${text}\n`,
    );
  }

  *#reportReply(reply: PingReply): Generator<Wait, void, void> {
    const { settings, process, target } = this;
    const isEcho = reply.type === (target.family === 4 ? 0 : 129);
    if (!isEcho || reply.id !== this.#ident) return;
    this.#statistics.acknowledge(reply.seq);
    const trip = this.#timed ? this.#tripTime(reply) : undefined;
    if (trip !== undefined) {
      this.#statistics.time(trip);
      if (settings.adaptive) this.#interval = Math.floor((Math.floor(this.#statistics.rtt / 8) + 500) / 1000);
    }
    const first = this.#statistics.reply(reply.seq);
    if (settings.quiet) return;
    if (settings.flood) {
      yield* process.print('\b \b');
      return;
    }
    const multicast = target.broadcast || target.address.isMulticast;
    const notes = [
      settings.verbose ? ` ident=${this.#ident}` : '',
      ` ttl=${reply.ttl}`,
      trip === undefined ? '' : ` time=${roundTrip(trip)} ms`,
      first || (multicast && !settings.verbose) ? '' : ' (DUP!)',
      multicast || reply.from === target.address ? '' : ' (DIFFERENT ADDRESS!)',
    ].join('');
    const bell = settings.audible ? '\u0007' : '';
    yield* process.print(
      `${this.#timestamp()}${reply.data.length + 8} bytes from ${this.#show(reply.from, reply.ifindex)}: icmp_seq=${reply.seq}${notes}${bell}\n`,
    );
  }

  /** From the time that travelled in the data, as the real one does it. */
  #tripTime(reply: PingReply): Micros {
    const view = new DataView(reply.data.buffer, reply.data.byteOffset);
    const sent = Number(view.getBigUint64(0, true)) * SECOND + Number(view.getBigUint64(8, true));
    return Math.max(0, this.process.machine.epoch + reply.at - sent);
  }

  /** pr_addr(): with its name unless -n, with its scope when it is link-local. */
  #show(address: PingReply['from'], ifindex: number | undefined): string {
    const device = ifindex === undefined ? this.target.scope : this.deviceName(ifindex);
    const scope = address.family === 6 && address.isLinkLocal ? device : undefined;
    const text = scope === undefined ? String(address) : `${address}%${scope}`;
    const name = this.settings.numeric ? undefined : reverseHost(this.process, address, this.netnsName);
    return name === undefined ? text : `${name} (${text})`;
  }

  #timestamp(): string {
    if (!this.settings.timestamps) return '';
    const micros = this.process.machine.epoch + this.#now;
    return `[${Math.floor(micros / SECOND)}.${String(micros % SECOND).padStart(6, '0')}] `;
  }

  /** What SIGQUIT (Ctrl-\) asks for. */
  *#status(): Generator<Wait, void, void> {
    this.#statusAsked = false;
    const s = this.#statistics;
    const loss = s.transmitted === 0 ? 0 : Math.floor(((s.transmitted - s.received) * 100) / s.transmitted);
    const times = [s.min, s.average, Math.floor(s.rtt / 8), s.max].map(milliseconds).join('/');
    const timed = s.received > 0 && this.#timed ? `, min/avg/ewma/max = ${times} ms` : '';
    yield* this.process.printError(`\r${s.received}/${s.transmitted} packets, ${loss}% loss${timed}\n`);
  }

  *#summary(): Generator<Wait, number, void> {
    const { settings, process } = this;
    const paced = this.#interval > 0 && !settings.flood && !settings.adaptive;
    const elapsed = Math.max(0, (this.#sentAt ?? this.#startedAt) - this.#startedAt);
    yield* process.print(this.#statistics.summary(this.target.hostname, elapsed, { timed: this.#timed, paced }));
    const { received } = this.#statistics;
    return received === 0 || (settings.deadline > 0 && received < (settings.count ?? 0)) ? 1 : 0;
  }
}

/** The data: a pattern, or its own offsets. */
function fill({ size, pattern }: Settings): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) =>
    pattern === undefined ? i & 0xff : (pattern[i % pattern.length] ?? 0),
  );
}

function stamp(data: Uint8Array, at: Micros): void {
  const view = new DataView(data.buffer);
  view.setBigUint64(0, BigInt(Math.floor(at / SECOND)), true);
  view.setBigUint64(8, BigInt(at % SECOND), true);
}
