import type { Mac, Random } from '../../base/index.ts';
import {
  delLink,
  dumpRoutes,
  getLink,
  type LinkMessage,
  type LinkRequest,
  type NetNs,
  newLink,
  RT_TABLE,
} from '../../kernel/index.ts';
import { CniError } from './error.ts';
import { errnoText, quote } from './go-text.ts';
import { changeOr, findLink, linkByName, macOf, must, randomVethName } from './links.ts';
import type { Interface } from './result.ts';

/** What macvlan, ipvlan and vlan have in common: a device in the container that stands on one of the host. */

/** The device of the host's default route. Throws CniError. */
export function defaultRouteDevice(host: NetNs): string {
  for (const family of [4, 6] as const)
    for (const { dst, nexthops } of dumpRoutes(host, { family, table: RT_TABLE.main })) {
      const link = dst.prefix === 0 ? getLink(host, nexthops[0]?.ifindex ?? 0) : undefined;
      if (link !== undefined) return link.name;
    }
  throw new CniError('no default route interface found');
}

/** Throws CniError where the lower device is not there, or cannot carry the MTU. */
export function refuseMtu(host: NetNs, lower: string, mtu: number): void {
  const most = linkByName(host, lower).mtu;
  if (mtu < 0 || mtu > most) throw new CniError(`invalid MTU ${mtu}, must be [0, master MTU(${most})]`);
}

type Stacked = {
  readonly kind: string;
  readonly lower: string;
  readonly ifName: string;
  readonly netns: string;
  readonly mtu: number;
  readonly mac?: Mac;
  readonly data: LinkRequest;
};

/**
 * Makes the device in the container, under a name drawn by lot that is then changed: the host may have one of that name.
 * `undo`: it goes when it cannot be renamed.
 */
export function makeStacked(
  host: NetNs,
  container: NetNs,
  { kind, lower, ifName, netns, mtu, mac, data }: Stacked,
  random: Random,
  undo: boolean,
): Interface {
  const { ifindex } = findLink(host, lower, `failed to lookup master ${quote(lower)}`);
  const name = randomVethName(random);
  const settings = { txqlen: 0, ...(mtu > 0 ? { mtu } : {}), ...(mac === undefined ? {} : { mac }) };
  const made = newLink(host, { kind, name, netns: container, link: ifindex, data, ...settings });
  if (!made.ok) throw new CniError(`failed to create ${kind}: ${errnoText(made.error.errno)}`);
  const device = findLink(container, name);
  try {
    changeOr(`failed to rename ${kind} to ${quote(ifName)}`, container, device, { name: ifName });
  } catch (error) {
    if (undo) must(delLink(container, device.ifindex));
    throw error;
  }
  const renamed = findLink(container, ifName, `failed to refetch ${kind} ${quote(ifName)}`);
  return { name: ifName, mac: macOf(renamed), sandbox: netns };
}

/** CHECK: the container's device is of the kind; gives it. */
export function verifyKind(container: NetNs, { name }: Interface, kind: string): LinkMessage | undefined {
  const link = getLink(container, name);
  if (link !== undefined && link.kind !== kind)
    throw new CniError(`Error: Container interface ${name} not of type ${kind}`);
  return link;
}
