# Two machines, web and db, with a cable between them and no addresses yet. IPv6 is switched off, to keep the listings short.
sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
for n in web db; do
  ip netns add $n
  ip netns exec $n sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip -n $n link set lo up
done
ip -n web link add eth0 type veth peer name eth0 netns db
ip -n web link set eth0 up
ip -n db link set eth0 up
unset n

cat > /root/bits.sh <<'END'
# bits.sh ADDRESS/LENGTH: the 32 bits of an address, with a bar behind those that name the network
address=${1%/*} length=${1#*/} n=0 out=
for number in ${address//./ }; do
  for value in 128 64 32 16 8 4 2 1; do
    out=$out$((number & value ? 1 : 0))
    n=$((n + 1))
    if [ $n = $length ]; then out="$out|"; fi
  done
  out="$out "
done
echo "$out"
END
