/**
 * The machine behind the picture: two Pods on one node, each joined to the bridge cni0 by a veth pair. IPv6 is off, so that
 * only what one types crosses it.
 */
export const POD_PAIR = `
ip link add cni0 type bridge
ip addr add 10.244.1.1/24 dev cni0
ip link set cni0 up
sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
for n in 1 2; do
  ip netns add pod$n
  ip netns exec pod$n sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip link add veth-pod$n type veth peer name eth0 netns pod$n
  ip link set veth-pod$n master cni0 up
  ip -n pod$n addr add 10.244.1.$((n + 1))/24 dev eth0
  ip -n pod$n link set eth0 up
  ip -n pod$n link set lo up
done
`;

export const FIRST_COMMAND = 'ip netns exec pod1 ping -c 3 10.244.1.3';

/** The node's ends of the two cables; a packet received there comes from the Pod, one sent there goes to it. */
export const CABLES = { 'veth-pod1': 'pod1', 'veth-pod2': 'pod2' } as const;

export type Pod = (typeof CABLES)[keyof typeof CABLES];
