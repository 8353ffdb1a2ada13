import type { Ip } from '../../base/index.ts';
import { strerror } from '../../base/index.ts';
import { dumpAddrs, type Family, getLink, type NetNs, routeConnect } from '../../kernel/index.ts';
import type { Process } from '../../os/index.ts';
import { resolveHost } from '../names.ts';
import { failure, type Settings } from './options.ts';

/** Where to ping and from where. */
export type Target = {
  readonly family: Family;
  readonly address: Ip;
  /** As the summary calls it. */
  readonly hostname: string;
  /** The scope of a link-local address: `%eth0`. */
  readonly scope: string | undefined;
  readonly source: Ip | undefined;
  readonly oif: number | undefined;
  readonly broadcast: boolean;
  readonly warnings: readonly string[];
  /** What -v tells of the addresses that were looked at. */
  readonly tried: string;
};

export const familyName = (family: Family): string => (family === 4 ? 'AF_INET' : 'AF_INET6');

/** Resolves the name and asks the routing for a source address, for each address of the name in turn. */
export function findTarget(process: Process, ns: NetNs, settings: Settings, netnsName: string | undefined): Target {
  const name = settings.targets.at(-1) ?? '';
  const [host = '', scope] = name.split('%');
  const resolved = resolveHost(process, host, netnsName);
  if (scope !== undefined && getLink(ns, scope) === undefined && getLink(ns, Number(scope)) === undefined) {
    throw failure(2, `${name}: Name or service not known`);
  }
  if (!resolved.ok) throw failure(2, `${name}: ${resolved.message}`);
  const fitting = resolved.addresses.filter(
    (address) => settings.family === undefined || address.family === settings.family,
  );
  if (fitting.length === 0) throw failure(2, `${name}: Address family for hostname not supported`);
  if (host === String(fitting[0]) || /^[\d.]+$/.test(host)) settings.numeric = true;
  let tried = '';
  for (const [i, address] of resolved.addresses.entries()) {
    // getaddrinfo(3) gives the canonical name with the first address only, whether that is wanted or not.
    const hostname = i === 0 ? name : '';
    tried += `ai->ai_family: ${familyName(address.family)}, ai->ai_canonname: '${hostname}'\n`;
    if (!fitting.includes(address)) continue;
    const target = connect(ns, settings, { address, name: hostname, scope, last: address === fitting.at(-1) });
    if (target !== undefined) return { ...target, tried };
  }
  throw failure(2, `${name}: Address family for hostname not supported`);
}

type Candidate = { address: Ip; name: string; scope: string | undefined; last: boolean };

/** The connect(2) of a datagram socket, with which ping finds its source address. */
function connect(
  ns: NetNs,
  settings: Settings,
  { address, name, scope, last }: Candidate,
): Omit<Target, 'tried'> | undefined {
  const bound = boundDevice(ns, settings, address.family);
  const scoped = scope === undefined ? undefined : (getLink(ns, scope) ?? getLink(ns, Number(scope)))?.ifindex;
  const oif = bound ?? scoped;
  const common = { family: address.family, hostname: name, scope, oif };
  if (settings.source !== undefined && settings.source.family === address.family) {
    checkOwned(ns, settings.source);
    return { ...common, address, source: settings.source, broadcast: settings.broadcast, warnings: [] };
  }
  const query = {
    dst: address,
    ...(oif !== undefined && { oif }),
    ...(settings.tos !== undefined && { tos: settings.tos }),
    ...(settings.mark !== undefined && { mark: settings.mark }),
  };
  let found = routeConnect(ns, query);
  const warnings: string[] = [];
  if (!found.ok && found.error.errno === 'EACCES' && address.family === 4) {
    if (!settings.broadcast)
      throw failure(2, 'Do you want to ping broadcast? Then -b. If not, check your local firewall rules');
    warnings.push('WARNING: pinging broadcast address\n');
    found = routeConnect(ns, { ...query, broadcast: true });
  }
  if (!found.ok) {
    const { errno } = found.error;
    if (!last && (errno === 'EHOSTUNREACH' || errno === 'ENETUNREACH')) return undefined;
    throw failure(2, `connect: ${strerror(errno)}`);
  }
  const { source } = found.value;
  const device = settings.device === undefined ? undefined : getLink(ns, settings.device);
  if (device !== undefined && !dumpAddrs(ns, { ifindex: device.ifindex }).some((entry) => entry.local === source)) {
    warnings.push(`ping: Warning: source address might be selected on device other than: ${settings.device}\n`);
  }
  const reached = address.isUnspecified ? source : address;
  return { ...common, address: reached, source, broadcast: warnings[0]?.startsWith('WARNING') === true, warnings };
}

/** bind_to_device() */
function boundDevice(ns: NetNs, settings: Settings, family: Family): number | undefined {
  const { device } = settings;
  if (device === undefined) return undefined;
  const link = getLink(ns, device);
  if (link !== undefined) return link.ifindex;
  throw failure(2, family === 4 ? `SO_BINDTODEVICE ${device}: No such device` : `unknown iface: ${device}`);
}

function checkOwned(ns: NetNs, source: Ip): void {
  if (source.isLoopback && source.family === 4) return;
  const owned = dumpAddrs(ns, { family: source.family }).some((entry) => entry.local === source);
  if (!owned) throw failure(2, `${source.family === 4 ? 'bind' : 'bind icmp socket'}: Cannot assign requested address`);
}
