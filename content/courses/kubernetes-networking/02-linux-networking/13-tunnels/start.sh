# Two nodes in different networks. You are root on the router between them, which knows nothing of Pods.
sysctl -q -w net.ipv4.ip_forward=1
for n in 1 2; do
  ip netns add node-$n
  ip -n node-$n link set lo up
  ip link add port-$n type veth peer name eth0 netns node-$n
  ip addr add 192.168.${n}0.1/24 dev port-$n
  ip link set port-$n up
  ip -n node-$n addr add 192.168.${n}0.1$n/24 dev eth0
  ip -n node-$n link set eth0 up
  ip -n node-$n route add default via 192.168.${n}0.1
  ip netns exec node-$n sysctl -q -w net.ipv4.ip_forward=1
  ip -n node-$n link add cni0 type bridge
  ip -n node-$n addr add 10.244.$n.1/24 dev cni0
  ip -n node-$n link set cni0 up
done
pod() { # NODE POD ADDRESS GATEWAY
  ip netns add $2
  ip -n $2 link set lo up
  ip -n $1 link add veth-$2 type veth peer name eth0 netns $2
  ip -n $1 link set veth-$2 master cni0 up
  ip -n $2 addr add $3/24 dev eth0
  ip -n $2 link set eth0 up
  ip -n $2 route add default via $4
}
pod node-1 pod-a 10.244.1.2 10.244.1.1
pod node-2 pod-c 10.244.2.2 10.244.2.1
