import { done, fail, ok, type Result } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import type { NetNs } from '../netns.ts';
import { CONF4_KEYS, CONF6_KEYS } from './conf-keys.ts';
import { BRIDGE_KEYS, CORE_KEYS, UNIX_KEYS } from './core-keys.ts';
import { afterWrite } from './effects.ts';
import { IPV4_KEYS } from './ipv4-keys.ts';
import { IPV6_KEYS } from './ipv6-keys.ts';
import { NEIGH_KEYS, NEIGH_TABLE_KEYS } from './neigh-keys.ts';
import { NETFILTER_KEYS } from './netfilter-keys.ts';
import { formatValue, parseValue, refusal } from './parse.ts';
import type { Spec, Specs } from './spec.ts';

/** One directory of /proc/sys/net: keys with their specs, and the record that holds their values. */
type SysctlDirectory = {
  /** `net/ipv4/conf/eth0` */
  readonly path: string;
  readonly specs: Specs;
  readonly values: Record<string, number | readonly number[] | string>;
};

export type SysctlEntry = { readonly path: string; readonly mode: 'rw' | 'r' | 'w' };

/** Old names in other units: seconds for base_reachable_time; retrans_time in 1/100 s (IPv4) or ticks of 4 ms (IPv6). */
const OLD_NAMES: Readonly<
  Record<string, { readonly of: string; readonly unit: Readonly<Record<'ipv4' | 'ipv6', number>> }>
> = {
  base_reachable_time: { of: 'base_reachable_time_ms', unit: { ipv4: 1000, ipv6: 1000 } },
  retrans_time: { of: 'retrans_time_ms', unit: { ipv4: 10, ipv6: 4 } },
};

/** All directories of a namespace, as it is now. */
const directories = (ns: NetNs): SysctlDirectory[] => [
  ...commonDirectories(ns),
  ...ns.links().flatMap(deviceDirectories),
];

function commonDirectories(ns: NetNs): SysctlDirectory[] {
  const list: SysctlDirectory[] = [
    { path: 'net/core', specs: CORE_KEYS, values: ns.core },
    { path: 'net/unix', specs: UNIX_KEYS, values: ns.unix },
    { path: 'net/bridge', specs: BRIDGE_KEYS, values: ns.bridgeNf },
    { path: 'net/netfilter', specs: NETFILTER_KEYS, values: ns.netfilter },
    { path: 'net/ipv4', specs: IPV4_KEYS, values: ns.ipv4 },
    { path: 'net/ipv6', specs: IPV6_KEYS, values: ns.ipv6 },
    { path: 'net/ipv4/conf/all', specs: CONF4_KEYS, values: ns.conf4.all },
    { path: 'net/ipv4/conf/default', specs: CONF4_KEYS, values: ns.conf4.default },
    { path: 'net/ipv6/conf/all', specs: CONF6_KEYS, values: ns.conf6.all },
    { path: 'net/ipv6/conf/default', specs: CONF6_KEYS, values: ns.conf6.default },
    ...ns.kernel
      .modules()
      .flatMap(({ sysctls = [] }) => sysctls.map(({ path, specs, values }) => ({ path, specs, values: values(ns) }))),
  ];
  if (!ns.isInit) return list;
  const specs = { ...NEIGH_KEYS, ...NEIGH_TABLE_KEYS };
  return [
    ...list,
    { path: 'net/ipv4/neigh/default', specs, values: ns.neigh4.defaults },
    { path: 'net/ipv6/neigh/default', specs, values: ns.neigh6.defaults },
  ];
}

function deviceDirectories(link: Link): SysctlDirectory[] {
  const { name, inet, inet6 } = link;
  const list: SysctlDirectory[] = [
    { path: `net/ipv4/conf/${name}`, specs: CONF4_KEYS, values: inet.conf },
    { path: `net/ipv4/neigh/${name}`, specs: NEIGH_KEYS, values: inet.neigh },
  ];
  if (inet6 === undefined) return list;
  return [
    ...list,
    { path: `net/ipv6/conf/${name}`, specs: CONF6_KEYS, values: inet6.conf },
    { path: `net/ipv6/neigh/${name}`, specs: NEIGH_KEYS, values: inet6.neigh },
  ];
}

const visible = (ns: NetNs, spec: Spec): boolean => ns.isInit || !spec.initOnly;

/** Every file below /proc/sys/net, sorted by path. The same list comes again until devices come, go or change names. */
export function listSysctls(ns: NetNs): readonly SysctlEntry[] {
  if (ns.sysctlList?.generation === ns.generation) return ns.sysctlList.entries;
  const entries: SysctlEntry[] = [];
  for (const directory of directories(ns)) {
    for (const [key, spec] of Object.entries(directory.specs)) {
      if (visible(ns, spec)) entries.push({ path: `${directory.path}/${key}`, mode: spec.readOnly ? 'r' : 'rw' });
    }
    if (directory.path.includes('/neigh/'))
      for (const old of Object.keys(OLD_NAMES)) entries.push({ path: `${directory.path}/${old}`, mode: 'rw' });
  }
  entries.push({ path: 'net/ipv4/route/flush', mode: 'w' }, { path: 'net/ipv6/route/flush', mode: 'w' });
  entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  ns.sysctlList = { generation: ns.generation, entries, found: new Map() };
  return entries;
}

/** Where the value of a file lies. */
export type Found = {
  readonly directory: SysctlDirectory;
  readonly key: string;
  readonly spec: Spec;
  readonly unit: number;
};

function find(ns: NetNs, path: string): Found | undefined {
  const known = ns.sysctlList?.generation === ns.generation ? ns.sysctlList.found : undefined;
  const before = known?.get(path);
  if (before !== undefined) return before;
  const found = search(ns, path);
  if (found !== undefined) known?.set(path, found);
  return found;
}

function search(ns: NetNs, path: string): Found | undefined {
  for (const directory of candidates(ns, path)) {
    const name = path.slice(directory.path.length + 1);
    const old = directory.path.includes('/neigh/') && Object.hasOwn(OLD_NAMES, name) ? OLD_NAMES[name] : undefined;
    const key = old?.of ?? name;
    const spec = Object.hasOwn(directory.specs, key) ? directory.specs[key] : undefined;
    if (spec === undefined || !visible(ns, spec)) continue;
    return { directory, key, spec, unit: old?.unit[directory.path.startsWith('net/ipv4') ? 'ipv4' : 'ipv6'] ?? 1 };
  }
  return undefined;
}

/** The directories that a path may be in: those of its device, or the common ones. */
function candidates(ns: NetNs, path: string): SysctlDirectory[] {
  const device = /^net\/ipv[46]\/(?:conf|neigh)\/(.+)\/[^/]+$/.exec(path)?.[1];
  const link = device === undefined ? undefined : ns.linkByName(device);
  const list = link === undefined || link.name !== device ? commonDirectories(ns) : deviceDirectories(link);
  return list.filter((directory) => path.startsWith(directory.path) && path[directory.path.length] === '/');
}

/** Reads `net/ipv4/ip_forward`; without the newline, several numbers separated by tabs. ENOENT: no such key. */
export function readSysctl(ns: NetNs, path: string): Result<string> {
  if (path === 'net/ipv4/route/flush' || path === 'net/ipv6/route/flush') return fail('EACCES');
  const found = find(ns, path);
  if (found === undefined) return fail('ENOENT');
  const value = found.directory.values[found.key] as number | readonly number[] | string;
  return ok(
    typeof value === 'number' && found.unit !== 1 ? String(Math.floor(value / found.unit)) : formatValue(value),
  );
}

/** Writes it, with what follows from that. EINVAL: not a number, or out of range. */
export function writeSysctl(ns: NetNs, path: string, text: string): Result<void> {
  if (path === 'net/ipv4/route/flush' || path === 'net/ipv6/route/flush') {
    ns.flushRouteCache();
    return done;
  }
  const found = find(ns, path);
  if (found === undefined) return fail('ENOENT');
  if (found.spec.readOnly) return fail('EACCES');
  const parsed = parseValue(found.spec, text);
  if (!parsed.ok) return parsed;
  if (parsed.value === undefined) return done;
  const value = typeof parsed.value === 'number' ? parsed.value * found.unit : parsed.value;
  const refused = refusal(`${found.directory.path}/${found.key}`, value);
  if (refused !== undefined) return fail(refused);
  const before = found.directory.values[found.key];
  found.directory.values[found.key] = value;
  afterWrite(ns, found.directory.path, found.key, before, value);
  return done;
}
