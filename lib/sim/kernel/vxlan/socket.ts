import { done, fail, type Result } from '../../base/index.ts';
import { receiveTunnel } from './receive.ts';
import { type Vxlan, vxlansOf } from './vxlan.ts';

/** vxlan_sock_add(): devices that are up share one socket for each port. EADDRINUSE: the port is some other tunnel's. */
export function listen({ underlay, config, family }: Vxlan): Result<void> {
  const known = underlay.udpTunnels.get(config.dstPort);
  if (known === undefined) {
    underlay.udpTunnels.set(config.dstPort, {
      owner: 'vxlan',
      families: new Set([family]),
      receive: (skb) => receiveTunnel(underlay, skb),
    });
    return done;
  }
  if (known.owner !== 'vxlan') return fail('EADDRINUSE');
  known.families.add(family);
  return done;
}

/** vxlan_sock_release() */
export function unlisten({ underlay, config }: Vxlan): void {
  const left = new Set(
    [...vxlansOf(underlay)]
      .filter((one) => one.link.up && one.config.dstPort === config.dstPort)
      .map((one) => one.family),
  );
  const known = underlay.udpTunnels.get(config.dstPort);
  if (known === undefined) return;
  for (const family of [...known.families]) if (!left.has(family)) known.families.delete(family);
  if (known.families.size === 0) underlay.udpTunnels.delete(config.dstPort);
}
