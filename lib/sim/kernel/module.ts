import type { Errno } from '../base/index.ts';
import type { IcmpError, Icmpv6Error, Ipv4Packet, Ipv6Packet } from '../wire/index.ts';
import type { Kernel } from './kernel.ts';
import type { LinkKind } from './link/kind.ts';
import type { NetNs } from './netns.ts';
import type { Notifier } from './notifier.ts';
import type { Protocols } from './protocols.ts';
import type { Skb } from './skb.ts';
import type { Specs } from './sysctl/spec.ts';

/**
 * A part of the kernel that loads apart, as data: what it adds to the parts that are always there. `kernel.load` puts it
 * in. Its code lies in a folder of its own beside the kernel's and uses the kernel's inside freely; the kernel knows it
 * only through this type. Commands that need it import it, so that it travels with the first of them.
 *
 * State of its own it keeps in slots (`slot.ts`). What it draws from chance it takes from a stream of its own, so that
 * nothing else depends on when it came.
 */
export type KernelModule = {
  readonly name: string;
  /** Modules that come first (depmod). */
  readonly needs?: readonly KernelModule[];
  /** Linux has this compiled in: it is there on every machine of the world as soon as one of them asks for it. */
  readonly builtIn?: boolean;
  /** Its `netnsInit` is called for namespaces that exist already, `register` and `up` for their devices. */
  readonly notifier?: Notifier;
  /** Frames by what they carry (dev_add_pack). */
  readonly frames?: Protocols;
  readonly ipProtocols?: readonly IpProtocol[];
  /** Kinds of `ip link add type KIND` (rtnl_link_register). */
  readonly linkKinds?: readonly LinkKind[];
  readonly sysctls?: readonly SysctlSection[];
  /** Files of /proc/net by name. */
  readonly procNet?: Readonly<Record<string, (ns: NetNs) => string>>;
  /** What else is to be done once, behind all the above (module_init). */
  readonly init?: (kernel: Kernel) => void;
};

/** Who takes packets for this host by the number in their header (inet_add_protocol, inet6_add_protocol). */
export type IpProtocol = {
  readonly number: number;
  /** A whole packet, past the input hook. */
  readonly receive: (ns: NetNs, skb: Skb) => void;
  /** An ICMP error came about a packet that this host may have sent. */
  readonly error?: (skb: Skb, quoted: Ipv4Packet | Ipv6Packet, message: IcmpError | Icmpv6Error, errno: Errno) => void;
};

/** One directory below /proc/sys, the same keys in every namespace. */
export type SysctlSection = {
  /** `net/ipv4/vs` */
  readonly path: string;
  readonly specs: Specs;
  readonly values: (ns: NetNs) => Record<string, number | readonly number[] | string>;
};

/** The machines of one world: what Linux has built in, all of them have or none. */
export class KernelGroup {
  readonly #kernels: Kernel[] = [];
  readonly #builtIn: KernelModule[] = [];

  add(kernel: Kernel): void {
    this.#kernels.push(kernel);
    for (const module of this.#builtIn) kernel.load(module);
  }

  /** Loads it everywhere, now and later; a second time changes nothing. */
  share(module: KernelModule): void {
    if (this.#builtIn.includes(module)) return;
    this.#builtIn.push(module);
    for (const kernel of this.#kernels) kernel.load(module);
  }
}
