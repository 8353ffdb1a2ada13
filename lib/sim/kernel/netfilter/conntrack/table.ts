import { type Ip, SECOND } from '../../../base/index.ts';
import type { Direction } from '../../ct-ref.ts';
import { kernelLog } from '../../log.ts';
import type { NetNs } from '../../netns.ts';
import { slot } from '../../slot.ts';
import { TokenBucket } from '../token-bucket.ts';
import { Entry } from './entry.ts';
import { tcpTimeout } from './tcp.ts';
import { invert, type Tuple, tupleKey } from './tuple.ts';
import { NO_ZONE, type Zone, zoneId } from './zone.ts';

export type ConntrackEvent = {
  readonly type: 'NEW' | 'UPDATE' | 'DESTROY';
  readonly entry: Entry;
  /** The netlink port of whoever asked for it; undefined: it came by packets and time. */
  readonly by?: number | undefined;
};

export type Found = { readonly entry: Entry; readonly direction: Direction };

/** Counters of `conntrack -S`. */
export type ConntrackStats = {
  found: number;
  invalid: number;
  insert: number;
  insertFailed: number;
  drop: number;
  earlyDrop: number;
  error: number;
  clashResolve: number;
};

/**
 * The connections of one namespace, found by either direction's tuple. What is past its time is gone for whoever looks,
 * and leaves the table when a look or a full table meets it: no timer is needed.
 *
 * It works only while something asks for it (nf_ct_netns_get): rules with conntrack matches or NAT targets.
 */
export class Conntrack {
  readonly #ns: NetNs;
  readonly #byTuple = new Map<string, Found>();
  readonly #entries = new Set<Entry>();
  readonly #listeners = new Set<(event: ConntrackEvent) => void>();
  readonly stats: ConntrackStats = {
    found: 0,
    invalid: 0,
    insert: 0,
    insertFailed: 0,
    drop: 0,
    earlyDrop: 0,
    error: 0,
    clashResolve: 0,
  };
  /** Puts it on the hooks; the returned function takes it off. */
  onActivate: (() => () => void) | undefined;
  #users = 0;
  #deactivate: (() => void) | undefined;
  #nextId = 1;
  #warnings: TokenBucket | undefined;

  constructor(ns: NetNs) {
    this.#ns = ns;
    Object.defineProperty(ns.netfilter, 'nf_conntrack_count', { get: () => this.count, enumerable: true });
  }

  /** A rule needs it (or, with -1, ceased to). */
  use(change: 1 | -1): void {
    this.#users += change;
    if (this.#users > 0) this.#deactivate ??= this.onActivate?.();
    else {
      this.#deactivate?.();
      this.#deactivate = undefined;
    }
  }

  get count(): number {
    this.#collect();
    return this.#entries.size;
  }

  #key(tuple: Tuple, id: number): string {
    return id === 0 ? tupleKey(tuple) : `${id}/${tupleKey(tuple)}`;
  }

  /** resolve_normal_ct(): the zone says in which of its directions a packet was meant when it was found. */
  find(tuple: Tuple, zone: Zone = NO_ZONE): Found | undefined {
    const ids = new Set([zoneId(zone, 'original'), zoneId(zone, 'reply')]);
    for (const id of ids) {
      const found = this.#findIn(tuple, id);
      if (found !== undefined && zoneId(found.entry.zone, found.direction) === zoneId(zone, found.direction))
        return found;
    }
    return undefined;
  }

  #findIn(tuple: Tuple, id: number): Found | undefined {
    const found = this.#byTuple.get(this.#key(tuple, id));
    if (found === undefined) return undefined;
    if (found.entry.expires > this.#ns.kernel.events.now) return found;
    this.delete(found.entry);
    return undefined;
  }

  /** init_conntrack(): not in the table before `confirm`. undefined: the table is full, or nothing can answer. */
  create(tuple: Tuple, zone: Zone): Entry | 'full' | undefined {
    const reply = invert(tuple);
    if (reply === undefined) return undefined;
    const max = this.#ns.netfilter.nf_conntrack_max;
    if (max > 0 && this.#entries.size >= max && !this.#makeRoom()) return 'full';
    return new Entry(this.#nextId++, tuple, reply, zone, this.#ns.kernel.events.now);
  }

  /** __nf_conntrack_confirm(): false when another connection took one of the tuples meanwhile. */
  confirm(entry: Entry): boolean {
    if (entry.confirmed || entry.dying) return !entry.dying;
    if (this.find(entry.original, entry.zone) !== undefined || this.find(entry.reply, entry.zone) !== undefined) {
      this.stats.insertFailed++;
      return false;
    }
    entry.confirmed = true;
    this.#entries.add(entry);
    this.#byTuple.set(this.#key(entry.original, zoneId(entry.zone, 'original')), { entry, direction: 'original' });
    this.#byTuple.set(this.#key(entry.reply, zoneId(entry.zone, 'reply')), { entry, direction: 'reply' });
    this.publish('NEW', entry);
    return true;
  }

  /** ctnetlink_create_conntrack(): an entry made by hand. False: there is one already. */
  insert(original: Tuple, reply: Tuple, zone: Zone, make: (entry: Entry) => void): boolean {
    const entry = new Entry(this.#nextId++, original, reply, zone, this.#ns.kernel.events.now);
    make(entry);
    return this.confirm(entry);
  }

  delete(entry: Entry, by?: number): void {
    if (entry.dying) return;
    entry.dying = true;
    if (!this.#entries.delete(entry)) return;
    this.#byTuple.delete(this.#key(entry.original, zoneId(entry.zone, 'original')));
    this.#byTuple.delete(this.#key(entry.reply, zoneId(entry.zone, 'reply')));
    this.publish('DESTROY', entry, by);
  }

  /** Living entries, oldest first. */
  entries(): Entry[] {
    this.#collect();
    return [...this.#entries];
  }

  flush(by?: number): void {
    for (const entry of [...this.#entries]) this.delete(entry, by);
  }

  /** Masquerading's connections end with the address or device that they used (nf_nat_masquerade.c). */
  deleteMasqueraded(ifindex: number, address: Ip | undefined): void {
    for (const entry of [...this.#entries]) {
      if (entry.masqueraded === ifindex && (address === undefined || entry.reply.dst === address)) this.delete(entry);
    }
  }

  /** nf_ct_refresh(): a packet of the connection passed. */
  refresh(entry: Entry): void {
    const { now } = this.#ns.kernel.events;
    entry.expires = now + this.timeout(entry) * SECOND;
  }

  /** Seconds that the entry may stay silent in its state. */
  timeout(entry: Entry): number {
    const values = this.#ns.netfilter;
    switch (entry.original.protocol) {
      case 1:
        return values.nf_conntrack_icmp_timeout;
      case 58:
        return values.nf_conntrack_icmpv6_timeout;
      case 6:
        return values[tcpTimeout(entry.tcp ?? 'NONE') as keyof typeof values];
      case 17:
        return entry.assured ? values.nf_conntrack_udp_timeout_stream : values.nf_conntrack_udp_timeout;
      case 47:
        return entry.seenReply ? values.nf_conntrack_gre_timeout_stream : values.nf_conntrack_gre_timeout;
      default:
        return values.nf_conntrack_generic_timeout;
    }
  }

  /** Is there a connection, of another entry, whose answers would look like these? (nf_conntrack_tuple_taken) */
  taken(reply: Tuple, zone: Zone, except: Entry): boolean {
    const found = this.find(reply, zone);
    return found !== undefined && found.entry !== except;
  }

  subscribe(listener: (event: ConntrackEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(type: ConntrackEvent['type'], entry: Entry, by?: number): void {
    for (const listener of this.#listeners) listener({ type, entry, by });
  }

  /** Of a full table: what is past its time, then a connection that nobody answered (early_drop). */
  #makeRoom(): boolean {
    const before = this.#entries.size;
    this.#collect();
    if (this.#entries.size < before) return true;
    for (const entry of this.#entries) {
      if (entry.assured) continue;
      this.stats.earlyDrop++;
      this.delete(entry);
      return true;
    }
    this.stats.drop++;
    this.#tellFull();
    return false;
  }

  /** net_warn_ratelimited(): at most `message_burst` lines in `message_cost` seconds. */
  #tellFull(): void {
    const { kernel } = this.#ns;
    const { message_burst: burst, message_cost: cost } = kernel.init.core;
    this.#warnings ??= new TokenBucket((cost * SECOND) / burst, burst);
    const { now } = kernel.events;
    const where = this.#ns.isInit ? '' : ` in netns ${this.#ns.inode}`;
    if (this.#warnings.take(now))
      kernelLog(kernel).write({
        at: now,
        level: 4,
        text: `nf_conntrack: nf_conntrack: table full${where}, dropping packet`,
      });
  }

  #collect(): void {
    const { now } = this.#ns.kernel.events;
    for (const entry of this.#entries) if (entry.expires <= now) this.delete(entry);
  }
}

export const conntrackOf = slot((ns: NetNs) => new Conntrack(ns));
