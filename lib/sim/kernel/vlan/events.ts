import type { Link } from '../link/link.ts';
import { stackedNotifier } from '../link/stacked.ts';
import { closeLink, openLink } from '../link/updown.ts';
import { callNotifiers, type Notifier } from '../notifier.ts';
import { vlanOf } from './kind.ts';

const stacked = stackedNotifier('vlan');
const vlansOn = (lower: Link): Link[] => [...(lower.vlans?.values() ?? [])];

/** vlan_device_event(): VLANs go up and down with the device underneath, and take its address while they have none of their own. */
export const vlanEvents: Notifier = {
  ...stacked,
  up(lower) {
    stacked.up?.(lower);
    for (const link of vlansOn(lower)) if (!vlanOf(link).looseBinding) openLink(link);
  },
  down(lower) {
    for (const link of vlansOn(lower)) if (!vlanOf(link).looseBinding) closeLink(link);
    stacked.down?.(lower);
  },
  changeMac(lower) {
    for (const link of vlansOn(lower)) {
      if (link.addrAssignType !== 2 || link.mac === lower.mac) continue;
      link.mac = lower.mac;
      callNotifiers(link, 'changeMac');
    }
  },
};
