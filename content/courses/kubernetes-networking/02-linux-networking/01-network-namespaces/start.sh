# What a container runtime has done before you came: a container called shop, in a network namespace without a name.
(unshare -n sleep infinity &)
sleep 0.2
shop=$(pgrep -x sleep)
ip link add veth-shop type veth peer name eth0 netns $shop
ip addr add 10.0.7.1/24 dev veth-shop
ip link set veth-shop up
nsenter -t $shop -n ip link set lo up
nsenter -t $shop -n ip addr add 10.0.7.2/24 dev eth0
nsenter -t $shop -n ip link set eth0 up
nsenter -t $shop -n ip route add default via 10.0.7.1

# And what somebody made in there, and forgot.
nsenter -t $shop -n iptables -A INPUT -p icmp --icmp-type echo-request -j DROP
unset shop
