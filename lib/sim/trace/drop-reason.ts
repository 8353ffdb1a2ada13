/**
 * Why a packet ended where it did: the kernel's skb_drop_reason (include/net/dropreason-core.h) with its names, and the
 * sentence that `why` and the pictures show. The order is part of the trace hash: append, never reorder.
 */
export const DROP_REASONS = {
  NOT_SPECIFIED: 'dropped without a stated reason',
  NO_SOCKET: 'no socket listens for it',
  PKT_TOO_SMALL: 'the packet is shorter than its headers say',
  IP_CSUM: 'the IPv4 header checksum is wrong',
  ICMP_CSUM: 'the ICMP checksum is wrong',
  UDP_CSUM: 'the UDP checksum is wrong',
  IP_INHDR: 'the IP header is not valid',
  IP_RPFILTER: 'the reverse path filter says that the source address cannot come from this device',
  OTHERHOST: 'the frame is addressed to another MAC address',
  UNICAST_IN_L2_MULTICAST: 'a unicast IP packet came in a link-layer multicast frame',
  IP_INNOROUTES: 'no route to the destination for a packet that came in',
  IP_OUTNOROUTES: 'no route to the destination',
  IP_LOCAL_SOURCE: 'the source address is one of this host',
  IP_INVALID_SOURCE: 'the source address is not one a host may have',
  IP_INVALID_DEST: 'the destination address is not one a packet may go to',
  IP_LOCALNET: 'loopback addresses never travel over a link',
  FORWARDING_DISABLED: 'the packet is for someone else and forwarding is off on the incoming device',
  TTL_EXPIRED: 'the time to live ran out',
  PKT_TOO_BIG: 'the packet is larger than the MTU and must not be fragmented',
  NETFILTER_DROP: 'a netfilter hook dropped it',
  NEIGH_CREATEFAIL: 'the neighbour table is full',
  NEIGH_FAILED: 'the neighbour did not answer',
  NEIGH_QUEUEFULL: 'too many packets wait for the neighbour to answer',
  NEIGH_DEAD: 'the neighbour entry was deleted while the packet waited',
  IPV6DISABLED: 'IPv6 is disabled on the device',
  IPV6_BAD_EXTHDR: 'an IPv6 extension header is not valid',
  UNHANDLED_PROTO: 'nothing here speaks this protocol',
  SOCKET_RCVBUFF: "the socket's receive buffer is full",
  SOCKET_FILTER: "the socket's filter does not want it",
  DEV_READY: 'the device is not up',
  NO_CARRIER: 'the device has no carrier',
  CPU_BACKLOG: 'more packets wait than the backlog holds (net.core.netdev_max_backlog)',
  RECURSION_LIMIT: 'the packet passed through too many stacked devices',
  BRIDGE_INGRESS_STP_STATE: 'the bridge port is not in a state that lets packets in',
  BRIDGE_NO_PORT: 'the bridge has no port to send it to',
  BRIDGE_LOCKED: 'the bridge port is locked and the sender is not in its table',
  BRIDGE_LINK_LOCAL: 'bridges do not forward frames to link-local group addresses',
  FRAG_REASM_TIMEOUT: 'not all fragments arrived in time',
  FRAG_TOO_FAR: 'the reassembly buffers are full',
  DUP_FRAG: 'the fragment overlaps one that is there already',
  ICMP_IGNORED: 'echo requests are ignored here (icmp_echo_ignore_all or icmp_echo_ignore_broadcasts)',
  ARP_IGNORED: 'ARP does not answer for this address here',
  ROUTE_BLACKHOLE: 'a blackhole route swallows it',
  ROUTE_UNREACHABLE: 'an unreachable route refuses it',
  ROUTE_PROHIBIT: 'a prohibit route refuses it',
  NOT_A_MEMBER: 'it is for a multicast group that nobody here joined',
  NETNS_GONE: 'the namespace was deleted while the packet was under way',
  LOCAL_MAC: "it came back to the device that sent it: its source is the device's own address",
  VXLAN_VNI_NOT_FOUND: 'no VXLAN device here has that network identifier',
  VXLAN_NO_REMOTE: 'the VXLAN device knows no far end to send it to',
  VXLAN_ENTRY_EXISTS: 'a fixed forwarding entry says that its sender is elsewhere',
  VLAN_FILTER: 'the VLAN is not allowed on the bridge port',
  QDISC_DROP: 'the queue is full, or its discipline dropped it',
  TCP_CSUM: 'the TCP checksum is wrong',
  TCP_FLAGS: 'no segment with such flags is expected now',
  TCP_OLD_DATA: 'the TCP segment came before',
  TCP_OVERWINDOW: 'the TCP segment is outside the window',
  LISTEN_OVERFLOW: 'more connections wait than the listening socket lets',
} as const;

export type DropReason = keyof typeof DROP_REASONS;

const CODES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.keys(DROP_REASONS).map((name, i) => [name, i]),
);

/** The number of a reason in the trace hash. */
export const dropCode = (reason: DropReason): number => CODES[reason] as number;
