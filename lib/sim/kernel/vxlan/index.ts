/**
 * VXLAN as a kernel module: a kind of device, its forwarding table and the UDP port that it listens on. It knows no
 * commands; the types of its options are the kernel's (link/data.ts).
 *
 *   frame ─▶ device ─▶ forwarding table: MAC ─▶ far end ─▶ UDP in the underlay's namespace ─▶ … ─▶ port ─▶ segment ─▶ device
 *                                 ▲───────────────────────── learnt from the sender ◀──────────────────┘
 *
 * Not here: metadata (`external`), group policy and generic protocol extensions, VNI filters, offload of checksums.
 */
import { destroyLinks } from '../link/destroy.ts';
import type { KernelModule } from '../module.ts';
import type { Notifier } from '../notifier.ts';
import { vxlan } from './kind.ts';
import { vxlansOf } from './vxlan.ts';

const notifier: Notifier = {
  netnsExit: (ns) => destroyLinks([...vxlansOf(ns)].map((one) => one.link)),
  // The device underneath is deleted, or leaves the namespace where the tunnel's ends are.
  unregister: (link) =>
    destroyLinks([...vxlansOf(link.ns)].filter((one) => one.config.dev === link).map((one) => one.link)),
};

export const vxlanModule: KernelModule = { name: 'vxlan', linkKinds: [vxlan], notifier };
