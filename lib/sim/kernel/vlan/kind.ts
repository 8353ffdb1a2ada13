import { done, fail, type Mac, ok, type Result } from '../../base/index.ts';
import { ETHERTYPE, vlanKey } from '../../wire/index.ts';
import type { LinkRequest, VlanData } from '../link/data.ts';
import { joinGroup, leaveGroup } from '../link/groups.ts';
import type { LinkKind } from '../link/kind.ts';
import type { Link } from '../link/link.ts';
import { setCarrier } from '../link/operstate.ts';
import { packetTypeAt, receive } from '../link/receive.ts';
import { stack } from '../link/stacked.ts';
import { countTx, transmit as transmitOn } from '../link/transmit.ts';
import { IFF } from '../messages.ts';
import { callNotifiers } from '../notifier.ts';
import type { NewLink } from '../requests.ts';
import { drop, type Skb, setPacket } from '../skb.ts';
import { slot } from '../slot.ts';

const MAX_ID = 4094;

type Vlan = { readonly tpid: number; readonly id: number; reorderHdr: boolean; looseBinding: boolean };

const stateOf = slot((_: Link): { vlan?: Vlan } => ({}));

/** Precondition: the link is of this kind. */
export const vlanOf = (link: Link): Vlan => stateOf(link).vlan as Vlan;
const keyOf = ({ tpid, id }: Vlan): number => vlanKey({ tpid, tci: id });

/** One VLAN of the wire that the device underneath is on (IEEE 802.1Q, net/8021q/vlan_dev.c). */
export const vlan: LinkKind = {
  name: 'vlan',
  type: 'ether',
  template: 'vlan%d',
  flags: IFF.BROADCAST | IFF.MULTICAST,
  mtu: 1500,
  minMtu: 0,
  maxMtu: 65535,
  queues: 1,
  validate: ({ data }) => (data?.kind === 'vlan' ? validate(data) : fail('EINVAL', 'VLAN properties not specified')),
  create(link, request, source) {
    const { data } = request;
    if (data?.kind !== 'vlan' || data.id === undefined) return fail('EINVAL', 'VLAN id not specified');
    const found = lowerOf(request, source.linkByIndex(request.link ?? 0), data);
    if (!found.ok) return found;
    const lower = found.value;
    const self: Vlan = {
      tpid: tpidOf(data),
      id: data.id,
      reorderHdr: data.reorderHdr ?? true,
      looseBinding: data.looseBinding ?? false,
    };
    if (request.mtu === undefined) link.mtu = lower.mtu;
    if (request.mac === undefined) {
      link.mac = lower.mac;
      link.addrAssignType = 2;
    }
    stateOf(link).vlan = self;
    lower.vlans ??= new Map();
    lower.vlans.set(keyOf(self), link);
    stack(link, lower);
    return ok(undefined);
  },
  change(link, data) {
    if (data.kind !== 'vlan') return fail('EINVAL');
    const self = vlanOf(link);
    self.reorderHdr = data.reorderHdr ?? self.reorderHdr;
    self.looseBinding = data.looseBinding ?? self.looseBinding;
    return done;
  },
  data(link): VlanData {
    const { tpid, id, reorderHdr, looseBinding } = vlanOf(link);
    return { kind: 'vlan', protocol: tpid === ETHERTYPE.qinq ? '802.1ad' : '802.1Q', id, reorderHdr, looseBinding };
  },
  checkMtu: (link, mtu) => (mtu <= (link.lower as Link).mtu ? done : fail('ERANGE')),
  macChanged(link, old) {
    if (link.up) {
      unlisten(link, old);
      listen(link);
    }
    callNotifiers(link, 'changeMac');
  },
  groupChanged(link, group, joined) {
    const lower = link.lower as Link;
    if (joined) joinGroup(lower, group);
    else leaveGroup(lower, group);
  },
  open(link) {
    const lower = link.lower as Link;
    if (!lower.up && !vlanOf(link).looseBinding) return fail('ENETDOWN');
    listen(link);
    if (lower.carrier) setCarrier(link, true);
    return done;
  },
  stop(link) {
    unlisten(link, link.mac);
  },
  transmit,
  untag,
  destroy(link) {
    link.lower?.vlans?.delete(keyOf(vlanOf(link)));
    return [];
  },
};

function validate(data: Extract<LinkRequest, { kind: 'vlan' }>): Result<void> {
  return data.id !== undefined && data.id > MAX_ID ? fail('ERANGE', 'Invalid VLAN id') : done;
}

const tpidOf = (data: Extract<LinkRequest, { kind: 'vlan' }>): number =>
  data.protocol === '802.1ad' ? ETHERTYPE.qinq : ETHERTYPE.vlan;

/** vlan_check_real_dev() */
function lowerOf(
  request: Omit<NewLink, 'kind'>,
  lower: Link | undefined,
  data: Extract<LinkRequest, { kind: 'vlan' }>,
): Result<Link> {
  if (request.link === undefined) return fail('EINVAL', 'link not specified');
  if (lower === undefined) return fail('ENODEV', 'link does not exist');
  if (lower.kind.type !== 'ether') return fail('EOPNOTSUPP', 'VLANs not supported on device');
  if (lower.vlans?.has(vlanKey({ tpid: tpidOf(data), tci: data.id ?? 0 })) === true)
    return fail('EEXIST', 'VLAN device already exists');
  if (request.mtu !== undefined && request.mtu > lower.mtu) return fail('ERANGE');
  return ok(lower);
}

/** An address of its own has to be heard underneath. */
function listen(link: Link): void {
  const lower = link.lower as Link;
  if (link.mac === lower.mac) return;
  if (lower.unicast.size === 0) lower.promiscuity++;
  lower.unicast.add(link.mac);
}

function unlisten(link: Link, mac: Mac): void {
  const lower = link.lower as Link;
  if (lower.unicast.delete(mac) && lower.unicast.size === 0) lower.promiscuity--;
}

/** vlan_dev_hard_start_xmit() */
function transmit(link: Link, skb: Skb): void {
  const { tpid, id } = vlanOf(link);
  countTx(link, skb);
  setPacket(skb, { kind: 'vlan', tpid, tci: id, payload: skb.packet });
  skb.dev = link.lower as Link;
  transmitOn(skb);
}

/** vlan_do_receive(): the frame without its tag comes in here. */
function untag(link: Link, skb: Skb): void {
  if (!link.up) {
    drop(link.ns, skb, 'DEV_READY');
    return;
  }
  if (skb.packet.kind === 'vlan') setPacket(skb, skb.packet.payload);
  if (link.ns !== skb.dev.ns) {
    skb.mark = 0;
    skb.ct = undefined;
  }
  skb.dev = link;
  // The address may be this device's though it is not the one underneath.
  skb.type = packetTypeAt(link, skb.dst);
  link.stats.rxPackets++;
  link.stats.rxBytes += skb.length;
  if (skb.type === 'multicast') link.stats.multicast++;
  receive(skb);
}
