# Three Pods on a bridge. Their MAC addresses can be read: …0a is pod-a, and so on; the bridge is …01.
# IPv6 is switched off, so that nothing crosses the cables but what you send.
sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
sysctl -q -w net.ipv4.ip_forward=1
ip link add br0 type bridge
ip link set br0 address 02:00:00:00:00:01
ip addr add 10.244.1.1/24 dev br0
ip link set br0 up
pod() {
  ip netns add pod-$1
  ip netns exec pod-$1 sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip link add veth-$1 type veth peer name eth0 netns pod-$1
  ip -n pod-$1 link set lo up
  ip -n pod-$1 link set eth0 address 02:00:00:00:00:$2
  ip -n pod-$1 addr add $3/24 dev eth0
  ip -n pod-$1 link set eth0 up
  ip -n pod-$1 route add default via $4
  # What they have learnt of a neighbour they believe for about 5 seconds, not for the usual 30: less waiting for you.
  ip netns exec pod-$1 sysctl -q -w net.ipv4.neigh.eth0.base_reachable_time_ms=5000
}
for p in a b c; do
  case $p in a) n=2 ;; b) n=3 ;; c) n=4 ;; esac
  pod $p 0$p 10.244.1.$n 10.244.1.1
  ip link set veth-$p master br0 up
done

# One more Pod, in another network, which the node joins with the first one as a router.
pod far ff 10.244.2.2 10.244.2.1
ip addr add 10.244.2.1/24 dev veth-far
ip link set veth-far up
unset -f pod; unset n p
