import type { Mac, Micros } from '../../base/index.ts';
import { EVENT_CODE, type TraceEvent } from '../../trace/index.ts';
import type { Bridge } from './bridge.ts';
import type { BridgePort } from './port.ts';

/** One MAC address that the bridge knows (struct net_bridge_fdb_entry). */
export type FdbEntry = {
  readonly mac: Mac;
  /** undefined: the bridge's own address. */
  port: BridgePort | undefined;
  /** Frames to it are for this host: shown `permanent`. */
  local: boolean;
  /** Never ages: `static`, and all local ones. */
  fixed: boolean;
  sticky: boolean;
  externLearn: boolean;
  updated: Micros;
  used: Micros;
};

/** Bounds what forged source addresses can fill (fdb_max_learned is unlimited on Linux; memory is not). */
const LEARNED_LIMIT = 8192;

/** The forwarding database of a bridge: which port leads to which MAC address. Entries age; the dead are dropped when met. */
export class Fdb {
  readonly #bridge: Bridge;
  readonly #entries = new Map<Mac, FdbEntry>();

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Newest first, as the kernel lists them. */
  list(): FdbEntry[] {
    for (const entry of this.#entries.values()) this.#expire(entry);
    return [...this.#entries.values()].reverse();
  }

  find(mac: Mac): FdbEntry | undefined {
    const entry = this.#entries.get(mac);
    return entry === undefined || this.#expire(entry) ? undefined : entry;
  }

  /** br_fdb_update(): a frame from `mac` came in on `port`. */
  learn(port: BridgePort, mac: Mac): void {
    const now = this.#now;
    if (this.#bridge.ageingTime === 0) return;
    const entry = this.find(mac);
    if (entry === undefined) {
      if (this.#entries.size >= LEARNED_LIMIT) return;
      this.#entries.set(mac, {
        mac,
        port,
        local: false,
        fixed: false,
        sticky: false,
        externLearn: false,
        updated: now,
        used: now,
      });
      this.#trace(port, mac, 'learnt');
      return;
    }
    // Its own address as a source: the sign of a loop. The entry stays.
    if (entry.local) return;
    if (entry.port !== port && !entry.sticky) {
      entry.port = port;
      this.#trace(port, mac, 'moved');
    }
    entry.updated = now;
  }

  /** fdb_add_local(): the address of a port, or of the bridge itself (`port` undefined). The first owner keeps it. */
  addLocal(port: BridgePort | undefined, mac: Mac): void {
    if (mac === 0) return;
    const known = this.#entries.get(mac);
    if (known?.local === true) return;
    this.#entries.delete(mac);
    this.#entries.set(mac, {
      mac,
      port,
      local: true,
      fixed: true,
      sticky: false,
      externLearn: false,
      updated: this.#now,
      used: this.#now,
    });
  }

  /** fdb_delete_local(): if another port, or the bridge, has the same address, the entry becomes theirs. */
  deleteLocal(port: BridgePort | undefined, mac: Mac): void {
    const entry = this.#entries.get(mac);
    if (entry?.local !== true || entry.port !== port) return;
    const heir = this.#bridge.ports.find((p) => p !== port && p.link.mac === mac);
    if (heir !== undefined) entry.port = heir;
    else if (port !== undefined && this.#bridge.link.mac === mac) entry.port = undefined;
    else this.#entries.delete(mac);
  }

  set(entry: FdbEntry): void {
    this.#entries.set(entry.mac, entry);
  }

  delete(mac: Mac): void {
    this.#entries.delete(mac);
  }

  /** br_fdb_delete_by_port(): what was learnt there; with `all` also static entries. Local ones go with the port itself. */
  flushPort(port: BridgePort, all: boolean): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.port !== port || (entry.fixed && !all)) continue;
      if (entry.local) this.deleteLocal(port, entry.mac);
      else this.#entries.delete(entry.mac);
      this.#trace(port, entry.mac, 'flushed');
    }
  }

  /** br_fdb_flush(): everything learnt. */
  flush(): void {
    for (const entry of [...this.#entries.values()]) if (!entry.fixed) this.#entries.delete(entry.mac);
  }

  get #now(): Micros {
    return this.#bridge.link.ns.kernel.events.now;
  }

  #expire(entry: FdbEntry): boolean {
    if (entry.fixed || entry.externLearn || this.#now - entry.updated <= this.#bridge.ageingTime * 10_000) return false;
    this.#entries.delete(entry.mac);
    if (entry.port !== undefined) this.#trace(entry.port, entry.mac, 'aged');
    return true;
  }

  #trace(port: BridgePort, mac: Mac, change: Extract<TraceEvent, { type: 'fdb' }>['change']): void {
    const { ns } = this.#bridge.link;
    const { trace } = ns.kernel;
    trace.fold(EVENT_CODE.fdb, ns.number, port.link.ifindex, mac, change.length);
    if (trace.live) {
      trace.publish({
        type: 'fdb',
        at: trace.now,
        node: ns.kernel.name,
        netns: ns.inode,
        bridge: this.#bridge.link.name,
        dev: port.link.name,
        mac,
        change,
      });
    }
  }
}
