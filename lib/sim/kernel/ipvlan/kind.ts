import { done, fail, ok } from '../../base/index.ts';
import type { IpvlanData, IpvlanRequest } from '../link/data.ts';
import { joinGroup, leaveGroup } from '../link/groups.ts';
import type { LinkKind } from '../link/kind.ts';
import { stack } from '../link/stacked.ts';
import { IFF } from '../messages.ts';
import { callNotifiers } from '../notifier.ts';
import { handleFrame, transmit } from './datapath.ts';
import { attach, detach, type IpvlanPort, portOf, portOn, realDevice } from './port.ts';

/** A device with IP addresses of its own behind the MAC address of another (drivers/net/ipvlan). */
export const ipvlan: LinkKind = {
  name: 'ipvlan',
  type: 'ether',
  template: 'ipvlan%d',
  flags: IFF.BROADCAST | IFF.MULTICAST,
  mtu: 1500,
  minMtu: 68,
  maxMtu: 65535,
  queues: 1,
  create(link, request, source) {
    if (request.link === undefined) return fail('EINVAL');
    const named = source.linkByIndex(request.link);
    if (named === undefined) return fail('ENODEV');
    const lower = realDevice(named);
    if (lower.isLoopback || lower.kind.type !== 'ether') return fail('EINVAL');
    const known = portOn(lower);
    if (known === undefined && lower.rxHandler !== undefined) return fail('EBUSY');
    if (request.mtu !== undefined && request.mtu > lower.mtu) return fail('EINVAL');
    const data: IpvlanRequest = request.data?.kind === 'ipvlan' ? request.data : { kind: 'ipvlan' };
    const port: IpvlanPort = known ?? { lower, all: [], mode: 'l3', flag: 'bridge' };
    if (known === undefined) lower.rxHandler = (skb) => handleFrame(port, skb);
    if (request.mtu === undefined) link.mtu = lower.mtu;
    link.mac = lower.mac;
    link.addrAssignType = 2;
    attach(port, link);
    stack(link, lower);
    setMode(port, data.mode ?? 'l3', data.flag ?? 'bridge');
    return ok(undefined);
  },
  change(link, data) {
    if (data.kind !== 'ipvlan') return fail('EINVAL');
    const port = portOf(link);
    setMode(port, data.mode ?? port.mode, data.flag ?? port.flag);
    return done;
  },
  data(link): IpvlanData {
    const { mode, flag } = portOf(link);
    return { kind: 'ipvlan', mode, flag };
  },
  checkMtu: (link, mtu) => (mtu <= portOf(link).lower.mtu ? done : fail('EINVAL')),
  checkMac: () => fail('EOPNOTSUPP'),
  groupChanged(link, group, joined) {
    const { lower } = portOf(link);
    if (joined) joinGroup(lower, group);
    else leaveGroup(lower, group);
  },
  transmit,
  destroy(link) {
    const { lower } = portOf(link);
    if (detach(link)) lower.rxHandler = undefined;
    return [];
  },
};

/** ipvlan_set_port_mode(): of all devices on the port; only in l2 do they ask by ARP. */
function setMode(port: IpvlanPort, mode: IpvlanData['mode'], flag: IpvlanData['flag']): void {
  port.mode = mode;
  port.flag = flag;
  for (const link of port.all) {
    const silent = mode !== 'l2';
    if (silent === ((link.flags & IFF.NOARP) !== 0)) continue;
    link.flags = silent ? link.flags | IFF.NOARP : link.flags & ~IFF.NOARP;
    if (link.registered) callNotifiers(link, 'changeNoArp');
  }
}
