/**
 * macvlan as a kernel module: devices with MAC addresses of their own on one device underneath, which hands them what is
 * for them. The lower device's own host stays apart: it never hears its macvlans, nor they it.
 *
 * Not here: source mode, macvtap, the queue in which Linux puts broadcasts by.
 */
import { stackedNotifier } from '../link/stacked.ts';
import type { KernelModule } from '../module.ts';
import { macvlan } from './kind.ts';

export const macvlanModule: KernelModule = {
  name: 'macvlan',
  linkKinds: [macvlan],
  notifier: stackedNotifier('macvlan'),
};
