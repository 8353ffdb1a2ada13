import { setNetworkOpener } from '../../shell/index.ts';
import type { Node } from '../../world/index.ts';
import { arrival, Lazy } from '../lazy.ts';

/** What connects bash's /dev/tcp and /dev/udp. */
export const networkPart = new Lazy(() => import('./network-device.ts'));

export function installNetworkNames(node: Node): void {
  setNetworkOpener(node.machine, function* (process, name) {
    return yield* (yield* arrival(process, networkPart)).openDevice(process, node, name);
  });
}
