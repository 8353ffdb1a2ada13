# You are root on worker-1, a node with two callers and three Pods that shall share the calls to one address.
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
pod caller 10.244.1.2
pod caller-2 10.244.1.3
pod web-1 10.244.1.11
pod web-2 10.244.1.12
pod web-3 10.244.1.13
for name in web-1 web-2 web-3; do
  ip netns exec $name iptables -A INPUT -p icmp --icmp-type echo-request
done

# call FROM N: N calls, each a conversation of its own
cat > /root/call.sh <<'CALL'
i=0
while [ $i -lt $2 ]; do
  ip netns exec $1 ping -c 1 -W 1 -q 10.96.0.80 > /dev/null
  i=$((i + 1))
done
CALL
# count: how many calls each Pod has got since the last time
cat > /root/count.sh <<'COUNT'
for name in web-1 web-2 web-3; do
  echo "$name $(ip netns exec $name iptables-save -c | sed -n 's/^\[\([0-9]*\):.*-p icmp.*/\1/p')"
  ip netns exec $name iptables -Z
done
COUNT

# Another machine, outside.
ip netns add client
ip -n client link set lo up
ip link add eth0 type veth peer name eth0 netns client
ip addr add 192.168.10.11/24 dev eth0
ip link set eth0 up
ip -n client addr add 192.168.10.100/24 dev eth0
ip -n client link set eth0 up
ip -n client route add default via 192.168.10.11
