import type { Notifier } from '../notifier.ts';
import { createLoopback } from './create.ts';
import { destroyLinks } from './destroy.ts';

/** Every namespace is born with `lo`; with it die its devices, and the peers of its veths. */
export const linkNotifier: Notifier = {
  netnsInit: createLoopback,
  netnsExit(ns) {
    for (const other of ns.kernel.namespaces()) other.nsids.forget(ns);
    destroyLinks(ns.links());
  },
};
