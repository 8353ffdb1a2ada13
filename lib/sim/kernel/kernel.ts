import { type EventQueue, Random, type Timer } from '../base/index.ts';
import type { Trace } from '../trace/index.ts';
import { Backlog } from './backlog.ts';
import type { Bridge } from './bridge/bridge.ts';
import type { BridgeNetfilter } from './bridge/netfilter.ts';
import type { SpanningTree } from './bridge/tree.ts';
import type { LinkKind } from './link/kind.ts';
import type { Link } from './link/link.ts';
import type { IpProtocol, KernelGroup, KernelModule } from './module.ts';
import { NetNs } from './netns.ts';
import type { Notifier } from './notifier.ts';
import type { Protocols } from './protocols.ts';
import type { Skb } from './skb.ts';

export type KernelOptions = {
  readonly events: EventQueue;
  readonly random: Random;
  readonly trace: Trace;
  readonly name: string;
  /** The other machines of its world; alone in one without. */
  readonly group?: KernelGroup;
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
  /** State of parts that load apart (slot.ts). */
  readonly slots: unknown[] = [];
  readonly linkwatch = { pending: new Map<Link, Timer>(), nextAt: 0 };
  readonly init: NetNs;
  /** By number, what modules added; ICMP is not in it. */
  readonly ipProtocols = new Map<number, IpProtocol>();
  /** What IP's netfilter does with packets that a bridge passes on, once br_netfilter is there. */
  bridgeNetfilter: BridgeNetfilter | undefined;
  /** Makes the spanning tree protocol of a bridge, once stp is there. */
  spanningTree: ((bridge: Bridge) => SpanningTree) | undefined;
  readonly #group: KernelGroup | undefined;
  readonly #modules = new Map<string, KernelModule>();
  readonly #linkKinds: Map<string, LinkKind>;
  #protocols: Protocols;
  #notifiers: readonly Notifier[];
  readonly #namespaces = new Map<number, NetNs>();
  #nextInode = FIRST_INODE;
  #nextPacket = 1;
  #nextNamespace = 1;

  constructor(
    options: KernelOptions,
    stack: {
      readonly protocols: Protocols;
      readonly notifiers: readonly Notifier[];
      readonly linkKinds: readonly LinkKind[];
      readonly receive: (skb: Skb) => void;
    },
  ) {
    this.name = options.name;
    this.events = options.events;
    this.random = options.random.fork(`kernel ${options.name}`);
    this.trace = options.trace;
    this.#group = options.group;
    this.#protocols = stack.protocols;
    this.#notifiers = stack.notifiers;
    this.#linkKinds = new Map(stack.linkKinds.map((kind) => [kind.name, kind]));
    this.macRandom = this.random.fork('mac');
    this.hashSeed = this.random.uint32();
    this.netfilterRandom = new Random(`${this.hashSeed}/netfilter`);
    this.backlog = new Backlog(this.events, this.random.fork('softirq'), stack.receive);
    this.init = this.#add(INIT_INODE);
  }

  get protocols(): Protocols {
    return this.#protocols;
  }

  get notifiers(): readonly Notifier[] {
    return this.#notifiers;
  }

  /** The kind that `ip link add … type NAME` names; undefined when no module brought it. */
  linkKind(name: string): LinkKind | undefined {
    return this.#linkKinds.get(name);
  }

  /** Modules in the order in which they were loaded. */
  modules(): KernelModule[] {
    return [...this.#modules.values()];
  }

  /** Puts a module in (init_module), with those that it needs. A second time changes nothing. */
  load(module: KernelModule): void {
    if (this.#modules.has(module.name)) return;
    for (const needed of module.needs ?? []) this.load(needed);
    this.#modules.set(module.name, module);
    this.#protocols = { ...this.#protocols, ...module.frames };
    for (const protocol of module.ipProtocols ?? []) this.ipProtocols.set(protocol.number, protocol);
    for (const kind of module.linkKinds ?? []) this.#linkKinds.set(kind.name, kind);
    if (module.notifier !== undefined) this.#addNotifier(module.notifier);
    for (const ns of this.namespaces()) ns.generation++;
    module.init?.(this);
    if (module.builtIn === true) this.#group?.share(module);
  }

  /** register_pernet_subsys(), register_netdevice_notifier(): it hears of what is there as if it came now. */
  #addNotifier(notifier: Notifier): void {
    // What makes and destroys `lo` stays the last.
    this.#notifiers = [...this.#notifiers.slice(0, -1), notifier, ...this.#notifiers.slice(-1)];
    for (const ns of this.namespaces()) {
      notifier.netnsInit?.(ns);
      for (const link of ns.links()) {
        notifier.register?.(link);
        if (link.up) notifier.up?.(link);
      }
    }
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
