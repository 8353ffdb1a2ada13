import { distance } from './sequence.ts';
import type { TcpSocket } from './socket.ts';

const LARGEST = 65_535;
const SCALE_MAX = 14;

/** Half of a receive buffer is bookkeeping (tcp_adv_win_scale 1). */
const spaceOf = (buffer: number): number => buffer >> 1;

export type InitialWindow = { readonly window: number; readonly scale: number; readonly clamp: number };

/** tcp_select_initial_window(): the window of the first segment, in whole segments of `mss`, and its scale for later ones. */
export function initialWindow(sk: TcpSocket, mss: number, scaling: boolean): InitialWindow {
  const { ipv4, core } = sk.ns;
  const [, initial = 131_072, most = 6_291_456] = ipv4.tcp_rmem;
  const asked = sk.options.receiveBuffer;
  const buffer = asked === undefined ? initial : Math.max(2 * Math.min(asked, core.rmem_max), 2304);
  const space = spaceOf(buffer);
  const whole = space > mss ? space - (space % mss) : space;
  const largest = asked === undefined ? Math.max(space, most, core.rmem_max) : space;
  const scale = scaling ? Math.min(SCALE_MAX, Math.max(0, Math.floor(Math.log2(largest)) - 15)) : 0;
  return { window: Math.min(whole, LARGEST), scale, clamp: Math.min(space, LARGEST * 2 ** scale) };
}

/** What a new connection may receive. */
export function openWindow(sk: TcpSocket, { window, scale, clamp }: InitialWindow): void {
  sk.told = window;
  sk.windowScale = scale;
  sk.receiveThreshold = window;
  sk.windowClamp = Math.max(clamp, window);
  sk.receiveBuffer = 2 * sk.windowClamp;
}

/** tcp_receive_window(): what the peer may still send of what it was told. */
export const receiveWindow = (sk: TcpSocket): number =>
  Math.max(0, sk.told - distance(sk.receiveQueue.next, sk.toldAt));

/** __tcp_select_window(): how much there is room for, in steps that avoid silly windows (RFC 9293 section 3.8.6.2). */
export function freeWindow(sk: TcpSocket): number {
  const full = Math.min(sk.windowClamp, spaceOf(sk.receiveBuffer));
  const used = sk.receiveQueue.length + sk.receiveQueue.waiting;
  let free = Math.max(0, spaceOf(sk.receiveBuffer) - used);
  const mss = Math.min(sk.acks.peerMss, full);
  const step = 2 ** sk.windowScale;
  if (free < full / 2) {
    sk.acks.quick = 0;
    free -= free % step;
    if (free < full / 16 || free < mss) return 0;
  }
  free = Math.min(free, sk.receiveThreshold);
  return sk.windowScale > 0 ? Math.ceil(free / step) * step : free - (free % Math.max(1, mss));
}

/** tcp_select_window(): the window field of a segment; what was told before is not taken back. */
export function windowToTell(sk: TcpSocket, isSyn: boolean): number {
  if (isSyn) {
    sk.toldAt = sk.receiveQueue.next;
    return Math.min(sk.told, LARGEST);
  }
  const scale = sk.peer.scaled ? sk.windowScale : 0;
  const step = 2 ** scale;
  const current = receiveWindow(sk);
  const free = freeWindow(sk);
  const window = free < current ? Math.ceil(current / step) * step : free;
  sk.told = Math.min(window, LARGEST * step);
  sk.toldAt = sk.receiveQueue.next;
  return sk.told / step;
}

/** tcp_grow_window(): a sender that fills segments may send more of them at once. */
export function growWindow(sk: TcpSocket, length: number): void {
  if (length < 128 || sk.receiveThreshold >= sk.windowClamp) return;
  sk.receiveThreshold = Math.min(sk.windowClamp, sk.receiveThreshold + 2 * Math.max(length, sk.acks.peerMss));
}

/** tcp_rcv_space_adjust(): the buffer becomes as large as twice what the application reads in a round trip. */
export function adjustBuffer(sk: TcpSocket, copied: number, now: number): void {
  const { drain, rtt, ns } = sk;
  drain.copied += copied;
  if (now - drain.since < Math.max(rtt.isKnown ? rtt.smoothed : 0, 1)) return;
  if (drain.copied > drain.space && sk.options.receiveBuffer === undefined && ns.ipv4.tcp_moderate_rcvbuf !== 0) {
    const [, , most = 6_291_456] = ns.ipv4.tcp_rmem;
    const wanted = Math.min(most, 2 * (2 * drain.copied + 16 * sk.acks.peerMss));
    if (wanted > sk.receiveBuffer) {
      sk.receiveBuffer = wanted;
      sk.windowClamp = spaceOf(wanted);
    }
    drain.space = drain.copied;
  }
  drain.copied = 0;
  drain.since = now;
}
