/**
 * Offload features in the order of `ethtool -k`, `>` before those that belong to the one above, and how they stand on
 * veth (and dummy), bridge and lo: + on, - off, 1 always on, 0 always off.
 */
const FEATURES = `
rx-checksumming +01
tx-checksumming +++
>tx-checksum-ipv4 000
>tx-checksum-ip-generic ++1
>tx-checksum-ipv6 000
>tx-checksum-fcoe-crc 000
>tx-checksum-sctp +01
scatter-gather +++
>tx-scatter-gather ++1
>tx-scatter-gather-fraglist ++1
tcp-segmentation-offload +++
>tx-tcp-segmentation +++
>tx-tcp-ecn-segmentation +++
>tx-tcp-mangleid-segmentation +++
>tx-tcp6-segmentation +++
>tx-tcp-accecn-segmentation +++
generic-segmentation-offload +++
generic-receive-offload -++
large-receive-offload 000
rx-vlan-offload +00
tx-vlan-offload ++0
ntuple-filters 000
receive-hashing 000
highdma ++1
rx-vlan-filter 000
vlan-challenged 001
tx-gso-robust 0+0
tx-fcoe-segmentation 0+0
tx-gre-segmentation ++0
tx-gre-csum-segmentation ++0
tx-ipxip4-segmentation ++0
tx-ipxip6-segmentation ++0
tx-udp_tnl-segmentation ++0
tx-udp_tnl-csum-segmentation ++0
tx-gso-partial 0+0
tx-tunnel-remcsum-segmentation 0+0
tx-sctp-segmentation +++
tx-esp-segmentation 0+0
tx-udp-segmentation +++
tx-gso-list +++
tx-nocache-copy --0
loopback 001
rx-fcs 000
rx-all 000
tx-vlan-stag-hw-insert ++0
rx-vlan-stag-hw-parse +00
rx-vlan-stag-filter 000
l2-fwd-offload 000
hw-tc-offload 000
esp-hw-offload 000
esp-tx-csum-hw-offload 000
rx-udp_tunnel-port-offload 000
tls-hw-tx-offload 000
tls-hw-rx-offload 000
rx-gro-hw 000
tls-hw-record 000
rx-gro-list ---
macsec-hw-offload 000
rx-udp-gro-forwarding ---
hsr-tag-ins-offload 000
hsr-tag-rm-offload 000
hsr-fwd-offload 000
hsr-dup-offload 000
`;

const COLUMN: Readonly<Record<string, number>> = { veth: 0, dummy: 0, bridge: 1, loopback: 2 };
const STATE: Readonly<Record<string, string>> = { '+': 'on', '-': 'off', '1': 'on [fixed]', '0': 'off [fixed]' };

export function describeFeatures(kind: string): string {
  const lines = FEATURES.trim()
    .split('\n')
    .map((row) => {
      const [name = '', states = ''] = row.split(' ');
      const state = STATE[states[COLUMN[kind] ?? 0] ?? ''] ?? '';
      return `${name.replace('>', '\t')}: ${state}\n`;
    });
  return lines.join('');
}
