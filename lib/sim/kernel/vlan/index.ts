/**
 * VLAN devices as a kernel module (net/8021q): each sends with the tag of one VLAN by the device underneath, and gets what
 * comes in there with that tag. Tags are part of packets (wire/ethernet.ts); who forwards a frame need not know them.
 *
 * Not here: registration protocols (gvrp, mvrp), priority maps, bridge_binding.
 */
import type { KernelModule } from '../module.ts';
import { vlanEvents } from './events.ts';
import { vlan } from './kind.ts';

export const vlanModule: KernelModule = { name: '8021q', linkKinds: [vlan], notifier: vlanEvents };
