import { Ip } from '../../../base/index.ts';

/** How packets are to be shown. */
export type PrintOptions = {
  /** -n: addresses and ports as numbers. */
  readonly numeric: boolean;
  /** -v, -vv, -vvv */
  readonly verbose: number;
  /** -e */
  readonly linkHeader: boolean;
  /** -q */
  readonly quiet: boolean;
  /** -S */
  readonly absoluteSequence: boolean;
  readonly hostName: (address: Ip) => string | undefined;
  readonly portName: (port: number, protocol: 'tcp' | 'udp') => string | undefined;
  readonly deviceName: (ifindex: number) => string | undefined;
};

/** Thrown where a field lies past the captured bytes; the packet's line then ends in `[|proto]`. */
export class Truncated extends Error {
  override name = 'Truncated';
}

/** Initial sequence numbers of both directions of a TCP connection, for relative ones. */
export type Conversations = Map<string, { seq: number; ack: number }>;

/** Printers of a datagram or frame of `length` bytes at `at`. Packets quote and carry packets, so any printer may need them. */
export type NetworkPrinters = {
  readonly ip4: (d: Dissection, at: number, length: number) => void;
  readonly ip6: (d: Dissection, at: number, length: number) => void;
  readonly ether: (d: Dissection, at: number, length: number) => void;
};

/** One packet while it is printed: its bytes, how far they may be read, and the text so far. */
export class Dissection {
  text = '';
  /** The protocol whose printer is at work, for the mark of a truncated packet. */
  protocol = '';
  /** Where reading must stop: the end of the captured bytes, or of the IP datagram within them. */
  end: number;

  constructor(
    readonly bytes: Uint8Array,
    readonly options: PrintOptions,
    readonly conversations: Conversations,
    readonly network: NetworkPrinters,
  ) {
    this.end = bytes.length;
  }

  print(text: string): void {
    this.text += text;
  }

  truncated(): void {
    this.print(` [|${this.protocol}]`);
  }

  has(offset: number, length: number): boolean {
    return offset + length <= this.end;
  }

  /** How many of `length` bytes were captured. */
  available(offset: number, length: number): number {
    return Math.max(0, Math.min(length, this.end - offset));
  }

  need(offset: number, length: number): void {
    if (!this.has(offset, length)) throw new Truncated();
  }

  u8(offset: number): number {
    this.need(offset, 1);
    return this.bytes[offset] ?? 0;
  }

  u16(offset: number): number {
    this.need(offset, 2);
    return (this.bytes[offset] ?? 0) * 256 + (this.bytes[offset + 1] ?? 0);
  }

  u32(offset: number): number {
    return this.u16(offset) * 65536 + this.u16(offset + 2);
  }

  slice(offset: number, length: number): Uint8Array {
    this.need(offset, length);
    return this.bytes.subarray(offset, offset + length);
  }

  mac(offset: number): string {
    return [...this.slice(offset, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  }

  ip4(offset: number): Ip {
    return Ip.fromBytes(this.slice(offset, 4));
  }

  ip6(offset: number): Ip {
    return Ip.fromBytes(this.slice(offset, 16));
  }

  /** The name of an address, or the address. */
  host(address: Ip): string {
    return (this.options.numeric ? undefined : this.options.hostName(address)) ?? String(address);
  }

  host4(offset: number): string {
    return this.host(this.ip4(offset));
  }

  host6(offset: number): string {
    return this.host(this.ip6(offset));
  }

  port(port: number, protocol: 'tcp' | 'udp'): string {
    return (this.options.numeric ? undefined : this.options.portName(port, protocol)) ?? String(port);
  }

  /** print_unknown_data(): bytes in hexadecimal, sixteen a line. */
  hexadecimal(offset: number, length: number, indent: string): void {
    const available = this.available(offset, length);
    this.print(hexLines(this.bytes.subarray(offset, offset + available), indent));
  }
}

/** hex_print() */
export function hexLines(bytes: Uint8Array, indent: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 16)
    text += `${indent}0x${at.toString(16).padStart(4, '0')}: ${pairs(bytes.subarray(at, at + 16))}`;
  return text;
}

/** hex_and_ascii_print() */
export function hexAsciiLines(bytes: Uint8Array, indent: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.subarray(at, at + 16);
    const ascii = [...line].map((byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    text += `${indent}0x${at.toString(16).padStart(4, '0')}: ${pairs(line).padEnd(40)}  ${ascii}`;
  }
  return text;
}

/** ` 4500 0054 …` */
function pairs(line: Uint8Array): string {
  return [...line].map((byte, i) => (i % 2 === 0 ? ' ' : '') + byte.toString(16).padStart(2, '0')).join('');
}

/** ascii_print(), for -A. */
export function asciiLines(bytes: Uint8Array): string {
  let text = '\n';
  bytes.forEach((byte, i) => {
    if (byte === 0x0d) {
      if (bytes.length - i - 1 > 1 && bytes[i + 1] !== 0x0a) text += '.';
    } else if (byte === 0x09 || byte === 0x0a || (byte >= 0x20 && byte < 0x7f)) text += String.fromCharCode(byte);
    else text += '.';
  });
  return text;
}
