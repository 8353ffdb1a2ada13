/**
 * The spanning tree protocol as a kernel module: configuration messages between bridges, the choice of a root and of the
 * ports that must not forward. Without it a bridge whose protocol is on only takes its ports through their states.
 *
 * Not here: rapid and multiple spanning trees, which Linux leaves to daemons.
 */
import { setStp } from '../bridge/stp.ts';
import type { KernelModule } from '../module.ts';
import { Tree } from './tree.ts';

export const stpModule: KernelModule = {
  name: 'stp',
  init(kernel) {
    kernel.spanningTree = (bridge) => new Tree(bridge);
    for (const ns of kernel.namespaces())
      for (const { bridge } of ns.links())
        if (bridge?.stp === true) {
          setStp(bridge, false);
          setStp(bridge, true);
        }
  },
};
