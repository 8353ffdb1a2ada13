import { type Mac, macBytes, macFromBytes } from '../../base/index.ts';
import { get16, get32, put16, put32, type UnknownPayload } from '../../wire/index.ts';

/** A bridge, by its priority first (IEEE 802.1D section 9.2.5). */
export type BridgeId = { readonly priority: number; readonly mac: Mac };

export const compareIds = (a: BridgeId, b: BridgeId): number => a.priority - b.priority || a.mac - b.mac;
export const sameId = (a: BridgeId, b: BridgeId): boolean => compareIds(a, b) === 0;

/**
 * Configuration message (IEEE 802.1D section 9.3.1), in an 802.3 frame behind LLC 42 42 03.
 *
 *   | protocol 2 | version 1 | type 1 | flags 1 | root 8 | cost 4 | bridge 8 | port 2 | age 2 | max age 2 | hello 2 | delay 2 |
 *
 * Times here are in 1/100 s; on the wire they are in 1/256 s.
 */
export type ConfigBpdu = {
  readonly topologyChange: boolean;
  readonly topologyChangeAck: boolean;
  readonly root: BridgeId;
  readonly cost: number;
  readonly bridge: BridgeId;
  readonly port: number;
  readonly messageAge: number;
  readonly maxAge: number;
  readonly helloTime: number;
  readonly forwardDelay: number;
};

const LLC = 3;
const CONFIG_LENGTH = 35;
const CHANGE = 0x80;

const toWire = (hundredths: number): number => Math.floor((hundredths * 256) / 100);
const fromWire = (value: number): number => Math.floor((value * 100) / 256);

/** An 802.3 frame has its length where others have their type. */
function frame(bytes: Uint8Array): UnknownPayload {
  const padded = new Uint8Array(Math.max(46, bytes.length));
  padded.set(bytes);
  return { kind: 'unknown', ethertype: bytes.length, bytes: padded.slice(0, bytes.length) };
}

export function emitConfig(bpdu: ConfigBpdu): UnknownPayload {
  const b = new Uint8Array(LLC + CONFIG_LENGTH);
  b.set([0x42, 0x42, 3]);
  b[7] = (bpdu.topologyChange ? 1 : 0) | (bpdu.topologyChangeAck ? CHANGE : 0);
  putId(b, 8, bpdu.root);
  put32(b, 16, bpdu.cost);
  putId(b, 20, bpdu.bridge);
  put16(b, 28, bpdu.port);
  const times = [bpdu.messageAge, bpdu.maxAge, bpdu.helloTime, bpdu.forwardDelay];
  times.forEach((time, i) => put16(b, 30 + 2 * i, toWire(time)));
  return frame(b);
}

/** Topology change notification (section 9.3.2). */
export const emitChange = (): UnknownPayload => frame(Uint8Array.of(0x42, 0x42, 3, 0, 0, 0, CHANGE));

/** undefined: no message of the spanning tree protocol. */
export function parseBpdu({ bytes: b }: UnknownPayload): ConfigBpdu | 'change' | undefined {
  if (b[0] !== 0x42 || b[1] !== 0x42 || b[2] !== 3 || b.length < 7 || get16(b, 3) !== 0) return undefined;
  if (b[6] === CHANGE) return 'change';
  if (b[6] !== 0 || b.length < LLC + CONFIG_LENGTH) return undefined;
  const flags = b[7] as number;
  const [messageAge = 0, maxAge = 0, helloTime = 0, forwardDelay = 0] = [30, 32, 34, 36].map((at) =>
    fromWire(get16(b, at)),
  );
  return {
    topologyChange: (flags & 1) !== 0,
    topologyChangeAck: (flags & CHANGE) !== 0,
    root: getId(b, 8),
    cost: get32(b, 16),
    bridge: getId(b, 20),
    port: get16(b, 28),
    messageAge,
    maxAge,
    helloTime,
    forwardDelay,
  };
}

function putId(b: Uint8Array, at: number, { priority, mac }: BridgeId): void {
  put16(b, at, priority);
  b.set(macBytes(mac), at + 2);
}

const getId = (b: Uint8Array, at: number): BridgeId => ({ priority: get16(b, at), mac: macFromBytes(b, at + 2) });
