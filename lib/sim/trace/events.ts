import type { Ip, Mac, Micros } from '../base/index.ts';
import type { EthernetPayload } from '../wire/index.ts';
import type { DropReason } from './drop-reason.ts';

/** Where something happened. `dev` is a device name in that namespace. */
export type Place = { readonly at: Micros; readonly node: string; readonly netns: number };

/** A packet as it was at that moment. `id` stays the same along its way; copies that a bridge floods share it. */
export type PacketRef = {
  readonly id: number;
  readonly src: Mac;
  readonly dst: Mac;
  readonly payload: EthernetPayload;
  readonly length: number;
};

/** Why this route: which rule led to which table, and which prefix matched there. */
export type RouteDecision = {
  readonly family: 4 | 6;
  readonly dst: Ip;
  readonly src: Ip | undefined;
  readonly iif: string | undefined;
  readonly mark: number;
  /** 'none': no rule led to a route. */
  readonly outcome: 'unicast' | 'local' | 'broadcast' | 'multicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'none';
  readonly rule: number | undefined;
  readonly table: number | undefined;
  /** The matching prefix, as text: `10.1.1.0/24`. */
  readonly prefix: string | undefined;
  readonly gateway: Ip | undefined;
  readonly dev: string | undefined;
  readonly source: Ip | undefined;
};

export type TraceEvent = Place &
  (
    | { readonly type: 'tx' | 'rx'; readonly dev: string; readonly packet: PacketRef }
    | {
        readonly type: 'bridge';
        readonly bridge: string;
        readonly from: string;
        readonly to: readonly string[];
        readonly why: 'known' | 'flood' | 'broadcast' | 'multicast' | 'local';
        readonly packet: PacketRef;
      }
    | {
        readonly type: 'fdb';
        readonly bridge: string;
        readonly dev: string;
        readonly mac: Mac;
        readonly change: 'learnt' | 'moved' | 'aged' | 'flushed';
      }
    | {
        readonly type: 'neigh-lookup';
        readonly dev: string;
        readonly address: Ip;
        readonly state: string;
        readonly outcome: 'resolved' | 'queued' | 'refused';
        readonly packet: PacketRef;
      }
    | {
        readonly type: 'neigh-state';
        readonly dev: string;
        readonly address: Ip;
        readonly from: string;
        readonly to: string;
        readonly lladdr: Mac | undefined;
      }
    | { readonly type: 'route'; readonly decision: RouteDecision }
    | {
        readonly type: 'hook';
        readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
        readonly verdict: 'accept' | 'drop' | 'stolen';
        readonly packet: PacketRef;
      }
    /** A rule that matched: `number` counts from 1 in its chain; `action` is its target, '' when it only counts. */
    | {
        readonly type: 'rule';
        readonly table: string;
        readonly chain: string;
        readonly number: number;
        readonly action: string;
        readonly packet: PacketRef;
      }
    /** No rule of a base chain decided. */
    | {
        readonly type: 'policy';
        readonly table: string;
        readonly chain: string;
        readonly policy: 'ACCEPT' | 'DROP';
        readonly packet: PacketRef;
      }
    | { readonly type: 'forward'; readonly from: string; readonly to: string; readonly packet: PacketRef }
    | { readonly type: 'local'; readonly dev: string; readonly packet: PacketRef }
    | { readonly type: 'socket'; readonly socket: string; readonly packet: PacketRef }
    | {
        readonly type: 'drop';
        readonly reason: DropReason;
        readonly dev: string | undefined;
        readonly packet: PacketRef;
      }
  );

/** The number of each type in the trace hash: append, never reorder. */
export const EVENT_CODE = {
  tx: 1,
  rx: 2,
  bridge: 3,
  fdb: 4,
  'neigh-lookup': 5,
  'neigh-state': 6,
  route: 7,
  hook: 8,
  forward: 9,
  local: 10,
  socket: 11,
  drop: 12,
  rule: 13,
  policy: 14,
} as const satisfies Record<TraceEvent['type'], number>;
