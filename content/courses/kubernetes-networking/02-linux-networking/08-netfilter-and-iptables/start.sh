# You are root on worker-1, a node with two Pods. client is another machine on the nodes' network.
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
ip netns add client
ip -n client link set lo up
ip link add eth0 type veth peer name eth0 netns client
ip addr add 192.168.10.11/24 dev eth0
ip link set eth0 up
ip -n client addr add 192.168.10.100/24 dev eth0
ip -n client link set eth0 up
ip -n client route add 10.244.1.0/24 via 192.168.10.11

# For the last task: rules of two teams. One of them does more than it seems to.
cat > /root/riddle.sh <<'RULES'
iptables -N TEAM-BLUE
iptables -N TEAM-RED
iptables -A FORWARD -d 10.244.1.2 -j TEAM-BLUE
iptables -A FORWARD -d 10.244.1.3 -j TEAM-RED
iptables -A TEAM-BLUE -s 192.168.10.0/24 -j ACCEPT
iptables -A TEAM-BLUE -j DROP
iptables -A TEAM-RED -s 10.244.1.0/24 -j ACCEPT
iptables -A TEAM-RED -j DROP
iptables -t mangle -A POSTROUTING -o cni0 -m ttl --ttl-lt 64 -j DROP
RULES
