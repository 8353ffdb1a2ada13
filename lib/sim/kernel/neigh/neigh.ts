import { type Ip, type Mac, MILLISECOND, type Micros, SECOND, type Timer } from '../../base/index.ts';
import { EVENT_CODE } from '../../trace/index.ts';
import type { Link } from '../link/link.ts';
import type { NudState } from '../messages.ts';
import { drop, packetRef, type Skb } from '../skb.ts';
import { notifyNeigh } from './message.ts';
import type { NeighParms, NeighTable } from './table.ts';

/** What differs between ARP and neighbour discovery. */
export type NeighOps = {
  /** Addresses that need no asking (multicast, broadcast, devices without ARP): their link-layer address. */
  readonly construct: (link: Link, address: Ip) => Mac | undefined;
  /** Asks once. `queued` is the packet that waits longest, if any: its source address may be the one to ask with. */
  readonly solicit: (neigh: Neigh, queued: Skb | undefined) => void;
  /** Tells the sender of a packet that waited in vain. */
  readonly unreachable: (skb: Skb) => void;
  /** Sends a resolved packet. */
  readonly send: (skb: Skb, lladdr: Mac) => void;
};

const CODE: Readonly<Record<NudState, number>> = {
  NONE: 0,
  INCOMPLETE: 1,
  REACHABLE: 2,
  STALE: 4,
  DELAY: 8,
  PROBE: 16,
  FAILED: 32,
  NOARP: 64,
  PERMANENT: 128,
};
const IN_TIMER = CODE.INCOMPLETE | CODE.REACHABLE | CODE.DELAY | CODE.PROBE;
const CONNECTED = CODE.PERMANENT | CODE.NOARP | CODE.REACHABLE;
const VALID = CONNECTED | CODE.PROBE | CODE.STALE | CODE.DELAY;

/** What an update may do (NEIGH_UPDATE_F_*). */
export type UpdateFlags = {
  readonly override?: boolean;
  readonly weakOverride?: boolean;
  readonly admin?: boolean;
  readonly router?: boolean;
};

/**
 * One neighbour and its reachability (net/core/neighbour.c, RFC 4861 section 7.3):
 *
 *   NONE ─send─▶ INCOMPLETE ─answer─▶ REACHABLE ─time─▶ STALE ─send─▶ DELAY ─time─▶ PROBE ─no answer─▶ FAILED
 *                     └──no answer──▶ FAILED                             └─confirmed─▶ REACHABLE
 */
export class Neigh {
  readonly table: NeighTable;
  readonly link: Link;
  readonly address: Ip;
  state: NudState = 'NONE';
  lladdr: Mac | undefined;
  router = false;
  externLearn = false;
  protocol = 0;
  probes = 0;
  confirmed: Micros;
  updated: Micros;
  used: Micros;
  #timer: Timer | undefined;
  #queue: Skb[] = [];
  #queuedBytes = 0;

  constructor(table: NeighTable, link: Link, address: Ip) {
    this.table = table;
    this.link = link;
    this.address = address;
    this.updated = this.#now;
    this.used = this.#now;
    this.confirmed = this.#now - 2 * this.#parms.base_reachable_time_ms * MILLISECOND;
    const fixed = table.ops.construct(link, address);
    if (fixed !== undefined) {
      this.lladdr = fixed;
      this.state = 'NOARP';
    }
  }

  get valid(): boolean {
    return (CODE[this.state] & VALID) !== 0;
  }

  get #now(): Micros {
    return this.table.ns.kernel.events.now;
  }

  get #parms(): NeighParms {
    return this.table.parms(this.link);
  }

  /** neigh_output(): sends at once when the address is known, else the packet waits for the answer. */
  output(skb: Skb): void {
    const state = CODE[this.state];
    if ((state & CONNECTED) === 0) {
      this.used = this.#now;
      if ((state & (CODE.DELAY | CODE.PROBE)) === 0 && !this.#prepare(skb)) return;
    }
    this.#trace(skb, 'resolved');
    this.table.ops.send(skb, this.lladdr as Mac);
  }

  /** neigh_event_send() without a packet: somebody wants to know whether it is there. */
  resolve(): void {
    if (this.state !== 'NONE' && this.state !== 'FAILED') return;
    this.#ask();
  }

  /** __neigh_event_send(): true when the packet may go now. */
  #prepare(skb: Skb): boolean {
    if (this.state === 'STALE') {
      this.#become('DELAY');
      this.#arm(this.#parms.delay_first_probe_time * SECOND);
      return true;
    }
    const ask = this.state !== 'INCOMPLETE';
    this.#enqueue(skb);
    if (ask) this.#ask();
    return false;
  }

  #ask(): void {
    this.probes = this.#parms.ucast_solicit;
    this.#become('INCOMPLETE');
    this.#arm(this.#retrans());
    this.#probe();
  }

  #enqueue(skb: Skb): void {
    this.#trace(skb, 'queued');
    this.#queue.push(skb);
    this.#queuedBytes += skb.length;
    while (this.#queuedBytes > this.#parms.unres_qlen_bytes || this.#queue.length > this.#parms.unres_qlen) {
      const oldest = this.#queue.shift() as Skb;
      this.#queuedBytes -= oldest.length;
      drop(this.table.ns, oldest, 'NEIGH_QUEUEFULL');
    }
  }

  /** neigh_update(): somebody told us (an answer, a request, a user). Precondition: NUD states other than NONE. */
  update(lladdr: Mac | undefined, wanted: NudState, flags: UpdateFlags): 'done' | 'refused' | 'no-address' {
    const old = CODE[this.state];
    if (flags.admin !== true && (old & (CODE.NOARP | CODE.PERMANENT)) !== 0) return 'refused';
    if ((CODE[wanted] & VALID) === 0) {
      this.#invalidate(wanted);
      return 'done';
    }
    if (lladdr === undefined && (old & VALID) === 0) return 'no-address';
    let address = lladdr ?? (this.lladdr as Mac);
    let next = wanted;
    if ((CODE[next] & CONNECTED) !== 0) this.confirmed = this.#now;
    if ((old & VALID) !== 0) {
      if (address !== this.lladdr && flags.override !== true) {
        if (flags.weakOverride !== true || (old & CONNECTED) === 0) return 'done';
        address = this.lladdr as Mac;
        next = 'STALE';
      } else if (address === this.lladdr && next === 'STALE' && flags.admin !== true) {
        next = this.state;
      }
    }
    if (flags.router !== undefined) this.router = flags.router;
    this.#apply(address, next, old);
    return 'done';
  }

  #apply(address: Mac, next: NudState, old: number): void {
    const changed = next !== this.state;
    const moved = address !== this.lladdr;
    if (changed || moved) this.updated = this.#now;
    this.lladdr = address;
    if (moved && (CODE[next] & CONNECTED) === 0)
      this.confirmed = this.#now - 2 * this.#parms.base_reachable_time_ms * MILLISECOND;
    if (changed) {
      this.#timer?.cancel();
      if (next === 'PROBE') this.probes = 0;
      this.#become(next);
      if ((CODE[next] & IN_TIMER) !== 0) this.#arm(next === 'REACHABLE' ? this.#reachableTime() : 0);
    }
    if (changed || moved) notifyNeigh(this, 'newneigh');
    if ((old & VALID) === 0) this.#release();
  }

  /** The upper layer has proof that packets arrive there (MSG_CONFIRM, dst_confirm). */
  confirm(): void {
    this.confirmed = this.#now;
  }

  /** The entry is being removed: what waits is lost. */
  kill(): void {
    this.#timer?.cancel();
    for (const skb of this.#queue) drop(this.table.ns, skb, 'NEIGH_DEAD');
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  /** neigh_timer_handler() */
  #expire(): void {
    const now = this.#now;
    const parms = this.#parms;
    let next: Micros;
    if (this.state === 'REACHABLE') {
      if (now < this.confirmed + this.#reachable) next = this.confirmed + this.#reachable - now;
      else if (now <= this.used + parms.delay_first_probe_time * SECOND) {
        this.#become('DELAY');
        next = parms.delay_first_probe_time * SECOND;
      } else {
        this.#become('STALE');
        notifyNeigh(this, 'newneigh');
        return;
      }
    } else if (this.state === 'DELAY') {
      if (now <= this.confirmed + parms.delay_first_probe_time * SECOND) {
        this.#become('REACHABLE');
        next = this.confirmed + this.#reachableTime() - now;
      } else {
        this.#become('PROBE');
        this.probes = 0;
        next = this.#retrans();
      }
      notifyNeigh(this, 'newneigh');
    } else {
      next = this.#retrans();
    }
    const asking = this.state === 'INCOMPLETE' || this.state === 'PROBE';
    if (asking && this.probes >= this.#maxProbes()) {
      this.#invalidate('FAILED');
      return;
    }
    this.#arm(Math.max(next, 10 * MILLISECOND));
    if (asking) this.#probe();
  }

  #invalidate(state: NudState): void {
    this.#timer?.cancel();
    const was = this.state;
    this.#become(state);
    if (state === 'FAILED' && (was === 'INCOMPLETE' || was === 'PROBE')) {
      const waiting = this.#queue;
      this.#queue = [];
      this.#queuedBytes = 0;
      for (const skb of waiting) {
        this.#trace(skb, 'refused');
        this.table.ops.unreachable(skb);
      }
    }
    notifyNeigh(this, 'newneigh');
  }

  #release(): void {
    const waiting = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    for (const skb of waiting) this.output(skb);
  }

  #probe(): void {
    this.table.ops.solicit(this, this.#queue[this.#queue.length - 1]);
    this.probes++;
  }

  #maxProbes(): number {
    const parms = this.#parms;
    return (
      parms.ucast_solicit + parms.app_solicit + (this.state === 'PROBE' ? parms.mcast_resolicit : parms.mcast_solicit)
    );
  }

  #retrans(): Micros {
    return Math.max(this.#parms.retrans_time_ms, 10) * MILLISECOND;
  }

  #reachable: Micros = 0;

  /** Uniform between half and one and a half of the base (RFC 4861 section 6.3.2). */
  #reachableTime(): Micros {
    const base = this.#parms.base_reachable_time_ms * MILLISECOND;
    this.#reachable = Math.floor(base / 2 + this.table.ns.kernel.random.float() * base);
    return this.#reachable;
  }

  #arm(delay: Micros): void {
    this.#timer?.cancel();
    this.#timer = this.table.ns.kernel.events.after(delay, () => this.#expire());
  }

  #become(state: NudState): void {
    const from = this.state;
    this.state = state;
    this.updated = this.#now;
    const { ns } = this.table;
    const { trace } = ns.kernel;
    trace.fold(
      EVENT_CODE['neigh-state'],
      ns.number,
      this.link.ifindex,
      CODE[from] * 256 + CODE[state],
      this.lladdr ?? 0,
    );
    if (trace.live) {
      trace.publish({
        type: 'neigh-state',
        at: trace.now,
        node: ns.kernel.name,
        netns: ns.inode,
        dev: this.link.name,
        address: this.address,
        from,
        to: state,
        lladdr: this.lladdr,
      });
    }
  }

  #trace(skb: Skb, outcome: 'resolved' | 'queued' | 'refused'): void {
    const { ns } = this.table;
    const { trace } = ns.kernel;
    trace.fold(
      EVENT_CODE['neigh-lookup'],
      ns.number,
      this.link.ifindex,
      skb.id,
      CODE[this.state] + outcome.length * 256,
    );
    if (trace.live) {
      trace.publish({
        type: 'neigh-lookup',
        at: trace.now,
        node: ns.kernel.name,
        netns: ns.inode,
        dev: this.link.name,
        address: this.address,
        state: this.state,
        outcome,
        packet: packetRef(skb),
      });
    }
  }
}
