# The flat network of the last lesson: two nodes, one Pod on each, and routes between them.
# New is a server on the nodes' network that does not belong to the cluster.
ip netns add lan
ip -n lan link add lan0 type bridge
ip -n lan link set lan0 up

ip link add eth0 type veth peer name port1 netns lan
ip addr add 192.168.10.11/24 dev eth0
ip link set eth0 up
sysctl -q -w net.ipv4.ip_forward=1

ip netns add worker-2
ip -n worker-2 link set lo up
ip -n worker-2 link add eth0 type veth peer name port2 netns lan
ip -n worker-2 addr add 192.168.10.12/24 dev eth0
ip -n worker-2 link set eth0 up
ip netns exec worker-2 sysctl -q -w net.ipv4.ip_forward=1

ip netns add server
ip -n server link set lo up
ip -n server link add eth0 type veth peer name port3 netns lan
ip -n server addr add 192.168.10.100/24 dev eth0
ip -n server link set eth0 up

for port in port1 port2 port3; do ip -n lan link set $port master lan0 up; done

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

ip -n worker-2 link add cni0 type bridge
ip -n worker-2 addr add 10.244.2.1/24 dev cni0
ip -n worker-2 link set cni0 up
ip netns add pod-c
ip -n pod-c link set lo up
ip -n worker-2 link add veth-pod-c type veth peer name eth0 netns pod-c
ip -n worker-2 link set veth-pod-c master cni0 up
ip -n pod-c addr add 10.244.2.2/24 dev eth0
ip -n pod-c link set eth0 up
ip -n pod-c route add default via 10.244.2.1

ip route add 10.244.2.0/24 via 192.168.10.12
ip -n worker-2 route add 10.244.1.0/24 via 192.168.10.11
