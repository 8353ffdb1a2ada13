# Nothing is built. There are two scripts: one that tells who reaches whom, one that breaks things.

cat > /root/check.sh <<'CHECK'
# Who reaches whom? A row for each caller, a column for each destination.
# ok: answered   half: every second call   -: no answer, or an answer from somebody else
answers() { ip netns exec $1 ping -c 1 -W 1 $2 2> /dev/null | grep -q "from $2"; }
service() {
  n=0
  answers $1 10.96.0.80 && n=$((n + 1))
  answers $1 10.96.0.80 && n=$((n + 1))
  case $n in 2) echo ok ;; 1) echo half ;; 0) echo - ;; esac
}
printf '%-8s%-8s%-8s%-8s%-9s%s\n' from pod-a pod-b pod-c outside service
for from in pod-a pod-b pod-c node-1 node-2; do
  printf '%-8s' $from
  for to in 10.244.1.2 10.244.1.3 10.244.2.2; do
    if answers $from $to; then printf '%-8s' ok; else printf '%-8s' -; fi
  done
  if answers $from 192.168.10.1; then printf '%-9s' ok; else printf '%-9s' -; fi
  service $from
done
CHECK

cat > /root/fault.sh <<'FAULT'
# Breaks one thing. Reading on would spoil the search.
case $1 in
  1) ip netns exec node-2 sysctl -q -w net.ipv4.ip_forward=0 ;;
  2) ip -n node-2 route replace 10.244.1.0/24 via 192.168.10.1 ;;
  3) ip netns exec node-1 sysctl -q -w net.bridge.bridge-nf-call-iptables=0 ;;
  *) echo 'usage: sh fault.sh 1|2|3' ;;
esac
FAULT
