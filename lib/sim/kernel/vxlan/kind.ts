import { done, fail, ok } from '../../base/index.ts';
import { joinGroup6, leaveGroup6 } from '../ip6/mld.ts';
import type { LinkKind } from '../link/kind.ts';
import type { Link } from '../link/link.ts';
import { IFF } from '../messages.ts';
import { configure, describe } from './config.ts';
import type { Remote } from './fdb.ts';
import { addFdb, delFdb, dumpFdb } from './fdb-rtnl.ts';
import { joinGroup4, leaveGroup4 } from './igmp.ts';
import { listen, unlisten } from './socket.ts';
import { transmit } from './transmit.ts';
import { attach, detach, headroom, Vxlan, type VxlanConfig, vxlanOf } from './vxlan.ts';

/** A device whose frames travel in UDP datagrams to other hosts, by the MAC address that they are for (drivers/net/vxlan, RFC 7348). */
export const vxlan: LinkKind = {
  name: 'vxlan',
  type: 'ether',
  template: 'vxlan%d',
  flags: IFF.BROADCAST | IFF.MULTICAST,
  mtu: 1500,
  minMtu: 68,
  maxMtu: 65535,
  queues: 1,
  validate: ({ mtu = 1500 }) => (mtu < 68 || mtu > 65535 ? fail('EINVAL', 'MTU must be between 68 and 65535') : done),
  create(link, request, source) {
    const { data } = request;
    if (data?.kind !== 'vxlan') return fail('EINVAL', 'Required attributes not provided to perform the operation');
    const config = configure(data, source, undefined);
    if (!config.ok) return config;
    const made = new Vxlan(link, source, config.value);
    const { dev } = config.value;
    if (dev !== undefined) {
      const most = Math.max(dev.mtu - headroom(made.family), link.minMtu);
      link.mtu = request.mtu === undefined ? most : Math.min(request.mtu, most);
      dev.uppers.add(link);
    }
    attach(made);
    made.fdb.setDefault(defaultRemote(config.value));
    return ok(undefined);
  },
  change(link, data) {
    const self = vxlanOf(link);
    if (data.kind !== 'vxlan') return fail('EINVAL');
    const old = self.config;
    const config = configure(data, self.underlay, self);
    if (!config.ok) return config;
    old.dev?.uppers.delete(link);
    config.value.dev?.uppers.add(link);
    self.config = config.value;
    if (old.remote !== config.value.remote || old.dev !== config.value.dev)
      self.fdb.setDefault(defaultRemote(config.value), defaultRemote(old));
    return done;
  },
  data: describe,
  linkNs: (link) => vxlanOf(link).underlay,
  fdb: { add: addFdb, del: delFdb, dump: dumpFdb },
  checkMtu(link, mtu) {
    const self = vxlanOf(link);
    const { dev } = self.config;
    return dev === undefined || mtu <= dev.mtu - headroom(self.family) ? done : fail('EINVAL');
  },
  open(link) {
    const bound = listen(vxlanOf(link));
    if (bound.ok) membership(link, 'join');
    return bound;
  },
  stop(link) {
    const self = vxlanOf(link);
    membership(link, 'leave');
    self.fdb.flushLearnt();
    unlisten(self);
  },
  transmit,
  destroy(link) {
    const self = vxlanOf(link);
    self.config.dev?.uppers.delete(link);
    detach(self);
    return [];
  },
};

const defaultRemote = ({ remote, dstPort, id, dev }: VxlanConfig): Remote | undefined =>
  remote === undefined || remote.isUnspecified
    ? undefined
    : { dst: remote, port: dstPort, vni: id, via: dev?.ifindex ?? 0 };

/** vxlan_multicast_join() and vxlan_multicast_leave() */
function membership(link: Link, what: 'join' | 'leave'): void {
  const { remote, dev } = vxlanOf(link).config;
  if (remote?.isMulticast !== true || dev === undefined) return;
  if (remote.family === 4) (what === 'join' ? joinGroup4 : leaveGroup4)(dev, remote);
  else (what === 'join' ? joinGroup6 : leaveGroup6)(dev, remote);
}
