import { Cidr, type Ip } from '../../../base/index.ts';
import { delAddr, dumpAddrs, type LinkMessage, type NetNs, newAddr } from '../../../kernel/index.ts';
import { DEFAULT, nextIp, showNet } from '../address.ts';
import { showConfig } from '../configure.ts';
import { CniError, trying } from '../error.ts';
import { errnoText, quote } from '../go-text.ts';
import { changeOr, must } from '../links.ts';
import { isAddressed, type Result } from '../result.ts';
import type { BridgeConfig } from './config.ts';

/**
 * The bridge's addresses, which are the containers' gateways, of both families; what the IPAM plugin left open, gateways
 * and default routes, is filled in in `result`.
 */
export function calculateGateways(result: Result, conf: BridgeConfig): { readonly 4: Cidr[]; readonly 6: Cidr[] } {
  const gateways: { readonly 4: Cidr[]; readonly 6: Cidr[] } = { 4: [], 6: [] };
  const routed = { 4: false, 6: false };
  for (const one of result.ips) {
    // A result may lack an address; the real plugin's words for it.
    if (!isAddressed(one)) throw new CniError(`Unknown IP object: ${showConfig(one)}`);
    const { family } = one.address.address;
    one.interface = 2;
    if (one.gateway === undefined && conf.gateway) one.gateway = nextIp(one.address.network().address);
    if (conf.isDefaultGateway && !routed[family]) {
      addDefaultRoute(result, family, one.gateway);
      routed[family] = true;
    }
    if (conf.gateway) gateways[family].push(new Cidr(one.gateway as Ip, one.address.prefix));
  }
  return gateways;
}

/** Unless there is one with a gateway of its own. */
function addDefaultRoute({ routes }: Result, family: 4 | 6, gw: Ip | undefined): void {
  const there = routes.some((route) => route.gw !== undefined && showNet(route.dst) === `${DEFAULT[family]}`);
  if (!there) routes.push({ dst: DEFAULT[family], gw });
}

/** Gives the bridge an address, unless it has it; another one of the same network is in its way. */
export function ensureAddress(ns: NetNs, device: LinkMessage, wanted: Cidr, force: boolean): void {
  const { ifindex, name } = device;
  for (const { local, prefix } of dumpAddrs(ns, { ifindex, family: wanted.address.family })) {
    const there = new Cidr(local, prefix);
    if (`${there}` === `${wanted}`) return;
    const overlapping = there.contains(wanted.address) || wanted.contains(local);
    if (local.family === 6 && !overlapping) continue;
    if (!force) throw new CniError(`${quote(name)} already has an IP address different from ${wanted}`);
    trying(`could not remove IP address from ${quote(name)}`, () =>
      must(delAddr(ns, { ifindex, local, peer: local, prefix })),
    );
  }
  const { address: local, prefix } = wanted;
  const broadcast = local.family === 4 && prefix < 31 ? { broadcast: wanted.broadcast() } : {};
  const added = newAddr(ns, { ifindex, local, prefix, ...broadcast, scope: 0 }, { create: true, excl: true });
  if (!added.ok && added.error.errno !== 'EEXIST')
    throw new CniError(`could not add IP address to ${quote(name)}: ${errnoText(added.error.errno)}`);
  // Set, so that it no longer follows the lowest address among the ports. One that had none leaves nothing to set.
  if (device.mac === 0) throw new CniError(`could not set bridge's mac: ${errnoText('EINVAL')}`);
  changeOr("could not set bridge's mac", ns, device, { mac: device.mac });
}
