import type { Cidr, Ip } from '../../base/index.ts';
import { ip, ipNet, showNet } from './address.ts';
import { type Dns, dns, type NetConf, NO_DNS, route } from './config.ts';
import { CniError, trying } from './error.ts';
import { quote, showList } from './go-text.ts';
import { apart, decodeValue, int, list, optional, string, struct } from './json/decode.ts';
import { type Json, JsonError } from './json/parse.ts';
import { type Printable, printJson } from './json/print.ts';

/**
 * What a plugin made, as the specification's versions write it: one list of addresses and routes since 0.3.0, with the
 * address family said besides until 1.0.0; before, one address of each family with its routes.
 */
export type Result = {
  readonly form: 'list';
  cniVersion: string;
  interfaces: Interface[];
  ips: IpConfig[];
  routes: Route[];
  dns: Dns;
};

export type OldResult = {
  readonly form: 'families';
  readonly cniVersion: string;
  readonly ip4: OldIpConfig | undefined;
  readonly ip6: OldIpConfig | undefined;
  readonly dns: Dns;
};

export type AnyResult = Result | OldResult;

export type Interface = { name: string; mac: string; sandbox: string };
/** `interface` counts in the result's interfaces. `version` is printed in the forms before 1.0.0. */
export type IpConfig = {
  readonly version: string | undefined;
  interface: number | undefined;
  /** undefined: the result named none. */
  readonly address: Cidr | undefined;
  gateway: Ip | undefined;
};
/** One that names its address. */
export type Addressed = IpConfig & { readonly address: Cidr };
export const isAddressed = (one: IpConfig): one is Addressed => one.address !== undefined;

export type Route = { readonly dst: Cidr | undefined; readonly gw: Ip | undefined };
type OldIpConfig = {
  readonly ip: Cidr | undefined;
  readonly gateway: Ip | undefined;
  readonly routes: readonly Route[];
};

export const CURRENT = '1.0.0';
const FORMS = [
  { type: 'types020', versions: ['', '0.1.0', '0.2.0'] },
  { type: 'types040', versions: ['0.3.0', '0.3.1', '0.4.0'] },
  { type: 'types100', versions: [CURRENT] },
] as const;

export const newResult = (parts: Partial<Omit<Result, 'form'>> = {}): Result => ({
  form: 'list',
  cniVersion: CURRENT,
  interfaces: [],
  ips: [],
  routes: [],
  dns: NO_DNS,
  ...parts,
});

/** An address of a result in the making. */
export const ipConfig = (address: Cidr, gateway: Ip | undefined, index?: number): Addressed => ({
  version: undefined,
  interface: index,
  address,
  gateway,
});

// Reading

const withVersion = struct('', { cniVersion: string }, 'struct { CNIVersion string "json:\\"cniVersion\\"" }');

/** The version that a document says it has; 0.1.0 when it says none. */
export function versionOf(json: Json): string {
  const { cniVersion } = decodeValue(withVersion, json);
  return cniVersion === '' ? '0.1.0' : cniVersion;
}

const interfaces = (types: string) =>
  list(
    struct('Interface', { name: string, mac: string, sandbox: string }, `${types}.Interface`),
    `[]*${types}.Interface`,
  );

const listOf = (types: 'types040' | 'types100') => {
  const address = { interface: optional(int), address: ipNet, gateway: ip };
  const config = struct(
    'ipConfig',
    types === 'types040' ? { version: string, ...address } : address,
    `${types}.ipConfig`,
  );
  const ips = list(apart(config, `${types}.IPConfig`), `[]*${types}.IPConfig`);
  const members = {
    cniVersion: string,
    interfaces: interfaces(types),
    ips,
    routes: list(route, '[]*types.Route'),
    dns,
  };
  return struct('Result', members, `${types}.Result`);
};

const oldConfig = apart(
  optional(struct('ipConfig', { ip: ipNet, gateway: ip, routes: list(route) }, 'types020.ipConfig')),
  'types020.IPConfig',
);

const LISTS = { types040: listOf('types040'), types100: listOf('types100') };
const FAMILIES = struct('Result', { cniVersion: string, ip4: oldConfig, ip6: oldConfig, dns }, 'types020.Result');

/** Reads a result in the form of a version. Throws CniError. */
export function readResult(version: string, json: Json): AnyResult {
  const form = FORMS.find(({ versions }) => versions.some((one) => one === version));
  if (form === undefined) throw new CniError(`unsupported CNI result version ${quote(version)}`);
  const result = form.type === 'types020' ? readFamilies(json) : readList(form.type, json);
  if (form.versions.some((one) => one === result.cniVersion))
    return result.cniVersion === '' ? { ...result, cniVersion: '0.1.0' } : result;
  throw new CniError(
    `result type supports ${showList(form.versions)} but unmarshalled CNIVersion is ${quote(result.cniVersion)}`,
  );
}

function readList(type: 'types040' | 'types100', json: Json): Result {
  const read = reading(() => decodeValue(LISTS[type], json));
  return newResult({
    cniVersion: read.cniVersion,
    interfaces: [...(read.interfaces ?? [])],
    ips: (read.ips ?? []).map((one) => ({
      version: type === 'types040' ? ('version' in one ? one.version : '') : undefined,
      interface: one.interface,
      address: one.address,
      gateway: one.gateway,
    })),
    routes: [...(read.routes ?? [])],
    dns: read.dns,
  });
}

function readFamilies(json: Json): OldResult {
  const read = reading(() => decodeValue(FAMILIES, json));
  const config = (one: (typeof read)['ip4']): OldIpConfig | undefined =>
    one === undefined ? undefined : { ip: one.ip, gateway: one.gateway, routes: one.routes ?? [] };
  return { form: 'families', cniVersion: read.cniVersion, ip4: config(read.ip4), ip6: config(read.ip6), dns: read.dns };
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof JsonError ? new CniError(error.message) : error;
  }
}

/** `prevResult` of a configuration, in the configuration's version; undefined where it has none. Throws CniError. */
export function previousResult(conf: Pick<NetConf, 'prevResult' | 'cniVersion'>): AnyResult | undefined {
  const { prevResult, cniVersion } = conf;
  if (prevResult?.kind !== 'object') return undefined;
  const own = prevResult.entries.some(([key]) => key === 'CNIVersion');
  // Results before 1.0.0 may come without their version.
  const version: [string, Json] = ['CNIVersion', { kind: 'string', value: cniVersion }];
  const complete: Json = own ? prevResult : { kind: 'object', entries: [version, ...prevResult.entries] };
  return trying('could not parse prevResult', () => readResult(cniVersion, throughMaps(complete)));
}

/** As deep as a result goes. */
const RESULT_DEPTH = 4;

/** The library keeps prevResult in maps meanwhile: of keys that come twice the last one counts, and they are sorted. */
function throughMaps(json: Json, depth = RESULT_DEPTH): Json {
  if (depth === 0) return json;
  if (json.kind === 'array') return { kind: 'array', items: json.items.map((item) => throughMaps(item, depth - 1)) };
  if (json.kind !== 'object') return json;
  const entries = [...new Map(json.entries)].map(([key, value]) => [key, throughMaps(value, depth - 1)] as const);
  return { kind: 'object', entries: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

// Conversion

/** The same in the newest form; what is changed there does not change `from`. */
export function toCurrent(from: AnyResult): Result {
  const { ips, ...result } = structuredCopy(fromFamilies(from));
  return { ...result, cniVersion: CURRENT, ips: ips.map((one) => ({ ...one, version: undefined })) };
}

const structuredCopy = (result: Result): Result => ({
  ...result,
  interfaces: result.interfaces.map((one) => ({ ...one })),
  ips: result.ips.map((one) => ({ ...one })),
  routes: [...result.routes],
});

function fromFamilies(from: AnyResult): Result {
  if (from.form === 'list') return from;
  const present = [from.ip4, from.ip6].filter((one) => one !== undefined);
  return newResult({
    ips: present.map(({ ip: address, gateway }) => ({ version: undefined, interface: undefined, address, gateway })),
    routes: present.flatMap((one) => one.routes),
    dns: from.dns,
  });
}

function toFamilies(from: Result, cniVersion: string): OldResult {
  const one = (family: 4 | 6): OldIpConfig | undefined => {
    const first = from.ips.find(({ address }) => familyOf(address) === family);
    const routes = from.routes.filter(({ dst }) => familyOf(dst) === family);
    return first === undefined ? undefined : { ip: first.address, gateway: first.gateway, routes };
  };
  const [ip4, ip6] = [one(4), one(6)];
  if (ip4 === undefined && ip6 === undefined) throw new CniError('cannot convert: no valid IP addresses');
  return { form: 'families', cniVersion, ip4, ip6, dns: from.dns };
}

function convert(from: AnyResult, wanted: string): AnyResult {
  const version = wanted === '' ? '0.1.0' : wanted;
  if (from.cniVersion === version) return from;
  if (version === CURRENT) return toCurrent(from);
  if (FORMS[0].versions.some((one) => one === version))
    return from.form === 'families' ? { ...from, cniVersion: version } : toFamilies(from, version);
  const list = structuredCopy(fromFamilies(from));
  const ips = list.ips.map((one) => ({ ...one, version: String(familyOf(one.address)) }));
  return { ...list, cniVersion: version, ips };
}

/** What is no IPv4 address counts as one of IPv6. */
export const familyOf = (net: Cidr | undefined): 4 | 6 => net?.address.family ?? 6;

// Printing

/** The text of a result in a configuration's version. */
export function printResult(result: AnyResult, version: string): string {
  const printed = convert(result.cniVersion === '' ? { ...result, cniVersion: CURRENT } : result, version);
  return printJson(printed.form === 'list' ? printableList(printed) : printableFamilies(printed), '    ');
}

const unlessEmpty = <T extends string | readonly unknown[]>(value: T | undefined): T | undefined =>
  value === undefined || value.length === 0 ? undefined : value;

const printableRoutes = (routes: readonly Route[]): Printable[] | undefined =>
  unlessEmpty(routes.map(({ dst, gw }) => ({ dst: showNet(dst), gw: gw?.toString() })));

const printableDns = ({ nameservers, domain, search, options }: Dns): Printable => ({
  nameservers: unlessEmpty(nameservers),
  domain: unlessEmpty(domain),
  search: unlessEmpty(search),
  options: unlessEmpty(options),
});

const printableList = ({ cniVersion, interfaces: devices, ips, routes, dns: names }: Result): Printable => ({
  cniVersion,
  interfaces: unlessEmpty(
    devices.map(({ name, mac, sandbox }) => ({ name, mac: unlessEmpty(mac), sandbox: unlessEmpty(sandbox) })),
  ),
  ips: unlessEmpty(
    ips.map((one) => ({
      version: one.version,
      interface: one.interface,
      address: showNet(one.address),
      gateway: one.gateway?.toString(),
    })),
  ),
  routes: printableRoutes(routes),
  dns: printableDns(names),
});

function printableFamilies({ cniVersion, ip4, ip6, dns: names }: OldResult): Printable {
  const one = (config: OldIpConfig | undefined): Printable | undefined =>
    config && { ip: showNet(config.ip), gateway: config.gateway?.toString(), routes: printableRoutes(config.routes) };
  return { cniVersion, ip4: one(ip4), ip6: one(ip6), dns: printableDns(names) };
}
