import { Ip } from './ip.ts';

/** An address with a prefix length: `10.244.0.5/24`. `address` keeps its host bits; `network()` clears them. */
export class Cidr {
  constructor(
    readonly address: Ip,
    /** 0 … 32 for IPv4, 0 … 128 for IPv6. */
    readonly prefix: number,
  ) {}

  /** `ADDRESS/LENGTH`, or a bare address as a host prefix; undefined when it is neither. */
  static parse(text: string): Cidr | undefined {
    const [head = '', length, ...rest] = text.split('/');
    const address = Ip.parse(head);
    if (address === undefined || rest.length > 0) return undefined;
    if (length === undefined) return new Cidr(address, address.bits);
    if (!/^\d{1,3}$/.test(length) || Number(length) > address.bits) return undefined;
    return new Cidr(address, Number(length));
  }

  contains(ip: Ip): boolean {
    if (ip.family !== this.address.family) return false;
    if (ip.family === 4) return this.prefix === 0 || (ip.v4 ^ this.address.v4) >>> (32 - this.prefix) === 0;
    return maskBytes(ip.bytes, this.prefix).every((b, i) => b === maskBytes(this.address.bytes, this.prefix)[i]);
  }

  network(): Cidr {
    return new Cidr(Ip.fromBytes(maskBytes(this.address.bytes, this.prefix)), this.prefix);
  }

  /** The all-ones host address of an IPv4 network (RFC 919). */
  broadcast(): Ip {
    return Ip.fromV4(this.address.v4 | (this.prefix === 0 ? 0xffff_ffff : ~netmask4(this.prefix)));
  }

  toString(): string {
    return `${this.address}/${this.prefix}`;
  }
}

/** The netmask of an IPv4 prefix length as uint32. */
export const netmask4 = (prefix: number): number => (prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0);

function maskBytes(bytes: Uint8Array, prefix: number): Uint8Array {
  return bytes.map((b, i) => {
    const kept = Math.min(8, Math.max(0, prefix - i * 8));
    return b & (0xff00 >> kept);
  });
}
