# You are root on worker-1. Two more nodes and a router are plugged into the same switch,
# and behind the router, in another network, is a database.

machine() { # NAME: a machine that forwards
  ip netns add $1
  ip -n $1 link set lo up
  ip netns exec $1 sysctl -q -w net.ipv4.ip_forward=1
}
plug() { # NAME ADDRESS: an eth0 on the switch
  ip -n switch link add port-$1 type veth peer name eth0 netns $1
  ip -n switch link set port-$1 master sw0 up
  ip -n $1 addr add $2 dev eth0
  ip -n $1 link set eth0 up
}
pod() { # NODE POD GATEWAY ADDRESS: a bridge on the node and one Pod on it
  ip -n $1 link add cni0 type bridge
  ip -n $1 addr add $3/24 dev cni0
  ip -n $1 link set cni0 up
  ip netns add $2
  ip -n $2 link set lo up
  ip -n $1 link add veth-$2 type veth peer name eth0 netns $2
  ip -n $1 link set veth-$2 master cni0 up
  ip -n $2 addr add $4/24 dev eth0
  ip -n $2 link set eth0 up
  ip -n $2 route add default via $3
}

ip netns add switch
ip -n switch link add sw0 type bridge
ip -n switch link set sw0 up
for name in worker-2 worker-3 router; do machine $name; done
plug worker-2 192.168.10.12/24
plug worker-3 192.168.10.13/24
plug router 192.168.10.1/24
pod worker-2 pod-b 10.244.2.1 10.244.2.2
pod worker-3 pod-c 10.244.3.1 10.244.3.2
for name in worker-2 worker-3; do
  ip -n $name route add default via 192.168.10.1
  ip -n $name route add 10.244.1.0/24 via 192.168.10.11
done

# The router knows of all Pods only that worker-1 is the way to them.
ip -n router route add 10.244.0.0/16 via 192.168.10.11
ip netns add db
ip -n db link set lo up
ip -n router link add eth1 type veth peer name eth0 netns db
ip -n router addr add 172.20.0.1/24 dev eth1
ip -n router link set eth1 up
ip -n db addr add 172.20.0.10/24 dev eth0
ip -n db link set eth0 up
ip -n db route add default via 172.20.0.1

# worker-1 itself: plugged in, with one Pod, and no routes but those that the kernel makes.
sysctl -q -w net.ipv4.ip_forward=1
ip -n switch link add port-worker-1 type veth peer name eth0 netns $$
ip -n switch link set port-worker-1 master sw0 up
ip addr add 192.168.10.11/24 dev eth0
ip link set eth0 up
ip link add cni0 type bridge
ip addr add 10.244.1.1/24 dev cni0
ip link set cni0 up
ip netns add pod-a
ip -n pod-a link set lo up
ip link add veth-pod-a type veth peer name eth0 netns pod-a
ip link set veth-pod-a master cni0 up
ip -n pod-a addr add 10.244.1.2/24 dev eth0
ip -n pod-a link set eth0 up
ip -n pod-a route add default via 10.244.1.1
