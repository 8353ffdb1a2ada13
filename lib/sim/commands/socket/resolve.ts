import type { Ip } from '../../base/index.ts';
import { type NetNs, routeConnect } from '../../kernel/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { arrival, Lazy } from '../lazy.ts';
import { findInHosts, parseNumericHost, type Resolved, reverseHost } from '../names.ts';
import type { NameResult } from './dns-names.ts';

/** What asks name servers, for names that are in no file: commands that call `getAddresses` list it in their `parts`. */
export const dnsPart = new Lazy(() => import('./dns-names.ts'));

/**
 * getaddrinfo(3): numbers resolve to themselves, names by the sources of /etc/nsswitch.conf: `files` is /etc/hosts, `dns` the
 * servers of /etc/resolv.conf. Below `ip netns exec NAME` the files of /etc/netns/NAME stand in their place. The addresses
 * come in the order of RFC 6724, the reachable first; failures are in getaddrinfo's words.
 */
export function* getAddresses(
  process: Process,
  node: Node,
  host: string,
  how: { readonly family?: 4 | 6 | undefined } = {},
): Generator<Wait, Resolved, void> {
  const { family } = how;
  const numeric = parseNumericHost(host);
  if (numeric !== undefined) {
    if (family !== undefined && numeric.family !== family)
      return { ok: false, message: 'Address family for hostname not supported' };
    return { ok: true, addresses: [numeric] };
  }
  const netnsName = namedNamespaces(node).nameOf(process.netns);
  let failure: Resolved = { ok: false, message: 'Name or service not known' };
  for (const source of sources(process)) {
    const found =
      source === 'files'
        ? findInHosts(process, host, netnsName, family)
        : yield* (yield* arrival(process, dnsPart)).lookUpAddresses(process, node, host, { family, netnsName });
    if (found.ok) return { ok: true, addresses: inOrder(process, node, found.addresses) };
    failure = found;
  }
  return failure;
}

/** getnameinfo(3) with the same sources. Not found is no failure for those who take the number instead. */
export function* getName(process: Process, node: Node, address: Ip): Generator<Wait, NameResult, void> {
  const netnsName = namedNamespaces(node).nameOf(process.netns);
  for (const source of sources(process)) {
    if (source === 'dns')
      return yield* (yield* arrival(process, dnsPart)).lookUpName(process, node, address, netnsName);
    const name = reverseHost(process, address, netnsName);
    if (name !== undefined) return { kind: 'name', name };
  }
  return { kind: 'no name' };
}

/** The sources that /etc/nsswitch.conf names for hosts, of those that are simulated. */
function sources(process: Process): ('files' | 'dns')[] {
  const file = process.machine.fs.readFile('/etc/nsswitch.conf', process);
  const line = file.ok ? /^hosts:(.*)$/m.exec(decodeText(file.value)) : null;
  const words = (line?.[1] ?? 'files dns').replace(/\[[^\]]*\]/g, ' ').split(/\s+/);
  return words.filter((word): word is 'files' | 'dns' => word === 'files' || word === 'dns');
}

/** RFC 6724 section 6 as far as it matters here: what can be reached before what cannot, then IPv6 before IPv4. */
function inOrder(process: Process, node: Node, addresses: readonly Ip[]): Ip[] {
  const ns = node.kernel.netns(process.netns) as NetNs;
  const rank = (address: Ip): number =>
    (routeConnect(ns, { dst: address }).ok ? 0 : 2) + (address.family === 6 ? 0 : 1);
  return [...new Set(addresses)]
    .map((address) => ({ address, rank: rank(address) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ address }) => address);
}
