import type { Random } from '../../base/index.ts';
import { getLink, type LinkMessage, type NetNs, newLink } from '../../kernel/index.ts';
import { CniError, trying } from './error.ts';
import { errnoText, quote } from './go-text.ts';
import { changeOr, findLink, parseHardwareAddress, randomVethName, trySysctl } from './links.ts';

export type VethPair = { readonly inside: LinkMessage; readonly outside: LinkMessage };

/**
 * A veth pair, made in the container's namespace with its other end, under a name drawn by lot, in the host's.
 * The outer end is up when this returns. Throws CniError.
 */
export function setupVeth(
  host: NetNs,
  container: NetNs,
  options: { readonly ifName: string; readonly mtu: number; readonly mac?: string },
  random: Random,
): VethPair {
  const name = makePair(host, container, options, random);
  const inside = findLink(container, options.ifName);
  const outside = findLink(host, name);
  changeOr(`failed to set ${quote(name)} up`, host, outside, { up: true });
  // The plugin wants to own the routes of the device.
  trySysctl(host, `net/ipv6/conf/${name}/accept_ra`, '0');
  return { inside, outside: findLink(host, name) };
}

function makePair(
  host: NetNs,
  container: NetNs,
  { ifName, mtu, mac = '' }: { readonly ifName: string; readonly mtu: number; readonly mac?: string },
  random: Random,
): string {
  for (let tries = 0; tries < 10; tries++) {
    const name = randomVethName(random);
    const settings = { txqlen: 0, ...(mtu > 0 ? { mtu } : {}) };
    const address = mac === '' ? {} : { mac: trying('failed to make veth pair', () => parseHardwareAddress(mac)) };
    const peer = { name, netns: host, ...settings };
    const made = newLink(container, { kind: 'veth', name: ifName, ...settings, ...address, peer });
    if (made.ok) return name;
    const { errno } = made.error;
    if (errno !== 'EEXIST') throw new CniError(`failed to make veth pair: ${errnoText(errno)}`);
    if (getLink(container, name) === undefined)
      throw new CniError(`container veth name provided (${ifName}) already exists`);
  }
  throw new CniError('failed to find a unique veth name');
}
