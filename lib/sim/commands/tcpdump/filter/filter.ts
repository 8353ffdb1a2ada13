/**
 * The capture filter of tcpdump: the language of pcap-filter(7), compiled to tests over the bytes of a packet.
 *
 * It sees what a BPF program sees (bytes, length, direction, device) and nothing else; it knows no frames of the
 * kernel, so that it filters a file as it filters a device.
 */
import type { NameService } from './identifiers.ts';
import { type FilteredPacket, type LinkType, PacketReader } from './packet.ts';
import { FilterParser } from './parser.ts';
import { Layout } from './primitives.ts';

export { FilterError, FilterNotSimulated } from './errors.ts';
export type { NameService } from './identifiers.ts';
export type { FilteredPacket, LinkType } from './packet.ts';

export type Filter = (packet: FilteredPacket) => boolean;

export type FilterContext = {
  readonly linkType: LinkType;
  /** Whether packets come from a device, not from a file. */
  readonly live: boolean;
  readonly names: NameService;
};

/** Throws FilterError with libpcap's own words, or FilterNotSimulated. The empty expression matches every packet. */
export function compileFilter(expression: string, { linkType, live, names }: FilterContext): Filter {
  const predicate = new FilterParser(expression, new Layout(linkType, live), names).parse();
  const reader = new PacketReader();
  return (packet) => {
    reader.reset(packet);
    const matches = predicate(reader);
    return matches && !reader.failed;
  };
}
