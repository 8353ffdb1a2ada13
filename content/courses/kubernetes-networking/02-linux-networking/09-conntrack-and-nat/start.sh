# You are root on worker-1, a node with three Pods. outside plays the world beyond the node: it knows of no Pods
# and of no Services, and what is not for itself it drops.
sysctl -q -w net.ipv4.ip_forward=1
ip link add cni0 type bridge
ip addr add 10.244.1.1/24 dev cni0
ip link set cni0 up
pod() {
  ip netns add $1
  ip -n $1 link set lo up
  ip link add veth-$1 type veth peer name eth0 netns $1
  ip link set veth-$1 master cni0 up
  ip -n $1 addr add $2/24 dev eth0
  ip -n $1 link set eth0 up
  ip -n $1 route add default via 10.244.1.1
}
pod pod-a 10.244.1.2
pod pod-b 10.244.1.3
pod pod-c 10.244.1.4
ip netns add outside
ip -n outside link set lo up
ip link add eth0 type veth peer name eth0 netns outside
ip addr add 192.168.10.11/24 dev eth0
ip link set eth0 up
ip -n outside addr add 192.168.10.1/24 dev eth0
ip -n outside link set eth0 up
ip route add default via 192.168.10.1
