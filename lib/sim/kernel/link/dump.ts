import type { Bridge } from '../bridge/bridge.ts';
import type { BridgePort } from '../bridge/port.ts';
import type { BridgeMessage, BridgePortMessage, LinkMessage } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { Link } from './link.ts';

/** RTM_GETLINK with NLM_F_DUMP: by ifindex. */
export const dumpLinks = (ns: NetNs): LinkMessage[] => ns.links().map(linkMessage);

/** rtnl_fill_ifinfo(). Naming the peer's namespace gives that namespace an id, as in the kernel. */
export function linkMessage(link: Link): LinkMessage {
  const { ns, bridge, port } = link;
  const other = link.peer ?? link.lower;
  const otherNs = other?.ns ?? link.kind.linkNs?.(link) ?? ns;
  const elsewhere = otherNs !== ns;
  return {
    ifindex: link.ifindex,
    name: link.name,
    altnames: [...link.altnames],
    alias: link.alias,
    type: link.kind.type,
    flags: link.shownFlags,
    mtu: link.mtu,
    minMtu: link.minMtu,
    maxMtu: link.maxMtu,
    qdisc: link.qdisc,
    operstate: link.up ? link.operstate : 'DOWN',
    carrier: link.carrier,
    carrierChanges: link.carrierChanges,
    master: port?.bridge.link.ifindex,
    link: link.iflink !== link.ifindex || elsewhere ? link.iflink : undefined,
    linkNetnsId: elsewhere ? ns.nsids.allocate(otherNs) : undefined,
    group: link.group,
    txqlen: link.txqlen,
    mac: link.mac,
    broadcast: link.broadcast,
    addrAssignType: link.addrAssignType,
    promiscuity: link.promiscuity,
    allmulti: link.allmulti,
    numTxQueues: link.numTxQueues,
    numRxQueues: link.numRxQueues,
    addrGenMode: link.inet6 === undefined ? undefined : link.addrGenMode,
    kind: link.kind.name === 'loopback' ? undefined : link.kind.name,
    data: link.kind.data?.(link),
    bridge: bridge === undefined ? undefined : bridgeMessage(bridge),
    bridgePort: port === undefined ? undefined : portMessage(port),
    stats: { ...link.stats },
  };
}

function bridgeMessage(bridge: Bridge): BridgeMessage {
  const id = { priority: bridge.priority, mac: bridge.idMac };
  return {
    forwardDelay: bridge.forwardDelay,
    helloTime: bridge.helloTime,
    maxAge: bridge.maxAge,
    ageingTime: bridge.ageingTime,
    stpState: bridge.stp ? 1 : 0,
    priority: bridge.priority,
    vlanFiltering: 0,
    bridgeId: id,
    designatedRoot: id,
    rootPort: 0,
    rootPathCost: 0,
    topologyChange: 0,
    topologyChangeDetected: 0,
    helloTimer: 0,
    tcnTimer: 0,
    topologyChangeTimer: 0,
    gcTimer: 0,
    groupFwdMask: bridge.groupFwdMask,
    groupAddress: 0x0180_c200_0000 as BridgeMessage['groupAddress'],
    mcastSnooping: bridge.mcastSnooping ? 1 : 0,
    ...bridge.tree?.describe(),
  };
}

function portMessage(port: BridgePort): BridgePortMessage {
  const id = { priority: port.bridge.priority, mac: port.bridge.idMac };
  const portId = (port.priority << 10) | port.number;
  const remaining = port.forwardDelay === undefined ? 0 : port.forwardDelay.at - port.link.ns.kernel.events.now;
  return {
    ...port.flags,
    state: port.state,
    priority: port.priority,
    cost: port.cost,
    portId,
    portNo: port.number,
    designatedPort: portId,
    designatedCost: 0,
    designatedBridge: id,
    designatedRoot: id,
    holdTimer: 0,
    messageAgeTimer: 0,
    forwardDelayTimer: Math.round(remaining / 10_000),
    mcastRouter: 1,
    ...port.bridge.tree?.describePort(port),
  };
}

/** rtmsg_ifinfo() */
export function notifyLink(link: Link, type: 'newlink' | 'dellink'): void {
  // The message is made even when nobody reads it: it is what gives namespaces their ids.
  link.ns.notify({ type, link: linkMessage(link) });
}
