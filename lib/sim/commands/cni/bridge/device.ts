import type { Random } from '../../../base/index.ts';
import { type LinkMessage, type NetNs, newLink } from '../../../kernel/index.ts';
import { CniError, NotSimulated } from '../error.ts';
import { errnoText, quote } from '../go-text.ts';
import { change, changeOr, findLink, trySysctl } from '../links.ts';
import { setupVeth, type VethPair } from '../veth.ts';
import type { BridgeConfig } from './config.ts';

/** The bridge of the configuration, made when it is not there. */
export function ensureBridge(ns: NetNs, { bridge: name, mtu, promiscMode, vlan }: BridgeConfig): LinkMessage {
  if (vlan !== 0) throw new NotSimulated('vlan, which needs a bridge that filters VLANs');
  const made = newLink(ns, { kind: 'bridge', name, ...(mtu > 0 ? { mtu } : {}) });
  if (!made.ok && made.error.errno !== 'EEXIST')
    throw new CniError(`could not add ${quote(name)}: ${errnoText(made.error.errno)}`);
  if (promiscMode) {
    const what = `could not set promiscuous mode on ${quote(name)}`;
    changeOr(what, ns, findLink(ns, name, what), { promisc: true });
  }
  const bridge = bridgeByName(ns, name);
  // The plugin wants to own the routes of the device.
  trySysctl(ns, `net/ipv6/conf/${name}/accept_ra`, '0');
  change(ns, bridge, { up: true });
  return bridge;
}

/** Also for a device that was there before: it must be a bridge. */
export function bridgeByName(ns: NetNs, name: string): LinkMessage {
  const link = findLink(ns, name, `could not lookup ${quote(name)}`);
  if (link.kind !== 'bridge') throw new CniError(`${quote(name)} already exists but is not a bridge`);
  return link;
}

/** A veth pair whose outer end is a port of the bridge. */
export function connect(
  host: NetNs,
  container: NetNs,
  bridge: LinkMessage,
  { mtu, mac, hairpinMode }: BridgeConfig,
  ifName: string,
  random: Random,
): VethPair {
  const pair = setupVeth(host, container, { ifName, mtu, mac }, random);
  const { outside } = pair;
  changeOr(`failed to connect ${quote(outside.name)} to bridge ${bridge.name}`, host, outside, {
    master: bridge.ifindex,
  });
  changeOr(`failed to setup hairpin mode for ${outside.name}`, host, outside, { bridgePort: { hairpin: hairpinMode } });
  return pair;
}
