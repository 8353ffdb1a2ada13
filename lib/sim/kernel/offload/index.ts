/**
 * Offloads of devices as a kernel module: which features a driver has, which of them somebody turned off, and which the
 * kernel takes back because another is missing (netdev_features, netdev_fix_features). Nothing in this kernel's datapath
 * is offloaded: packets always carry whole checksums and are never merged, so the switches change what is shown.
 */
import type { Link } from '../link/link.ts';
import type { NetNs } from '../netns.ts';
import { slot } from '../slot.ts';

/** Columns below: veth (dummy, and kinds not listed), bridge, lo, vxlan, macvlan, ifb. */
const COLUMN: Readonly<Record<string, number>> = { bridge: 1, loopback: 2, vxlan: 3, macvlan: 4, ifb: 5 };

/**
 * In the order of the kernel's bits. + is on, - off, both changeable; 1 and 0 are fixed; ? is off until the device
 * underneath has it.
 */
const DEFAULTS = `
tx-scatter-gather ++1+1+
tx-checksum-ipv4 000000
tx-checksum-ip-generic ++1+1+
tx-checksum-ipv6 000000
highdma ++101+
tx-scatter-gather-fraglist ++1+1+
tx-vlan-hw-insert ++000+
rx-vlan-hw-parse +00000
rx-vlan-filter 000000
tx-vlan-stag-hw-insert ++000+
rx-vlan-stag-hw-parse +00000
rx-vlan-stag-filter 000000
vlan-challenged 001000
tx-generic-segmentation ++++++
rx-gro -+++?+
rx-lro 0000-0
tx-tcp-segmentation ++++1+
tx-gso-robust 0+0010
tx-tcp-ecn-segmentation ++++1+
tx-tcp-mangleid-segmentation ++++1+
tx-tcp6-segmentation ++++1+
tx-fcoe-segmentation 0+0000
tx-gre-segmentation ++001+
tx-gre-csum-segmentation ++001+
tx-ipxip4-segmentation ++001+
tx-ipxip6-segmentation ++001+
tx-udp_tnl-segmentation ++001+
tx-udp_tnl-csum-segmentation ++001+
tx-gso-partial 0+0000
tx-tunnel-remcsum-segmentation 0+0000
tx-sctp-segmentation ++++1+
tx-esp-segmentation 0+0000
tx-udp-segmentation ++++1+
tx-gso-list ++++1+
tx-tcp-accecn-segmentation ++++1+
tx-checksum-fcoe-crc 000000
tx-checksum-sctp +01000
rx-ntuple-filter 000000
rx-hashing 000000
rx-checksum +01+10
tx-nocache-copy --0---
loopback 001000
rx-fcs 000000
rx-all 000000
l2-fwd-offload 000000
hw-tc-offload 000000
esp-hw-offload 000000
esp-tx-csum-hw-offload 000000
rx-udp_tunnel-port-offload 000000
tls-hw-tx-offload 000000
tls-hw-rx-offload 000000
rx-gro-hw 000000
tls-hw-record 000000
rx-gro-list ------
macsec-hw-offload 000000
rx-udp-gro-forwarding ------
hsr-tag-ins-offload 000000
hsr-tag-rm-offload 000000
hsr-fwd-offload 000000
hsr-dup-offload 000000
`
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [name: string, states: string]);

export const FEATURES: readonly string[] = DEFAULTS.map(([name]) => name);

export type Feature = {
  readonly name: string;
  readonly active: boolean;
  /** Asked for, though it may not be active. */
  readonly wanted: boolean;
  readonly fixed: boolean;
};

/** What somebody asked for by name, where it is not the default. */
const wishesOf = slot((_: Link) => new Map<string, boolean>());

const TSO = ['tx-tcp-segmentation', 'tx-tcp-ecn-segmentation', 'tx-tcp-mangleid-segmentation', 'tx-tcp6-segmentation'];

/** All features of a device; undefined when there is no such device. */
export function readFeatures(ns: NetNs, ifindex: number): Feature[] | undefined {
  const link = ns.linkByIndex(ifindex);
  if (link === undefined) return undefined;
  const wishes = wishesOf(link);
  const column = COLUMN[link.kind.name] ?? 0;
  const wanted = new Map(
    DEFAULTS.map(([name, states]) => [name, wishes.get(name) ?? '+1?'.includes(states[column] ?? '0')]),
  );
  const active = fix(wanted);
  return DEFAULTS.map(([name, states]) => {
    const state = states[column] ?? '0';
    return {
      name,
      active: active.has(name) && state !== '?',
      wanted: wanted.get(name) === true,
      fixed: state === '0' || state === '1',
    };
  });
}

/** netdev_fix_features(): segmentation wants checksums and scattered buffers. */
function fix(wanted: ReadonlyMap<string, boolean>): Set<string> {
  const active = new Set([...wanted].filter(([, on]) => on).map(([name]) => name));
  const generic = active.has('tx-checksum-ip-generic');
  const scattered = active.has('tx-scatter-gather');
  if (!generic || !scattered) for (const name of TSO) active.delete(name);
  if (!generic) active.delete('tx-udp-segmentation');
  if (!scattered) active.delete('tx-generic-segmentation');
  return active;
}

/** Asks for features; those that are fixed stay as they are. */
export function changeFeatures(ns: NetNs, ifindex: number, asked: ReadonlyMap<string, boolean>): void {
  const link = ns.linkByIndex(ifindex);
  if (link === undefined) return;
  const fixed = new Set((readFeatures(ns, ifindex) ?? []).filter((one) => one.fixed).map((one) => one.name));
  for (const [name, on] of asked) if (!fixed.has(name)) wishesOf(link).set(name, on);
}
