import { addrconfNotifier } from './addr/addrconf.ts';
import { devinetNotifier } from './addr/devinet.ts';
import { bridgeNotifier } from './bridge/events.ts';
import { fib4Notifier } from './fib/devices4.ts';
import { receiveIpv4 } from './ip/input.ts';
import { timeExceeded } from './ip/timeout.ts';
import { receiveIpv6 } from './ip6/input.ts';
import { Kernel, type KernelOptions } from './kernel.ts';
import { linkNotifier } from './link/devices.ts';
import { LINK_KINDS } from './link/kinds.ts';
import { receive } from './link/receive.ts';
import { openLink } from './link/updown.ts';
import { receiveArp } from './neigh/arp.ts';
import { arpNotifier } from './neigh/devices.ts';
import type { Notifier } from './notifier.ts';

/**
 * Who is told of devices, in this order (the order of the kernel's notifier chains as they are registered at boot).
 * linkNotifier comes last, because making `lo` needs all the others.
 */
const NOTIFIERS: readonly Notifier[] = [
  bridgeNotifier,
  devinetNotifier,
  arpNotifier,
  fib4Notifier,
  timeExceeded,
  addrconfNotifier,
  linkNotifier,
];

/** Starts a machine's network stack: the first namespace exists, with `lo` up in it. */
export function bootKernel(options: KernelOptions): Kernel {
  const kernel = new Kernel(options, {
    protocols: { ipv4: receiveIpv4, arp: receiveArp, ipv6: receiveIpv6 },
    notifiers: NOTIFIERS,
    linkKinds: LINK_KINDS,
    receive,
  });
  openLink(kernel.init.loopback);
  options.group?.add(kernel);
  return kernel;
}
