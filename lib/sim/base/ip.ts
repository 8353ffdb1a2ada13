import ipaddr from 'ipaddr.js';

/**
 * An IPv4 or IPv6 address. Values are interned per text, so `a === b` exactly when the addresses are equal, and an Ip
 * keys a Map. `v4` is the address as an unsigned 32-bit number, `bytes` are in network order (4 or 16).
 */
export class Ip {
  private constructor(
    readonly family: 4 | 6,
    readonly bytes: Uint8Array,
    /** IPv4 as uint32; 0 for IPv6. */
    readonly v4: number,
    private readonly text: string,
  ) {}

  static readonly #known = new Map<string, Ip>();
  static readonly #known4 = new Map<number, Ip>();

  /** Dotted quad (four decimal parts) or RFC 4291 text; undefined when the text is neither. */
  static parse(text: string): Ip | undefined {
    if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
      let value = 0;
      for (const part of text.split('.')) {
        const octet = Number(part);
        if (octet > 255) return undefined;
        value = value * 256 + octet;
      }
      return Ip.fromV4(value);
    }
    if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
    return Ip.fromBytes(Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray()));
  }

  static fromV4(value: number): Ip {
    const v4 = value >>> 0;
    let ip = Ip.#known4.get(v4);
    if (ip === undefined) {
      const bytes = Uint8Array.of(v4 >>> 24, (v4 >>> 16) & 255, (v4 >>> 8) & 255, v4 & 255);
      ip = new Ip(4, bytes, v4, bytes.join('.'));
      Ip.#known4.set(v4, ip);
    }
    return ip;
  }

  /** Precondition: 4 or 16 bytes. */
  static fromBytes(bytes: Uint8Array): Ip {
    if (bytes.length === 4) {
      return Ip.fromV4(((bytes[0] ?? 0) << 24) | ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0));
    }
    const key = String.fromCharCode(...bytes);
    let ip = Ip.#known.get(key);
    if (ip === undefined) {
      ip = new Ip(6, bytes.slice(), 0, textOf6(bytes));
      Ip.#known.set(key, ip);
    }
    return ip;
  }

  toString(): string {
    return this.text;
  }

  get bits(): 32 | 128 {
    return this.family === 4 ? 32 : 128;
  }

  get isUnspecified(): boolean {
    return this.bytes.every((b) => b === 0);
  }

  get isLoopback(): boolean {
    return this.family === 4 ? this.v4 >>> 24 === 127 : this.text === '::1';
  }

  get isMulticast(): boolean {
    return this.family === 4 ? this.v4 >>> 28 === 14 : this.bytes[0] === 0xff;
  }

  get isLinkLocal(): boolean {
    return this.family === 4
      ? this.v4 >>> 16 === 0xa9fe
      : this.bytes[0] === 0xfe && ((this.bytes[1] ?? 0) & 0xc0) === 0x80;
  }

  /** Numeric order, IPv4 before IPv6. */
  static compare(a: Ip, b: Ip): number {
    if (a.family !== b.family) return a.family - b.family;
    for (let i = 0; i < a.bytes.length; i++) {
      const difference = (a.bytes[i] ?? 0) - (b.bytes[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  static readonly any4 = Ip.fromV4(0);
  static readonly broadcast4 = Ip.fromV4(0xffff_ffff);
  static readonly any6 = Ip.fromBytes(new Uint8Array(16));
}

/** RFC 5952; an IPv4-mapped address ends in its dotted quad, as inet_ntop(3) writes it. */
function textOf6(bytes: Uint8Array): string {
  const isMapped = bytes[10] === 255 && bytes[11] === 255 && bytes.subarray(0, 10).every((byte) => byte === 0);
  return isMapped ? `::ffff:${bytes.subarray(12).join('.')}` : new ipaddr.IPv6([...bytes]).toRFC5952String();
}
