# A node with four Pods. Their cables have the kind of names that container runtimes make up.
# IPv6 is switched off, so that nothing crosses the cables but what you send.
sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
pod() {
  ip netns add $1
  ip netns exec $1 sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip link add $2 type veth peer name eth0 netns $1
  ip link set $2 up
  ip -n $1 link set lo up
  ip -n $1 addr add $3/32 dev eth0
  ip -n $1 link set eth0 up
  ip -n $1 route add 10.244.1.1 dev eth0
  ip -n $1 route add default via 10.244.1.1
  ip route add $3 dev $2
}
# Pods that came and went before: the kernel does not use their numbers again.
gone() { for n in $(seq $1); do ip link add gone type veth peer name gone-too; ip link del gone; done; }

ip addr add 10.244.1.1/32 dev lo
sysctl -q -w net.ipv4.ip_forward=1
ip route add blackhole 203.0.113.0/24
pod cache vethb51e07c4 10.244.1.5
gone 1
pod web veth5d3f9a1c 10.244.1.8
gone 2
pod mail veth0c77ab12 10.244.1.11
pod db vethe81d4f06 10.244.1.12
unset -f pod gone
