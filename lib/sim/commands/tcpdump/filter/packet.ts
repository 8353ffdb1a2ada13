/** How the bytes of a capture begin (the DLT_ and LINKTYPE_ values of pcap-linktype(7)). */
export type LinkType = 'EN10MB' | 'LINUX_SLL2' | 'RAW';

/** What a filter looks at: the captured bytes, and what the kernel knows of a packet beside its bytes. */
export type FilteredPacket = {
  readonly bytes: Uint8Array;
  /** Length on the wire; `bytes` may be fewer (snapshot length). */
  readonly wireLength: number;
  /** Undefined where it is not known: in a file of Ethernet frames. */
  readonly outgoing?: boolean;
  readonly ifindex?: number;
};

/**
 * Reads fields of one packet. A load past the captured bytes makes the whole filter fail, whatever `or` and `not`
 * stand around it, as a BPF program returns 0 on such a load.
 */
export class PacketReader {
  failed = false;
  #packet: FilteredPacket = { bytes: new Uint8Array(), wireLength: 0 };

  reset(packet: FilteredPacket): void {
    this.#packet = packet;
    this.failed = false;
  }

  get length(): number {
    return this.#packet.wireLength;
  }

  get outgoing(): boolean {
    return this.#packet.outgoing === true;
  }

  get ifindex(): number {
    return this.#packet.ifindex ?? 0;
  }

  /** `size` bytes (1, 2 or 4) at `offset`, as an unsigned number in network order. */
  load(offset: number, size: number): number {
    const { bytes } = this.#packet;
    if (offset < 0 || offset + size > bytes.length) {
      this.failed = true;
      return 0;
    }
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (bytes[offset + i] ?? 0);
    return value;
  }
}

export type Predicate = (packet: PacketReader) => boolean;

export const not =
  (predicate: Predicate): Predicate =>
  (packet) =>
    !predicate(packet);
export const all =
  (...predicates: readonly Predicate[]): Predicate =>
  (packet) =>
    predicates.every((predicate) => predicate(packet));
export const any =
  (...predicates: readonly Predicate[]): Predicate =>
  (packet) =>
    predicates.some((predicate) => predicate(packet));
