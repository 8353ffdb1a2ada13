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

# For the tasks at the end: three reasons why port 5000 of pod-b cannot be reached.
cat > /root/fault.sh <<'FAULT'
case $1 in
  1) iptables -A FORWARD -s 10.244.1.3 -p tcp --sport 5000 -j DROP ;;
  2) ip netns exec pod-b ip route replace default via 10.244.1.2 ;;
  3) iptables -t mangle -A PREROUTING -d 10.244.1.3 -p tcp --dport 5000 -j DROP ;;
  *) echo 'usage: sh fault.sh 1|2|3' ;;
esac
FAULT
