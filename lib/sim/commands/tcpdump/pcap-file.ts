import type { Micros } from '../../base/index.ts';
import type { LinkType } from './filter/filter.ts';

/**
 * The classic capture file (pcap-savefile(5)), little-endian with microseconds when written; read in either byte order
 * and with microseconds or nanoseconds.
 *
 *     magic  version  zone  sigfigs  snaplen  linktype        24 bytes
 *     ( seconds  microseconds  captured  original  bytes )*   16 bytes and the packet
 */
export type CapturedPacket = {
  /** Microseconds since the Unix epoch. */
  readonly at: Micros;
  /** At most the snapshot length. */
  readonly bytes: Uint8Array;
  readonly wireLength: number;
};

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const MAGIC_PCAPNG = 0x0a0d0d0a;
const LINKTYPE: Readonly<Record<LinkType, number>> = { EN10MB: 1, LINUX_SLL2: 276, RAW: 101 };

export function pcapHeader(linkType: LinkType, snapshotLength: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, MAGIC_MICROSECONDS, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapshotLength, true);
  view.setUint32(20, LINKTYPE[linkType], true);
  return new Uint8Array(view.buffer);
}

export function pcapRecord(packet: CapturedPacket): Uint8Array {
  const record = new Uint8Array(16 + packet.bytes.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, Math.floor(packet.at / 1_000_000), true);
  view.setUint32(4, packet.at % 1_000_000, true);
  view.setUint32(8, packet.bytes.length, true);
  view.setUint32(12, packet.wireLength, true);
  record.set(packet.bytes, 16);
  return record;
}

export function pcapFile(linkType: LinkType, snapshotLength: number, packets: readonly CapturedPacket[]): Uint8Array {
  const parts = [pcapHeader(linkType, snapshotLength), ...packets.map(pcapRecord)];
  const file = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

export type ParsedCapture =
  | {
      readonly ok: true;
      readonly linkType: LinkType;
      readonly snapshotLength: number;
      readonly packets: CapturedPacket[];
      readonly truncated?: string;
    }
  /** `unsupported` is a file that the real tool would read. */
  | { readonly ok: false; readonly error: string; readonly unsupported?: boolean };

/** Errors are libpcap's (sf-pcap.c). A file cut short gives the packets before the cut and `truncated`. */
export function parsePcap(file: Uint8Array): ParsedCapture {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4)
    return { ok: false, error: `truncated dump file; tried to read 4 file header bytes, only got ${file.length}` };
  const little = [MAGIC_MICROSECONDS, MAGIC_NANOSECONDS].includes(view.getUint32(0, true));
  const magic = view.getUint32(0, little);
  if (magic === MAGIC_PCAPNG) return { ok: false, error: 'pcapng files', unsupported: true };
  if (magic !== MAGIC_MICROSECONDS && magic !== MAGIC_NANOSECONDS) return { ok: false, error: 'unknown file format' };
  if (file.length < 24)
    return { ok: false, error: `truncated dump file; tried to read 24 file header bytes, only got ${file.length}` };
  const number = view.getUint32(20, little) & 0x03ff_ffff;
  const linkType = (Object.keys(LINKTYPE) as LinkType[]).find((name) => LINKTYPE[name] === number);
  if (linkType === undefined) return { ok: false, error: `files of link type ${number}`, unsupported: true };
  const packets: CapturedPacket[] = [];
  const capture = { ok: true as const, linkType, snapshotLength: view.getUint32(16, little), packets };
  const perMicro = magic === MAGIC_NANOSECONDS ? 1000 : 1;
  for (let at = 24; at < file.length; ) {
    const left = file.length - at;
    if (left < 16)
      return { ...capture, truncated: `truncated dump file; tried to read 16 header bytes, only got ${left}` };
    const captured = view.getUint32(at + 8, little);
    if (left - 16 < captured) {
      return {
        ...capture,
        truncated: `truncated dump file; tried to read ${captured} captured bytes, only got ${left - 16}`,
      };
    }
    packets.push({
      at: view.getUint32(at, little) * 1_000_000 + Math.floor(view.getUint32(at + 4, little) / perMicro),
      bytes: file.slice(at + 16, at + 16 + captured),
      wireLength: view.getUint32(at + 12, little),
    });
    at += 16 + captured;
  }
  return capture;
}
