import { dumpAddrs, dumpRoutes, getLink, type NetNs, RT_TABLE } from '../../kernel/index.ts';
import { showFields, showNet } from './address.ts';
import type { NetConf } from './config.ts';
import { CniError, trying } from './error.ts';
import { linkByName, macOf } from './links.ts';
import type { Call } from './plugin.ts';
import {
  type AnyResult,
  type Interface,
  type IpConfig,
  previousResult,
  type Result,
  type Route,
  toCurrent,
} from './result.ts';

/** What CHECK compares: the result that ADD gave with what is there now. All throw CniError. */

/** `prevResult` in the newest form. */
export function requirePrevious(conf: Pick<NetConf, 'prevResult' | 'cniVersion'>, before = ''): Result {
  const previous = previousResult(conf);
  if (previous === undefined) throw new CniError(`${before}Required prevResult missing`);
  return toCurrent(previous);
}

/** `prevResult` as it came, beside its newest form; undefined where there is none. */
export function readPrevious(
  conf: Pick<NetConf, 'prevResult' | 'cniVersion'>,
  what = 'could not parse prevResult',
): { readonly given: AnyResult; readonly result: Result } | undefined {
  const given = trying(what, () => previousResult(conf));
  return given && { given, result: toCurrent(given) };
}

/** The container's device in the result; its sandbox must be the namespace that the plugin is asked about. */
export function containerInterface({ ifName, netns }: Call, { interfaces }: Result): Interface {
  const found = interfaces.findLast(({ name, sandbox }) => name === ifName && sandbox === netns);
  if (found !== undefined) return found;
  throw new CniError(`Sandbox in prevResult  doesn't match configured netns: ${netns}`);
}

/** The device of a result is there, in a namespace, and has its address. `plugin` begins what some of them say. */
export function verifyContainerInterface(ns: NetNs, { name, mac, sandbox }: Interface, plugin = ''): void {
  if (name === '') throw new CniError(`Container interface name missing in prevResult: ${name}`);
  const link = getLink(ns, name);
  if (link === undefined) throw new CniError(`${plugin}Container Interface name in prevResult: ${name} not found`);
  if (sandbox === '') throw new CniError(`${plugin}Error: Container interface ${name} should not be in host namespace`);
  if (mac !== '' && mac !== macOf(link))
    throw new CniError(`${plugin}Interface ${name} Mac ${mac} doesn't match container Mac: ${macOf(link)}`);
}

/** Each address is on the device, and its network in the main routing table. */
export function verifyAddresses(ns: NetNs, ifName: string, ips: readonly IpConfig[]): void {
  for (const { address, gateway } of ips) {
    let ifindex: number;
    try {
      ({ ifindex } = linkByName(ns, ifName));
    } catch {
      throw new CniError(`Cannot find container link ${ifName}`);
    }
    const there = dumpAddrs(ns, { ifindex }).some(
      ({ local, prefix }) => local === address?.address && prefix === address.prefix,
    );
    if (address === undefined || !there)
      throw new CniError(`Failed to match addr ${showNet(address)} on interface ${ifName}`);
    const network = `${address.network()}`;
    const routed = mainRoutes(ns, address.address.family).some(({ dst }) => `${dst}` === network);
    if (!routed) throw new CniError(`Failed to find Gateway ${gateway ?? '<nil>'} for interface ${ifName}`);
  }
}

/** Each route of the result is in the main table; of a default route only that there is one. */
export function verifyRoutes(ns: NetNs, routes: readonly Route[]): void {
  for (const { dst, gw } of routes) {
    const shown = `{Dst:${showFields(dst)} GW:${gw ?? '<nil>'}}`;
    if (dst === undefined) throw new CniError(`Invalid static route found ${shown}`);
    const isDefault = dst.prefix === 0 && dst.address.isUnspecified;
    const found = mainRoutes(ns, dst.address.family).some(
      (route) => `${route.dst}` === `${dst}` && (isDefault || route.nexthops[0]?.gateway === gw),
    );
    if (!found) throw new CniError(`Expected Route ${shown} not found in routing table`);
  }
}

const mainRoutes = (ns: NetNs, family: 4 | 6) => dumpRoutes(ns, { family, table: RT_TABLE.main });
