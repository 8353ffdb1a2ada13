import { Ip } from '../../../base/index.ts';
import { selectAddress } from '../../addr/in-device.ts';
import type { HookName } from '../../hooks.ts';
import { selectSource } from '../../ip6/route.ts';
import type { Link } from '../../link/link.ts';
import { SCOPE } from '../../messages.ts';
import type { NetNs } from '../../netns.ts';
import type { Placement } from '../match/match.ts';
import { bind, type NatRange } from '../nat/bind.ts';
import type { Half } from '../nat/rewrite.ts';
import type { Context, IpPacket, MaskedAddress } from '../packet.ts';
import type { TargetKind, TargetVerdict } from './target.ts';

export type NetmapTarget = { readonly name: 'NETMAP'; readonly to: MaskedAddress };

/** xt_NETMAP.c: another network, the same host in it. */
export const netmap: TargetKind<NetmapTarget> = {
  needsConntrack: true,
  check: (_, { table }) => (table === 'nat' ? undefined : 'EINVAL'),
  run: ({ to }, context) => {
    const half = context.hook === 'postrouting' || context.hook === 'input' ? 'src' : 'dst';
    const address = inNetwork(context.packet[half], to);
    return settle(context, half, { addresses: [address, address] });
  },
};

function inNetwork(host: Ip, { address, mask }: MaskedAddress): Ip {
  if (host.family === 4) return Ip.fromV4(((host.v4 & ~mask.v4) | (address.v4 & mask.v4)) >>> 0);
  const { bytes } = mask;
  return Ip.fromBytes(
    host.bytes.map((byte, i) => (byte & ~(bytes[i] as number)) | ((address.bytes[i] as number) & (bytes[i] as number))),
  );
}

export type NatTarget = { readonly name: 'SNAT' | 'DNAT' | 'MASQUERADE' | 'REDIRECT'; readonly range: NatRange };

const only =
  (...allowed: HookName[]) =>
  (_: unknown, { table, hooks }: Placement) =>
    table === 'nat' && hooks.every((hook) => allowed.includes(hook)) ? undefined : 'EINVAL';

function settle({ ns, skb }: Context, half: Half, range: NatRange): TargetVerdict {
  if (skb.ct?.entry === undefined) return 'accept';
  return bind(ns, skb.ct.entry, half, range) ? 'accept' : 'drop';
}

export const snat: TargetKind<NatTarget> = {
  needsConntrack: true,
  check: only('postrouting', 'input'),
  run: ({ range }, context) => settle(context, 'src', range),
};

export const dnat: TargetKind<NatTarget> = {
  needsConntrack: true,
  check: only('prerouting', 'output'),
  run: ({ range }, context) => settle(context, 'dst', range),
};

/** nf_nat_masquerade_ipv4(): the source becomes the outgoing device's address, whichever it is at the moment. */
export const masquerade: TargetKind<NatTarget> = {
  needsConntrack: true,
  check: only('postrouting'),
  run: ({ range }, context) => {
    const { out, packet, skb } = context;
    const entry = skb.ct?.entry;
    if (entry === undefined || out === undefined || packet.src.isUnspecified) return 'accept';
    const source = masqueradeSource(context.ns, packet, out);
    if (source === undefined) return 'drop';
    entry.masqueraded = out.ifindex;
    return settle(context, 'src', { ...range, addresses: [source, source] });
  },
};

/** The address that masquerading takes on a device for a packet by it. */
export function masqueradeSource(ns: NetNs, packet: IpPacket, out: Link): Ip | undefined {
  return packet.kind === 'ipv4' ? selectAddress(out, packet.dst, SCOPE.universe) : selectSource(ns, out, packet.dst);
}

const LOOPBACK4 = Ip.fromV4(0x7f00_0001);
const LOOPBACK6 = Ip.fromBytes(Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0)));

/** nf_nat_redirect_ipv4(): to this host: the address of the device it came in on, or the loopback address. */
export const redirect: TargetKind<NatTarget> = {
  needsConntrack: true,
  check: only('prerouting', 'output'),
  run: ({ range }, context) => {
    const address = redirectAddress(context);
    return address === undefined ? 'drop' : settle(context, 'dst', { ...range, addresses: [address, address] });
  },
};

/** Where redirection sends a packet. */
export const redirectAddress = (context: Context): Ip | undefined =>
  context.packet.kind === 'ipv4' ? redirect4(context) : redirect6(context);

const redirect4 = ({ hook, in: dev }: Context): Ip | undefined =>
  hook === 'output' ? LOOPBACK4 : dev?.inet.addrs[0]?.local;

const redirect6 = ({ hook, in: dev }: Context): Ip | undefined =>
  hook === 'output' ? LOOPBACK6 : dev?.inet6?.addrs.find(({ tentative }) => !tentative)?.local;
