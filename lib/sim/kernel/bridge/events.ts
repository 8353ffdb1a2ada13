import type { Notifier } from '../notifier.ts';
import { adjustMtu, recalculateMac, removePort } from './membership.ts';
import { checkPort, disablePort } from './stp.ts';

/** What a bridge does when its ports' devices change (br_device_event). */
export const bridgeNotifier: Notifier = {
  unregister(link) {
    if (link.port !== undefined) removePort(link.port);
  },
  up(link) {
    if (link.port !== undefined) checkPort(link.port);
  },
  change(link) {
    if (link.port !== undefined) checkPort(link.port);
  },
  down(link) {
    if (link.port?.bridge.link.up === true) disablePort(link.port);
  },
  changeMtu(link) {
    if (link.port !== undefined) adjustMtu(link.port.bridge);
  },
  changeMac(link) {
    const { port } = link;
    if (port === undefined) return;
    const { fdb } = port.bridge;
    const old = fdb.list().find((entry) => entry.local && entry.port === port);
    if (old !== undefined && old.mac !== link.mac) fdb.deleteLocal(port, old.mac);
    fdb.addLocal(port, link.mac);
    recalculateMac(port.bridge);
  },
};
