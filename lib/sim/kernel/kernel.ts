import { type EventQueue, Random, type Timer } from '../base/index.ts';
import type { Trace } from '../trace/index.ts';
import { Backlog } from './backlog.ts';
import type { Link } from './link/link.ts';
import { NetNs } from './netns.ts';
import type { Notifier } from './notifier.ts';
import type { Protocols } from './protocols.ts';
import type { Skb } from './skb.ts';

export type KernelOptions = {
  readonly events: EventQueue;
  readonly random: Random;
  readonly trace: Trace;
  readonly name: string;
};

/** Inode numbers of namespaces on a running Linux: the first is fixed by tradition, others come from a pool. */
const INIT_INODE = 4026531840;
const FIRST_INODE = 4026532265;
const INODE_STRIDE = 59;
/** From the last put of a namespace to its devices' end (cleanup_net runs behind a grace period). */
const CLEANUP_DELAY = 3_000;

/** The network stack of one machine: its namespaces and what they share. Make one with `bootKernel`. */
export class Kernel {
  readonly name: string;
  readonly events: EventQueue;
  readonly random: Random;
  readonly trace: Trace;
  readonly backlog: Backlog;
  /** MAC addresses come from a stream of their own: traffic does not change them. */
  readonly macRandom: Random;
  /** What rules and address translation leave to chance. */
  readonly netfilterRandom: Random;
  /** Secret of the hash that spreads flows over nexthops. */
  readonly hashSeed: number;
  /** Devices whose link state changed and is yet to be told (link_watch). */
  readonly linkwatch = { pending: new Map<Link, Timer>(), nextAt: 0 };
  readonly protocols: Protocols;
  readonly notifiers: readonly Notifier[];
  readonly init: NetNs;
  readonly #namespaces = new Map<number, NetNs>();
  #nextInode = FIRST_INODE;
  #nextPacket = 1;
  #nextNamespace = 1;

  constructor(
    options: KernelOptions,
    stack: {
      readonly protocols: Protocols;
      readonly notifiers: readonly Notifier[];
      readonly receive: (skb: Skb) => void;
    },
  ) {
    this.name = options.name;
    this.events = options.events;
    this.random = options.random.fork(`kernel ${options.name}`);
    this.trace = options.trace;
    this.protocols = stack.protocols;
    this.notifiers = stack.notifiers;
    this.macRandom = this.random.fork('mac');
    this.hashSeed = this.random.uint32();
    this.netfilterRandom = new Random(`${this.hashSeed}/netfilter`);
    this.backlog = new Backlog(this.events, this.random.fork('softirq'), stack.receive);
    this.init = this.#add(INIT_INODE);
  }

  /** A new namespace (unshare(CLONE_NEWNET)): `lo`, down, and nothing else. The caller holds it. */
  newNetNs(): NetNs {
    const inode = this.#nextInode;
    this.#nextInode += INODE_STRIDE;
    return this.#add(inode);
  }

  /** undefined: there is none, or it is being destroyed. */
  netns(inode: number): NetNs | undefined {
    const ns = this.#namespaces.get(inode);
    return ns?.alive === true ? ns : undefined;
  }

  namespaces(): NetNs[] {
    return [...this.#namespaces.values()].filter((ns) => ns.alive);
  }

  packetId(): number {
    return this.#nextPacket++;
  }

  #add(inode: number): NetNs {
    const ns = new NetNs(this, inode, this.#nextNamespace++, () => {
      this.#namespaces.delete(inode);
      this.events.after(CLEANUP_DELAY, () => {
        for (const notifier of this.notifiers) notifier.netnsExit?.(ns);
      });
    });
    this.#namespaces.set(inode, ns);
    for (const notifier of this.notifiers) notifier.netnsInit?.(ns);
    return ns;
  }
}
