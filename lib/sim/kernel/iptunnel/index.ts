/**
 * IP tunnels over IPv4 as kernel modules: ipip (RFC 2003), sit (RFC 4213) and gre (RFC 2784). A tunnel's link-layer
 * addresses are the IPv4 addresses of its ends; one without a far end takes each packet to the gateway that its route
 * names.
 *
 *   packet ─▶ device ─▶ outer header: local ▸ remote ─▶ routing of the same namespace … ─▶ protocol 4, 41, 47 ─▶ device ─▶ IP
 *
 * Not here: ipip6 and its like, keys' sequence numbers and checksums of GRE, frames in GRE (gretap), metadata.
 */
import { IPPROTO } from '../../wire/index.ts';
import type { KernelModule } from '../module.ts';
import { addFallback, forgetTunnels, tunnelKind } from './kind.ts';
import { receiveTunnel } from './receive.ts';
import type { TunnelKindName } from './tunnel.ts';

function moduleOf(name: TunnelKindName, number: number): KernelModule {
  const kind = tunnelKind(name);
  return {
    name,
    linkKinds: [kind],
    ipProtocols: [{ number, receive: (ns, skb) => receiveTunnel(name, ns, skb) }],
    notifier: { netnsInit: (ns) => addFallback(kind, ns), unregister: forgetTunnels },
  };
}

export const ipipModule = moduleOf('ipip', IPPROTO.ipip);
export const greModule = moduleOf('gre', IPPROTO.gre);
export const sitModule = moduleOf('sit', IPPROTO.ipv6);
