import { done, fail, ok, type Result } from '../../base/index.ts';
import type { MacvlanRequest } from '../link/data.ts';
import { joinGroup, leaveGroup } from '../link/groups.ts';
import type { LinkKind } from '../link/kind.ts';
import type { Link } from '../link/link.ts';
import { stack } from '../link/stacked.ts';
import { IFF } from '../messages.ts';
import { callNotifiers } from '../notifier.ts';
import type { NewLink } from '../requests.ts';
import { handleFrame, transmit } from './datapath.ts';
import { attach, detach, MacvlanPort, macvlanOf, portOn, realDevice } from './port.ts';

const BC_QUEUE_LENGTH = 1000;

/** A device with a MAC address of its own on the wire of another (drivers/net/macvlan.c). */
export const macvlan: LinkKind = {
  name: 'macvlan',
  type: 'ether',
  template: 'macvlan%d',
  flags: IFF.BROADCAST | IFF.MULTICAST,
  mtu: 1500,
  minMtu: 68,
  maxMtu: 65535,
  queues: 1,
  create(link, request, source) {
    const asked = lowerOf(request, source.linkByIndex(request.link ?? 0));
    if (!asked.ok) return asked;
    const lower = asked.value;
    const data: MacvlanRequest = request.data?.kind === 'macvlan' ? request.data : { kind: 'macvlan' };
    const port = portOn(lower) ?? new MacvlanPort(lower);
    const mode = data.mode ?? 'vepa';
    if (port.passthru !== undefined || (mode === 'passthru' && port.all.length > 0)) return fail('EINVAL');
    if (port.all.length === 0) lower.rxHandler = (skb) => handleFrame(port, skb);
    if (request.mtu === undefined) link.mtu = lower.mtu;
    if (mode === 'passthru') link.mac = lower.mac;
    attach({
      link,
      port,
      mode,
      nopromisc: data.nopromisc === true,
      bcQueueLength: data.bcQueueLength ?? BC_QUEUE_LENGTH,
    });
    stack(link, lower);
    return ok(undefined);
  },
  change(link, data) {
    if (data.kind !== 'macvlan') return fail('EINVAL');
    const self = macvlanOf(link);
    if (data.mode === undefined) return done;
    if ((data.mode === 'passthru') !== (self.mode === 'passthru')) return fail('EINVAL');
    self.mode = data.mode;
    return done;
  },
  data(link) {
    const self = macvlanOf(link);
    const usedBcQueueLength = Math.max(...self.port.all.map((one) => one.bcQueueLength));
    const { mode, nopromisc, bcQueueLength } = self;
    return { kind: 'macvlan', mode, nopromisc, bcQueueLength, usedBcQueueLength };
  },
  checkMtu: (link, mtu) => (mtu <= macvlanOf(link).port.lower.mtu ? done : fail('EINVAL')),
  checkMac: (link, mac) => (link.up && macvlanOf(link).port.isBusy(mac) ? fail('EADDRINUSE') : done),
  macChanged(link, old) {
    const self = macvlanOf(link);
    if (link.up) {
      const { mac } = link;
      link.mac = old;
      self.port.leave(self);
      link.mac = mac;
      self.port.enter(self);
    }
    callNotifiers(link, 'changeMac');
  },
  groupChanged(link, group, joined) {
    const { lower } = macvlanOf(link).port;
    if (joined) joinGroup(lower, group);
    else leaveGroup(lower, group);
  },
  open(link) {
    const { port } = macvlanOf(link);
    if (port.isBusy(link.mac) && port.passthru === undefined) return fail('EADDRINUSE');
    port.enter(macvlanOf(link));
    return done;
  },
  stop(link) {
    const self = macvlanOf(link);
    self.port.leave(self);
  },
  transmit,
  destroy(link) {
    const self = macvlanOf(link);
    self.port.leave(self);
    if (detach(self)) self.port.lower.rxHandler = undefined;
    return [];
  },
};

/** What macvlan_common_newlink() wants of the device underneath. */
function lowerOf(request: Omit<NewLink, 'kind'>, named: Link | undefined): Result<Link> {
  if (request.link === undefined) return fail('EINVAL');
  if (named === undefined) return fail('ENODEV');
  const lower = realDevice(named);
  if (request.mtu !== undefined && request.mtu > lower.mtu) return fail('EINVAL');
  if (lower.isLoopback || lower.kind.type !== 'ether') return fail('EINVAL');
  if (lower.rxHandler !== undefined && portOn(lower) === undefined) return fail('EBUSY');
  return ok(lower);
}
