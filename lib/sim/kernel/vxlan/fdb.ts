import { type Ip, type Mac, type Micros, SECOND } from '../../base/index.ts';
import { EVENT_CODE } from '../../trace/index.ts';
import type { FdbMessage, FdbTunnel } from '../messages.ts';
import type { Vxlan } from './vxlan.ts';

/** One far end (struct vxlan_rdst). */
export type Remote = {
  dst: Ip | undefined;
  readonly port: number;
  readonly vni: number;
  /** ifindex in the underlay. */
  readonly via: number;
};

/** Where frames to one MAC address go (struct vxlan_fdb). The address 0 stands for all that have no entry. */
export type VxlanFdbEntry = {
  readonly mac: Mac;
  state: 'permanent' | 'static' | 'reachable';
  readonly remotes: Remote[];
  updated: Micros;
  used: Micros;
};

export const DEFAULT = 0 as Mac;
/** Memory is bounded where Linux' is not. */
const LEARNED_LIMIT = 8192;

export class VxlanFdb {
  readonly #vxlan: Vxlan;
  readonly #entries = new Map<Mac, VxlanFdbEntry>();

  constructor(vxlan: Vxlan) {
    this.#vxlan = vxlan;
  }

  /** Newest first. */
  list(): VxlanFdbEntry[] {
    for (const entry of this.#entries.values()) this.#expire(entry);
    return [...this.#entries.values()].reverse();
  }

  find(mac: Mac): VxlanFdbEntry | undefined {
    const entry = this.#entries.get(mac);
    return entry === undefined || this.#expire(entry) ? undefined : entry;
  }

  /** vxlan_find_mac() as sending uses it: the entry of the address, or the default one. */
  wayTo(mac: Mac): VxlanFdbEntry | undefined {
    const entry = this.find(mac) ?? this.find(DEFAULT);
    if (entry !== undefined) entry.used = this.#now;
    return entry;
  }

  set(mac: Mac, state: VxlanFdbEntry['state'], remote: Remote): void {
    this.#entries.set(mac, { mac, state, remotes: [remote], updated: this.#now, used: this.#now });
    this.#tell(mac, 'newfdb');
  }

  delete(mac: Mac): void {
    this.#tell(mac, 'delfdb');
    this.#entries.delete(mac);
  }

  changed(mac: Mac): void {
    this.#tell(mac, 'newfdb');
  }

  /** vxlan_snoop(): a frame from `mac` came out of the tunnel from `src`. 'refused': a fixed entry says otherwise. */
  learn(mac: Mac, src: Ip): 'learnt' | 'refused' {
    const { config, link } = this.#vxlan;
    const entry = this.find(mac);
    if (entry === undefined) {
      const limit = config.limit === 0 ? LEARNED_LIMIT : config.limit;
      if (this.#entries.size < limit && link.up) {
        this.set(mac, 'reachable', { dst: src, port: 0, vni: config.id, via: 0 });
        this.#trace(mac, 'learnt');
      }
      return 'learnt';
    }
    const [first] = entry.remotes;
    entry.updated = this.#now;
    if (first === undefined || first.dst === src) return 'learnt';
    if (entry.state !== 'reachable') return 'refused';
    first.dst = src;
    this.#tell(mac, 'newfdb');
    this.#trace(mac, 'moved');
    return 'learnt';
  }

  /** vxlan_flush() of a device that goes down: what was learnt. */
  flushLearnt(): void {
    for (const entry of [...this.#entries.values()]) if (entry.state === 'reachable') this.delete(entry.mac);
  }

  /** The default entry follows the device's remote; far ends that a user gave it stay. */
  setDefault(remote: Remote | undefined, old?: Remote): void {
    const entry = this.find(DEFAULT);
    if (entry === undefined) {
      if (remote !== undefined) this.set(DEFAULT, 'permanent', remote);
      return;
    }
    if (remote !== undefined) entry.remotes.push(remote);
    const at = entry.remotes.findIndex((one) => one.dst === old?.dst);
    if (old !== undefined && at !== -1) entry.remotes.splice(at, 1);
    if (entry.remotes.length === 0) this.delete(DEFAULT);
    else this.changed(DEFAULT);
  }

  get size(): number {
    return this.#entries.size;
  }

  get #now(): Micros {
    return this.#vxlan.link.ns.kernel.events.now;
  }

  #expire(entry: VxlanFdbEntry): boolean {
    const { ageing } = this.#vxlan.config;
    if (entry.state !== 'reachable' || ageing === 0 || this.#now - entry.updated < ageing * SECOND) return false;
    this.delete(entry.mac);
    this.#trace(entry.mac, 'aged');
    return true;
  }

  #tell(mac: Mac, type: 'newfdb' | 'delfdb'): void {
    const { link } = this.#vxlan;
    const entry = this.#entries.get(mac);
    if (!link.ns.watched || entry === undefined) return;
    for (const fdb of messagesOf(this.#vxlan, entry).slice(0, 1)) link.ns.notify({ type, fdb });
  }

  #trace(mac: Mac, change: 'learnt' | 'moved' | 'aged'): void {
    const { link } = this.#vxlan;
    const { ns } = link;
    const { trace } = ns.kernel;
    trace.fold(EVENT_CODE.fdb, ns.number, link.ifindex, mac, change.length);
    if (!trace.live) return;
    const where = { at: trace.now, node: ns.kernel.name, netns: ns.inode };
    trace.publish({ type: 'fdb', ...where, bridge: link.name, dev: link.name, mac, change });
  }
}

/** vxlan_fdb_info(): one message for each far end. What is as the device's own is left out. */
export function messagesOf(vxlan: Vxlan, entry: VxlanFdbEntry): FdbMessage[] {
  const { link, underlay, config } = vxlan;
  const { now } = link.ns.kernel.events;
  return entry.remotes.map(({ dst, port, vni, via }) => ({
    ifindex: link.ifindex,
    mac: entry.mac,
    master: undefined,
    self: true,
    state: entry.state === 'reachable' ? '' : entry.state,
    vlan: undefined,
    sticky: false,
    externLearn: false,
    used: Math.floor((now - entry.used) / SECOND),
    updated: Math.floor((now - entry.updated) / SECOND),
    tunnel: {
      dst,
      port: port === 0 || port === config.dstPort ? undefined : port,
      vni: vni === config.id ? undefined : vni,
      via: via === 0 ? undefined : via,
      netnsId: underlay === link.ns ? undefined : link.ns.nsids.allocate(underlay),
    } satisfies FdbTunnel,
  }));
}
