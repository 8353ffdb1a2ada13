/**
 * ipvlan as a kernel module: devices that share the MAC address of the one underneath and are told apart by their IP
 * addresses. In mode l2 each still asks by ARP for itself; in mode l3 the namespace of the device underneath routes for them.
 *
 * Not here: the filtering of l3s (it routes as l3), ipvtap.
 */

import { stackedNotifier } from '../link/stacked.ts';
import type { KernelModule } from '../module.ts';
import { ipvlan } from './kind.ts';

export const ipvlanModule: KernelModule = { name: 'ipvlan', linkKinds: [ipvlan], notifier: stackedNotifier('ipvlan') };
