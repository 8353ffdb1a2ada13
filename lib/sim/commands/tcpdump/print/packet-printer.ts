/**
 * tcpdump's view of a packet: one printer a protocol, over bytes and nothing else, so that a packet of a device, of a
 * file of its own, and of a file from elsewhere look the same. The words follow tcpdump 4.99.
 *
 * Printed are Ethernet, VLAN tags, Linux cooked captures, ARP, IPv4, IPv6, ICMP, ICMPv6, TCP and UDP headers, and what
 * VXLAN and GRE carry. What applications carry inside TCP and UDP is not decoded.
 */
import type { LinkType } from '../filter/filter.ts';
import type { CapturedPacket } from '../pcap-file.ts';
import {
  asciiLines,
  type Conversations,
  Dissection,
  hexAsciiLines,
  hexLines,
  type NetworkPrinters,
  type PrintOptions,
  Truncated,
} from './dissection.ts';
import { printIpv4 } from './ipv4.ts';
import { printIpv6 } from './ipv6.ts';
import { printCooked, printEthernet, printRaw } from './link.ts';
import { Clock, type TimeStyle } from './time.ts';

export type { PrintOptions } from './dissection.ts';
export type { TimeStyle } from './time.ts';

/** -x, -xx, -X, -XX, -A, -AA */
export type Dump = { readonly style: 'hex' | 'hex+ascii' | 'ascii'; readonly withLinkHeader: boolean };

const NETWORK: NetworkPrinters = {
  ip4: printIpv4,
  ip6: printIpv6,
  ether: (d, at, length) => void printEthernet(d, length, at),
};

const PRINTERS: Readonly<Record<LinkType, (d: Dissection, wireLength: number) => number>> = {
  EN10MB: (d, wireLength) => printEthernet(d, wireLength),
  LINUX_SLL2: printCooked,
  RAW: printRaw,
};

export class PacketPrinter {
  readonly #conversations: Conversations = new Map();
  readonly #clock: Clock;

  constructor(
    private readonly linkType: LinkType,
    private readonly options: PrintOptions,
    time: TimeStyle,
    private readonly dump: Dump | undefined,
    private readonly numbered: boolean,
  ) {
    this.#clock = new Clock(time);
  }

  /** The packet's line or lines, with the newline. `count` is its number from 1. */
  print(packet: CapturedPacket, count: number): string {
    const d = new Dissection(packet.bytes, this.options, this.#conversations, NETWORK);
    if (this.numbered) d.print(`${String(count).padStart(5)}  `);
    d.print(this.#clock.stamp(packet.at));
    let header = 0;
    try {
      header = PRINTERS[this.linkType](d, packet.wireLength);
    } catch (error) {
      if (!(error instanceof Truncated)) throw error;
      d.truncated();
    }
    return `${d.text}${this.#dumpOf(packet.bytes, header)}\n`;
  }

  #dumpOf(bytes: Uint8Array, header: number): string {
    if (this.dump === undefined) return '';
    const shown = bytes.subarray(this.dump.withLinkHeader ? 0 : header);
    if (shown.length === 0) return '';
    if (this.dump.style === 'ascii') return asciiLines(shown);
    return (this.dump.style === 'hex' ? hexLines : hexAsciiLines)(shown, '\n\t');
  }
}
