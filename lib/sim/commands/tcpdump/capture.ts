import { WaitQueue } from '../../base/index.ts';
import { ARPHRD, getLink, IFF, type NetNs, openTap, type TappedFrame } from '../../kernel/index.ts';
import type { CaptureDevice } from './devices.ts';
import type { Filter, FilteredPacket, LinkType } from './filter/filter.ts';
import type { Settings } from './options.ts';
import type { CapturedPacket } from './pcap-file.ts';

const PACKET_TYPE: Readonly<Record<TappedFrame['packetType'], number>> = {
  host: 0,
  broadcast: 1,
  multicast: 2,
  otherhost: 3,
  outgoing: 4,
  loopback: 5,
};
const ETHERNET_HEADER = 14;
const COOKED_HEADER = 20;
/** Devices whose packets have no link-layer header. */
const RAW_TYPES: readonly string[] = ['ipip', 'sit', 'none'];

/** Packets of a device that pass a filter, as they come (a packet socket with a BPF program). */
export class LiveCapture {
  readonly arrived = new WaitQueue();
  readonly linkType: LinkType;
  /** Packets that passed the filter, also those that nobody took. */
  received = 0;
  #packets: CapturedPacket[] = [];
  #close: (() => void) | undefined;

  constructor(
    private readonly ns: NetNs,
    private readonly device: CaptureDevice,
    private readonly settings: Settings,
    /** Microseconds since the Unix epoch at virtual time 0. */
    private readonly epoch: number,
  ) {
    this.linkType =
      device.ifindex === 0 ? 'LINUX_SLL2' : RAW_TYPES.includes(device.link?.type ?? '') ? 'RAW' : 'EN10MB';
  }

  start(filter: Filter): void {
    const { device, settings } = this;
    const tap = openTap(this.ns, {
      ifindex: device.ifindex,
      promiscuous: settings.promiscuous && device.ifindex !== 0,
      onFrame: (frame) => this.#frame(frame, filter),
    });
    this.#close = () => tap.close();
  }

  stop(): void {
    this.#close?.();
    this.#close = undefined;
  }

  take(): CapturedPacket | undefined {
    return this.#packets.shift();
  }

  get waiting(): boolean {
    return this.#packets.length > 0;
  }

  #frame(frame: TappedFrame, filter: Filter): void {
    const outgoing = frame.packetType === 'outgoing';
    // Of a packet on the loopback device, which goes out and comes in, libpcap takes only the second.
    if (outgoing && isLoopback(this.ns, frame.ifindex)) return;
    if (this.settings.direction !== undefined && (this.settings.direction === 'out') !== outgoing) return;
    const bytes = this.linkType === 'LINUX_SLL2' ? cooked(this.ns, frame) : frame.bytes();
    const packet: FilteredPacket = { bytes, wireLength: bytes.length, outgoing, ifindex: frame.ifindex };
    if (!filter(packet)) return;
    this.received++;
    this.#packets.push({
      at: this.epoch + frame.at,
      bytes: bytes.slice(0, this.settings.snapLength),
      wireLength: bytes.length,
    });
    this.arrived.wake();
  }
}

const isLoopback = (ns: NetNs, ifindex: number): boolean => ((getLink(ns, ifindex)?.flags ?? 0) & IFF.LOOPBACK) !== 0;

/**
 * LINKTYPE_LINUX_SLL2: what a packet of `any` has in place of its link-layer header.
 *
 *     protocol 2 | reserved 2 | ifindex 4 | ARPHRD 2 | packet type 1 | address length 1 | source address 8
 */
function cooked(ns: NetNs, frame: TappedFrame): Uint8Array {
  const whole = frame.bytes();
  const header = frame.headless ? 0 : ETHERNET_HEADER;
  const bytes = new Uint8Array(whole.length - header + COOKED_HEADER);
  const view = new DataView(bytes.buffer);
  if (frame.headless) view.setUint16(0, frame.ethertype);
  else bytes.set(whole.subarray(12, 14), 0);
  view.setUint32(4, frame.ifindex);
  view.setUint16(8, ARPHRD[getLink(ns, frame.ifindex)?.type ?? 'ether']);
  view.setUint8(10, PACKET_TYPE[frame.packetType]);
  if (!frame.headless) {
    view.setUint8(11, 6);
    bytes.set(whole.subarray(6, 12), 12);
  }
  bytes.set(whole.subarray(header), COOKED_HEADER);
  return bytes;
}
