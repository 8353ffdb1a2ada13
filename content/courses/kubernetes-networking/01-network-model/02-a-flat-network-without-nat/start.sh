cat > /root/worker-2.sh <<'END'
# A cable between the two nodes, and an address for each node at its end.
ip netns add worker-2
ip link add eth0 type veth peer name eth0 netns worker-2
ip addr add 192.168.10.11/24 dev eth0
ip -n worker-2 addr add 192.168.10.12/24 dev eth0
ip link set eth0 up
ip -n worker-2 link set eth0 up
ip -n worker-2 link set lo up

# Inside worker-2 the same as you built on worker-1: a bridge, and one Pod on it.
ip -n worker-2 link add cni0 type bridge
ip -n worker-2 addr add 10.244.2.1/24 dev cni0
ip -n worker-2 link set cni0 up
ip netns exec worker-2 sysctl -q -w net.ipv4.ip_forward=1

ip netns add pod-c
ip -n pod-c link set lo up
ip -n worker-2 link add veth-pod-c type veth peer name eth0 netns pod-c
ip -n worker-2 link set veth-pod-c master cni0 up
ip -n pod-c addr add 10.244.2.2/24 dev eth0
ip -n pod-c link set eth0 up
ip -n pod-c route add default via 10.244.2.1
END
