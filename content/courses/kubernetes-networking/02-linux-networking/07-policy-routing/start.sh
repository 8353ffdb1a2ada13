# You are root on worker-1, a node with two Pods and two uplinks. Behind both routers is the same database.
cable() { # NAMESPACE DEVICE ADDRESS NAMESPACE DEVICE ADDRESS
  ip -n $1 link add $2 type veth peer name $5 netns $4
  ip -n $1 addr add $3 dev $2
  ip -n $4 addr add $6 dev $5
  ip -n $1 link set $2 up
  ip -n $4 link set $5 up
}
for name in router-1 router-2 db; do
  ip netns add $name
  ip -n $name link set lo up
done
for name in router-1 router-2; do ip netns exec $name sysctl -q -w net.ipv4.ip_forward=1; done
cable db eth1 172.20.1.10/24 router-1 eth1 172.20.1.1/24
cable db eth2 172.20.2.10/24 router-2 eth1 172.20.2.1/24
ip -n db addr add 172.20.0.10/32 dev lo
for n in 1 2; do
  ip -n router-$n route add 172.20.0.10 via 172.20.$n.10
  ip -n db route add 192.168.${n}0.0/24 via 172.20.$n.1
done

sysctl -q -w net.ipv4.ip_forward=1
for n in 1 2; do
  ip link add uplink-$n type veth peer name eth0 netns router-$n
  ip addr add 192.168.${n}0.11/24 dev uplink-$n
  ip link set uplink-$n up
  ip -n router-$n addr add 192.168.${n}0.1/24 dev eth0
  ip -n router-$n link set eth0 up
done
ip route add default via 192.168.10.1
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

# On the way out, Pods are masqueraded.
iptables -t nat -A POSTROUTING -s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE
