# Three Pods, each with a cable whose other end lies loose on the node. Their MAC addresses can be read: …0a is pod-a.
# IPv6 is switched off, and each Pod knows the others' MAC addresses, so nothing crosses the cables but what you send.
sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
# The Pods' eth0 are number 2. On the node nobody shall have this number, so that `@if2` is not taken for it.
ip link add gone type veth peer name gone-too
ip link del gone
pod() {
  ip netns add pod-$1
  ip netns exec pod-$1 sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip link add veth-$1 type veth peer name eth0 netns pod-$1
  ip link set veth-$1 up
  ip -n pod-$1 link set lo up
  ip -n pod-$1 link set eth0 address 02:00:00:00:00:0$1
  ip -n pod-$1 addr add $2/24 dev eth0
  ip -n pod-$1 link set eth0 up
}
knows() { ip -n pod-$1 neigh add $2 lladdr 02:00:00:00:00:0$3 dev eth0; }
pod a 10.244.1.2
pod b 10.244.1.3
pod c 10.244.1.4
knows a 10.244.1.3 b; knows a 10.244.1.4 c
knows b 10.244.1.2 a; knows b 10.244.1.4 c
knows c 10.244.1.2 a; knows c 10.244.1.3 b
unset -f pod knows
