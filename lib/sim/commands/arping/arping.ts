import {
  Cidr,
  formatMac,
  Ip,
  MAC_BROADCAST,
  MAC_ZERO,
  type Mac,
  type Micros,
  parseMac,
  SECOND,
  strerror,
  WaitQueue,
} from '../../base/index.ts';
import {
  dumpAddrs,
  dumpLinks,
  getLink,
  IFF,
  type LinkMessage,
  type NetNs,
  openTap,
  sendFrame,
} from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { ARP_REPLY, ARP_REQUEST, type ArpPacket, parseEthernet } from '../../wire/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { resolveHost } from '../names.ts';
import { ARPING_OPTIONS } from './options.ts';
import { Times } from './times.ts';
import { ARPING_HELP, ARPING_USAGE } from './usage.ts';

/** Ends arping: `text` on standard error, then exit 1. */
class ArpingError extends Error {}

type Display = 'normal' | 'quiet' | 'dots' | 'mac' | 'ip' | 'both';

type Settings = {
  readonly target: Ip;
  readonly link: LinkMessage;
  readonly source: { readonly mac: Mac; readonly ip: Ip };
  readonly to: Mac;
  readonly display: Display;
  readonly count: number;
  readonly replies: number;
  /** Between requests. */
  readonly wait: Micros;
  readonly deadline: Micros | undefined;
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  if (process.argv.length === 2 && process.argv[1] === '--help') {
    yield* process.print(ARPING_HELP);
    return 0;
  }
  const parsed = yield* getopt(process, arping, { usage: '', status: 1 });
  if (typeof parsed === 'number') {
    yield* process.print(ARPING_USAGE);
    return parsed;
  }
  if (parsed.has('-h') || (parsed.operands.length === 0 && !parsed.has('-d') && !parsed.has('-B'))) {
    yield* process.print(ARPING_USAGE);
    return parsed.has('-h') ? 0 : 1;
  }
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  try {
    const settings = settingsOf(process, ns, parsed, namedNamespaces(node).nameOf(process.netns));
    return yield* new Arping(process, ns, settings, parsed).run();
  } catch (error) {
    if (!(error instanceof ArpingError)) throw error;
    yield* process.printError(`${error.message}\n`);
    return 1;
  }
}

function settingsOf(process: Process, ns: NetNs, parsed: Parsed, netnsName: string | undefined): Settings {
  if (parsed.operands.length > 1) throw new ArpingError('arping: Too many args on command line. Expected at most one.');
  const count = parsed.value('-c') === undefined ? undefined : integer(parsed.value('-c') as string, 'count (-c)');
  if (count !== undefined && count < 0) throw new ArpingError(`arping: count (-c) must be >0. Got ${count}`);
  const replies = parsed.value('-C');
  const wait = seconds(parsed.value('-W') ?? '1', 'packetwait (-W)');
  const deadline =
    parsed.value('-w') === undefined ? undefined : seconds(parsed.value('-w') as string, 'deadline (-w)');
  const named = parsed.value('-i') ?? parsed.value('-I');
  if (named !== undefined) deviceNamed(ns, named);
  const target = targetOf(process, ns, parsed, named, netnsName);
  const link = named === undefined ? guessDevice(ns, target) : deviceNamed(ns, named);
  return {
    target,
    link,
    source: {
      mac: macOption(parsed, '-s', 'Weird MAC addr') ?? link.mac,
      ip: sourceOf(process, ns, parsed, link, netnsName),
    },
    to: macOption(parsed, '-t', 'Illegal MAC addr') ?? MAC_BROADCAST,
    display: displayOf(parsed),
    count: count ?? (parsed.has('-d') ? 3 : Number.POSITIVE_INFINITY),
    replies: replies === undefined ? Number.POSITIVE_INFINITY : integer(replies, 'max replies (-C)'),
    wait,
    deadline: deadline === undefined || deadline === 0 ? undefined : deadline,
  };
}

function targetOf(
  process: Process,
  ns: NetNs,
  parsed: Parsed,
  device: string | undefined,
  netnsName: string | undefined,
): Ip {
  const [text] = parsed.operands;
  if (parsed.has('-B')) return Ip.broadcast4;
  if (text === undefined)
    return firstAddress(ns, device === undefined ? undefined : deviceNamed(ns, device)) ?? Ip.any4;
  if (parseMac(text) !== undefined) throw new ArpingError('arping: not simulated here: pinging a MAC address');
  const address = lookUp(process, text, netnsName);
  if (address === undefined) throw new ArpingError(`arping: Can't resolve ${text}`);
  return address;
}

function lookUp(process: Process, text: string, netnsName: string | undefined): Ip | undefined {
  const resolved = resolveHost(process, text, netnsName);
  return resolved.ok ? resolved.addresses.find((ip) => ip.family === 4) : undefined;
}

function deviceNamed(ns: NetNs, name: string): LinkMessage {
  const link = getLink(ns, name);
  if (link === undefined)
    throw new ArpingError(`arping: libnet_init(LIBNET_LINK, ${name}): libnet_check_iface() ioctl: No such device`);
  if ((link.flags & IFF.UP) === 0)
    throw new ArpingError(`arping: libnet_init(LIBNET_LINK, ${name}): libnet_check_iface(): ${name} is down`);
  return link;
}

/** The device in whose subnet the target lies (arping_lookupdev), else the first that could be it. */
function guessDevice(ns: NetNs, target: Ip): LinkMessage {
  const up = dumpLinks(ns).filter((link) => (link.flags & IFF.UP) !== 0);
  const near = dumpAddrs(ns).find(
    (entry) =>
      entry.family === 4 &&
      new Cidr(entry.address, entry.prefix).contains(target) &&
      up.some((link) => link.ifindex === entry.ifindex),
  );
  const link = up.find((one) => one.ifindex === near?.ifindex);
  if (link === undefined)
    throw new ArpingError('arping: Gave up looking for interface to use: No interface found that matches');
  return link;
}

function sourceOf(process: Process, ns: NetNs, parsed: Parsed, link: LinkMessage, netnsName: string | undefined): Ip {
  if (parsed.has('-0')) return Ip.any4;
  if (parsed.has('-b')) return Ip.broadcast4;
  const given = parsed.value('-S');
  if (given !== undefined) {
    const address = lookUp(process, given, netnsName);
    if (address === undefined)
      throw new ArpingError(`arping: Can't resolve ${given}, or ${given} is broadcast. If it is, use -b instead of -S`);
    return address;
  }
  const address = firstAddress(ns, link);
  if (address !== undefined) return address;
  throw new ArpingError(
    `arping: Unable to get the IPv4 address of interface ${link.name}:\narping: libnet_get_ipaddr4(): ioctl(): Cannot assign requested address\narping: Use -S to specify address manually.`,
  );
}

const firstAddress = (ns: NetNs, link: LinkMessage | undefined): Ip | undefined =>
  dumpAddrs(ns).find((entry) => entry.family === 4 && (link === undefined || entry.ifindex === link.ifindex))?.local;

function macOption(parsed: Parsed, flag: string, complaint: string): Mac | undefined {
  const text = parsed.value(flag);
  if (text === undefined) return undefined;
  const mac = parseMac(text);
  if (mac === undefined) throw new ArpingError(flag === '-s' ? `arping: ${complaint} ${text}` : `${complaint} ${text}`);
  return mac;
}

function displayOf(parsed: Parsed): Display {
  let display: Display = 'normal';
  for (const { flag } of parsed.given) {
    if (flag === '-q') display = 'quiet';
    else if (flag === '-D') display = 'dots';
    else if (flag === '-r') display = display === 'ip' ? 'both' : 'mac';
    else if (flag === '-R') display = display === 'mac' ? 'both' : 'ip';
  }
  return display;
}

function integer(text: string, what: string): number {
  if (text === '') throw new ArpingError(`arping: ${what}: value was empty`);
  if (!/^\s*[+-]?\d+$/.test(text)) throw new ArpingError(`arping: ${what}: <${text}> is not an integer`);
  return Number(text);
}

function seconds(text: string, what: string): Micros {
  if (text === '') throw new ArpingError(`arping: ${what}: value was empty`);
  const value = Number(text);
  if (Number.isNaN(value)) throw new ArpingError(`arping: ${what}: <${text}> is not a float`);
  if (value < 0) throw new ArpingError(`arping: ${what} must be >=0. Is ${value.toFixed(6)}`);
  return Math.round(value * SECOND);
}

type Reply = { readonly at: Micros; readonly mac: Mac; readonly length: number };

/** One run: a request, then listening for as long as the next one is not due (ping_recv of arping.c). */
class Arping {
  readonly #times = new Times();
  readonly #arrived = new WaitQueue();
  readonly #replies: Reply[] = [];
  #sent = 0;
  #received = 0;
  #sentAt: Micros = 0;
  #lastMac: Mac | undefined;
  #duplicate = false;
  #over = false;

  constructor(
    private readonly process: Process,
    private readonly ns: NetNs,
    private readonly settings: Settings,
    private readonly parsed: Parsed,
  ) {}

  get #now(): Micros {
    return this.process.machine.events.now;
  }

  *run(): Generator<Wait, number, void> {
    const { process, settings, ns, parsed } = this;
    const { link, source, target, display } = settings;
    process.onSignal('INT', () => {
      this.#over = true;
      this.#arrived.wake();
    });
    const tap = openTap(ns, {
      ifindex: link.ifindex,
      promiscuous: parsed.has('-p'),
      onFrame: (frame) => this.#hear(frame.at, frame.bytes()),
    });
    try {
      if (parsed.has('-v'))
        yield* process.print(
          `This box:   Interface: ${link.name}  IP: ${source.ip}   MAC address: ${formatMac(source.mac)}\n`,
        );
      if (display === 'normal') yield* process.print(`ARPING ${target}\n`);
      const end = settings.deadline === undefined ? Number.POSITIVE_INFINITY : this.#now + settings.deadline;
      for (let i = 0; i < settings.count && !this.#over; i++) {
        yield* this.#send();
        const until = Math.min(end, this.#now + settings.wait);
        if (until <= this.#now) break;
        yield* this.#listen(until);
      }
    } finally {
      tap.close();
    }
    yield* process.print(this.#summary());
    if (parsed.has('-d')) return this.#duplicate ? 1 : 0;
    return this.#received === 0 ? 1 : 0;
  }

  *#send(): Generator<Wait, void, void> {
    const { parsed, settings, ns } = this;
    const { source, target, to, link } = settings;
    const reply = parsed.has('-P');
    const targetMac = parsed.has('-U') ? MAC_BROADCAST : reply ? to : MAC_ZERO;
    const arp: ArpPacket = {
      kind: 'arp',
      op: reply ? ARP_REPLY : ARP_REQUEST,
      senderMac: source.mac,
      senderIp: source.ip,
      targetMac,
      targetIp: target,
      padding: PADDING,
    };
    this.#sentAt = this.#now;
    const sent = sendFrame(ns, link.ifindex, { dst: to, src: source.mac, payload: arp });
    if (!sent.ok) {
      yield* this.process.printError(
        `arping: libnet_write(): libnet_write_link(): only -1 bytes written (${strerror(sent.error.errno)})\n`,
      );
      this.#over = true;
    }
    this.#sent++;
  }

  #hear(at: Micros, bytes: Uint8Array): void {
    const { settings, parsed } = this;
    const frame = parseEthernet(bytes);
    if (frame?.payload.kind !== 'arp') return;
    const arp = frame.payload;
    if (arp.op !== ARP_REPLY || arp.senderIp !== settings.target) return;
    if (parsed.has('-A') && arp.senderMac !== settings.to) return;
    if (!parsed.has('-p') && arp.targetMac !== settings.source.mac) return;
    this.#replies.push({ at, mac: frame.src, length: bytes.length });
    this.#arrived.wake();
  }

  *#listen(until: Micros): Generator<Wait, void, void> {
    const { process } = this;
    const before = this.#received;
    while (!this.#over && this.#now < until) {
      yield* process.waitFor(() => this.#over || this.#replies.length > 0, [this.#arrived], until);
      for (let reply = this.#replies.shift(); reply !== undefined && !this.#over; reply = this.#replies.shift())
        yield* this.#tell(reply);
    }
    if (this.#over || this.#received > before) return;
    if (this.parsed.has('-e')) yield* process.print('\x07');
    if (this.settings.display === 'normal') yield* process.print('Timeout\n');
    else if (this.settings.display === 'dots') yield* process.print('.');
  }

  *#tell(reply: Reply): Generator<Wait, void, void> {
    const { settings, parsed, process } = this;
    const took = reply.at - this.#sentAt;
    this.#times.add(took);
    const text = (parsed.has('-a') ? '\x07' : '') + this.#describe(reply, took);
    this.#duplicate ||= this.#lastMac !== undefined && this.#lastMac !== reply.mac;
    this.#lastMac = reply.mac;
    this.#received++;
    if (this.#received >= settings.replies) this.#over = true;
    yield* process.print(text);
  }

  #describe(reply: Reply, took: Micros): string {
    const { settings, parsed } = this;
    const mac = formatMac(reply.mac);
    switch (settings.display) {
      case 'quiet':
        return '';
      case 'dots':
        return '!';
      case 'mac':
        return `${mac}\n`;
      case 'ip':
        return `${settings.target}\n`;
      case 'both':
        return `${mac} ${settings.target}\n`;
      case 'normal': {
        const total = parsed.has('-u') ? `/${this.#sent - 1}` : '';
        return `${reply.length} bytes from ${mac} (${settings.target}): index=${this.#received}${total} time=${duration(took)}\n`;
      }
    }
  }

  #summary(): string {
    const { display, target } = this.settings;
    const unanswered = 100 - (100 * this.#received) / this.#sent;
    const percent = Math.max(0, unanswered).toFixed(0).padStart(3);
    const extra = unanswered < 0 ? this.#received - this.#sent : 0;
    if (display === 'dots') return `\t${percent}% packet loss (${extra} extra)\n`;
    if (display !== 'normal') return '';
    const counts = `${this.#sent} packets transmitted, ${this.#received} packets received, ${percent}% unanswered (${extra} extra)`;
    return `\n--- ${target} statistics ---\n${counts}\n${this.#received > 0 ? this.#times.summary() : ''}\n`;
  }
}

/** What arping fills its requests up with: some devices refuse short frames. */
const PADDING = 16;

function duration(took: Micros): string {
  if (took > SECOND) return `${(took / SECOND).toFixed(3)} sec`;
  return took > 1000 ? `${(took / 1000).toFixed(3)} msec` : `${took.toFixed(3)} usec`;
}

export const arping: CommandSpec = {
  name: 'arping',
  path: '/usr/sbin/arping',
  summary: 'ask who has an address, by ARP',
  options: ARPING_OPTIONS,
  complete: (words, node, process) => {
    const ns = node.kernel.netns(process?.netns ?? node.kernel.init.inode);
    return ['-i', '-I'].includes(words.at(-2) ?? '') && ns !== undefined ? dumpLinks(ns).map((link) => link.name) : [];
  },
  run,
};
