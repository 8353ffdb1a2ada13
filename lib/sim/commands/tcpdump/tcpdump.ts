import { strerror } from '../../base/index.ts';
import { dumpLinks, getLink, IFF, type NetNs } from '../../kernel/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { lookUpService, resolveHost, reverseHost, serviceName } from '../names.ts';
import { LiveCapture } from './capture.ts';
import { describeDevices, findDevice } from './devices.ts';
import {
  compileFilter,
  type Filter,
  FilterError,
  FilterNotSimulated,
  type LinkType,
  type NameService,
} from './filter/filter.ts';
import { failure, parseOptions, type Settings, TcpdumpFailure, USAGE, VERSION } from './options.ts';
import { type CapturedPacket, parsePcap } from './pcap-file.ts';
import { PacketPrinter, type PrintOptions } from './print/packet-printer.ts';
import { FileSink, TextSink } from './sink.ts';
import { TCPDUMP_OPTIONS } from './spec.ts';

const LINK_TEXT: Readonly<Record<LinkType, string>> = {
  EN10MB: 'EN10MB (Ethernet)',
  LINUX_SLL2: 'LINUX_SLL2 (Linux cooked v2)',
  RAW: 'RAW (Raw IP)',
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  try {
    return yield* tcpdump(process, node);
  } catch (error) {
    if (!(error instanceof TcpdumpFailure)) throw error;
    yield* process.printError(error.text);
    return error.status;
  }
}

function* tcpdump(process: Process, node: Node): Generator<Wait, number, void> {
  const settings = parseOptions(process.argv.slice(1));
  const ns = node.kernel.netns(process.netns);
  if (ns === undefined) throw failure('socket: Invalid argument');
  if (settings.action === 'help' || settings.action === 'version') {
    yield* process.print(settings.action === 'help' ? USAGE : VERSION);
    return 0;
  }
  if (settings.action === 'devices') {
    yield* process.print(describeDevices(ns));
    return 0;
  }
  const tool = new Tool(process, node, ns, settings);
  if (settings.readFile !== undefined) return yield* tool.readFile(settings.readFile);
  return yield* tool.capture();
}

/** One run: where packets come from, which pass, where they go. */
class Tool {
  readonly #text: TextSink;
  #printer: PacketPrinter | undefined;
  #file: FileSink | undefined;
  #count = 0;

  constructor(
    private readonly process: Process,
    private readonly node: Node,
    private readonly ns: NetNs,
    private readonly settings: Settings,
  ) {
    this.#text = new TextSink(process, settings.lineBuffered);
  }

  *readFile(name: string): Generator<Wait, number, void> {
    const { process, settings } = this;
    const bytes = yield* this.#fileBytes(name);
    const capture = parsePcap(bytes);
    if (!capture.ok)
      throw capture.unsupported ? failure(`not simulated here: ${capture.error}`, 64) : failure(capture.error);
    yield* process.printError(
      `reading from file ${name}, link-type ${LINK_TEXT[capture.linkType]}, snapshot length ${capture.snapshotLength}\n`,
    );
    if (capture.linkType === 'LINUX_SLL2') yield* process.printError('Warning: interface names might be incorrect\n');
    const filter = this.#compile(capture.linkType, false);
    this.#prepare(capture.linkType, capture.snapshotLength);
    for (const packet of capture.packets) {
      if (!filter({ bytes: packet.bytes, wireLength: packet.wireLength })) continue;
      if (settings.countOnly) this.#count++;
      else yield* this.#take(packet);
      if (this.#count % 64 === 0) yield {};
      if (this.#enough) break;
    }
    yield* this.#flush();
    if (capture.truncated !== undefined && !this.#enough) throw failure(`pcap_loop: ${capture.truncated}`);
    if (settings.countOnly) yield* process.print(`${this.#count} packet${this.#count === 1 ? '' : 's'}\n`);
    return 0;
  }

  *capture(): Generator<Wait, number, void> {
    const { process, settings, ns } = this;
    const device = findDevice(ns, settings.device);
    if (device.link !== undefined && (device.link.flags & IFF.UP) === 0)
      throw failure(`${device.name}: That device is not up`);
    if (device.link?.type === 'gre')
      throw failure(`not simulated here: capturing on the GRE device ${device.name}`, 64);
    const capture = new LiveCapture(ns, device, settings, process.machine.epoch);
    if (settings.action === 'link-types') {
      yield* process.print(
        `Data link types for ${device.name} (use option -y to set):\n  ${LINK_TEXT[capture.linkType]}\n${capture.linkType === 'EN10MB' && device.name !== 'lo' ? '  DOCSIS (DOCSIS) (printing not supported)\n' : ''}`,
      );
      return 0;
    }
    yield* this.#chooseLinkType(capture.linkType);
    const filter = this.#compile(capture.linkType, true);
    this.#prepare(capture.linkType, settings.snapLength);
    let interrupted = false;
    for (const signal of ['INT', 'TERM', 'HUP', 'PIPE'] as const) {
      process.onSignal(signal, () => {
        interrupted = true;
      });
    }
    capture.start(filter);
    try {
      yield* this.#announce(device.name, capture.linkType);
      while (!interrupted && !this.#enough) {
        yield* process.waitFor(() => capture.waiting || interrupted, [capture.arrived]);
        for (let packet = capture.take(); packet !== undefined && !this.#enough; packet = capture.take())
          yield* this.#take(packet);
      }
    } finally {
      capture.stop();
    }
    if (interrupted && this.#file === undefined) yield* this.#text.print('\n');
    yield* this.#flush();
    yield* process.printError(summary(this.#count, capture.received));
    return 0;
  }

  get #enough(): boolean {
    return this.settings.count !== undefined && this.#count >= this.settings.count;
  }

  *#take(packet: CapturedPacket): Generator<Wait, void, void> {
    this.#count++;
    if (this.#file !== undefined) yield* this.#file.write(packet);
    if (this.#printer !== undefined) yield* this.#text.print(this.#printer.print(packet, this.#count));
  }

  *#flush(): Generator<Wait, void, void> {
    yield* this.#text.flush();
    if (this.#file !== undefined) yield* this.#file.flush();
  }

  *#fileBytes(name: string): Generator<Wait, Uint8Array, void> {
    const { process } = this;
    if (name === '-') {
      const parts: number[] = [];
      for (;;) {
        const read = yield* process.read(0);
        if (!read.ok || read.value.length === 0) return Uint8Array.from(parts);
        for (const byte of read.value) parts.push(byte);
      }
    }
    const read = process.machine.fs.readFile(process.path(name), process);
    if (!read.ok) throw failure(`${name}: ${strerror(read.error.errno)}`);
    return read.value;
  }

  *#chooseLinkType(own: LinkType): Generator<Wait, void, void> {
    const { process, settings } = this;
    if (settings.linkType !== undefined && settings.linkType !== own) {
      const known = ['EN10MB', 'LINUX_SLL', 'LINUX_SLL2', 'RAW', 'NULL', 'PPP', 'IEEE802_11', 'DOCSIS'].includes(
        settings.linkType,
      );
      throw known
        ? failure(`not simulated here: -y ${settings.linkType}`, 64)
        : failure(`invalid data link type ${settings.linkType}`);
    }
    if (settings.linkType !== undefined || own === 'LINUX_SLL2')
      yield* process.printError(`tcpdump: data link type ${own}\n`);
  }

  *#announce(device: string, linkType: LinkType): Generator<Wait, void, void> {
    const { process, settings } = this;
    const quiet = settings.verbose === 0 && settings.writeFile === undefined;
    const listening = `listening on ${device}, link-type ${LINK_TEXT[linkType]}, snapshot length ${settings.snapLength} bytes\n`;
    yield* process.printError(
      quiet
        ? `tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n${listening}`
        : `tcpdump: ${listening}`,
    );
  }

  #compile(linkType: LinkType, live: boolean): Filter {
    const { process, settings } = this;
    let { expression } = settings;
    if (settings.filterFile !== undefined) {
      const file = process.machine.fs.readFile(process.path(settings.filterFile), process);
      if (!file.ok) throw failure(`can't open ${settings.filterFile}: ${strerror(file.error.errno)}`);
      expression = decodeText(file.value).replace(/#.*/g, '');
    }
    try {
      return compileFilter(expression, { linkType, live, names: this.#names() });
    } catch (error) {
      if (error instanceof FilterError) throw failure(error.message);
      if (error instanceof FilterNotSimulated) throw failure(`not simulated here: ${error.message}`, 64);
      throw error;
    }
  }

  #names(): NameService {
    const { process } = this;
    return {
      host: (name) => {
        const resolved = resolveHost(process, name, this.#netnsName);
        return resolved.ok ? resolved.addresses : [];
      },
      service: (name) => lookUpService(process, name),
    };
  }

  get #netnsName(): string | undefined {
    return namedNamespaces(this.node).nameOf(this.process.netns);
  }

  #prepare(linkType: LinkType, snapLength: number): void {
    const { process, settings } = this;
    if (settings.writeFile !== undefined) {
      this.#file = FileSink.open(process, settings.writeFile, linkType, snapLength, settings.packetBuffered);
      if (!settings.alsoPrint) return;
    }
    const options: PrintOptions = {
      ...{
        numeric: settings.numeric,
        verbose: settings.verbose,
        linkHeader: settings.linkHeader,
        quiet: settings.quiet,
      },
      absoluteSequence: settings.absoluteSequence,
      hostName: (address) => reverseHost(process, address, this.#netnsName),
      portName: (port, protocol) => serviceName(process, port, protocol),
      deviceName: (ifindex) => getLink(this.ns, ifindex)?.name,
    };
    this.#printer = new PacketPrinter(linkType, options, settings.time, settings.dump, settings.numbered);
  }
}

function summary(captured: number, received: number): string {
  const packets = (count: number): string => `${count} packet${count === 1 ? '' : 's'}`;
  return `${packets(captured)} captured\n${packets(received)} received by filter\n0 packets dropped by kernel\n`;
}

const FILTER_WORDS = [
  'host',
  'net',
  'port',
  'src',
  'dst',
  'and',
  'or',
  'not',
  'arp',
  'ip',
  'ip6',
  'icmp',
  'icmp6',
  'tcp',
  'udp',
  'ether',
  'vlan',
  'broadcast',
  'multicast',
  'less',
  'greater',
];

export const tcpdumpCommand: CommandSpec = {
  name: 'tcpdump',
  path: '/usr/bin/tcpdump',
  summary: 'dump traffic on a network',
  options: TCPDUMP_OPTIONS,
  complete: (words, node, process) => {
    const ns = node.kernel.netns(process?.netns ?? node.kernel.init.inode);
    const devices = ns === undefined ? [] : [...dumpLinks(ns).map((link) => link.name), 'any'];
    if (words.at(-2) === '-i') return devices;
    if (words.at(-2) === '-Q') return ['in', 'out', 'inout'];
    return FILTER_WORDS;
  },
  run,
};
