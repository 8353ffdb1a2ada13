import type { Cidr, Ip } from '../../base/index.ts';
import { ip, parseCidr, parseIp } from './address.ts';
import { readArguments } from './arguments.ts';
import { dns, load, netConf, route } from './config.ts';
import { CniError } from './error.ts';
import { list, optional, string, struct } from './json/decode.ts';
import { type Call, cniPlugin, isAtLeast } from './plugin.ts';
import { type Addressed, ipConfig, isAddressed, newResult, printResult, type Route } from './result.ts';
import { requirePrevious } from './verify.ts';

const configuration = struct('Net', {
  name: string,
  cniVersion: string,
  ipam: optional(
    struct('IPAMConfig', {
      type: string,
      routes: list(route, '[]*types.Route'),
      addresses: list(struct('Address', { address: string, gateway: ip })),
      dns,
    }),
  ),
  runtimeConfig: struct('', { ips: list(string) }),
  args: optional(struct('', { cni: optional(struct('IPAMArgs', { ips: list(string) })) })),
});

const asNetConf = struct('NetConf', netConf, 'types.NetConf');

/** Addresses that the configuration names; nothing is kept. */
export const static_ = cniPlugin({
  name: 'static',
  summary: 'CNI plugin: gives the addresses that the configuration names',
  keys: [
    ['ipam.addresses', 'addresses with their gateways'],
    ['ipam.routes', 'routes of the container'],
    ['ipam.dns', 'passed on in the result'],
    ['args.cni.ips', 'other addresses, also as runtimeConfig.ips and IP in CNI_ARGS'],
  ],
  add(call) {
    const { conf, ipam, ips } = read(call);
    const routes = (ipam.routes ?? []) as Route[];
    return printResult(newResult({ ips, routes: [...routes], dns: ipam.dns }), conf.cniVersion);
  },
  check(call) {
    const { ips } = read(call);
    const result = requirePrevious(load(asNetConf, call.input, 'failed to load netconf'));
    for (const { address, gateway } of ips) {
      const found = result.ips.filter(isAddressed).find((one) => one.address.address === address.address);
      if (found !== undefined && gateway !== undefined && gateway !== found.gateway)
        throw new CniError(`static: Failed to match addr ${found.address.address} on interface ${call.ifName}`);
    }
    return undefined;
  },
  del: () => undefined,
});

/** Addresses of CNI_ARGS are added to those of the configuration; those of `args` and of the runtime replace all. */
function read(call: Call) {
  const conf = load(configuration, call.input);
  const { ipam } = conf;
  if (ipam === undefined) throw new CniError("IPAM config missing 'ipam' key");
  const entries = (ipam.addresses ?? []).map(({ address, gateway }) => ({ text: address, gateway }));
  const given = fromArguments(call.args);
  const replacing = [conf.args?.cni?.ips ?? [], conf.runtimeConfig.ips ?? []].filter(({ length }) => length > 0).at(-1);
  const ips =
    replacing === undefined
      ? [...entries.map(({ text, gateway }) => ipConfig(inConfiguration(text), gateway)), ...given.ips]
      : replacing.map((text) => ipConfig(inList(text), undefined));
  if (replacing === undefined) for (const gateway of given.gateways) setGateway(ips, gateway);
  const several = ([4, 6] as const).some(
    (family) => ips.filter((one) => one.address.address.family === family).length > 1,
  );
  if (several && !isAtLeast(conf.cniVersion, [0, 3, 0]))
    throw new CniError(`CNI version ${conf.cniVersion} does not support more than 1 address per family`);
  return { conf, ipam, ips };
}

function fromArguments(text: string): { readonly ips: Addressed[]; readonly gateways: readonly Ip[] } {
  const given = readArguments(text, ['IP', 'GATEWAY']);
  const items = (name: 'IP' | 'GATEWAY') =>
    given.get(name) === undefined || given.get(name) === '' ? [] : (given.get(name) ?? '').split(',');
  const ips = items('IP').map((item) => {
    const cidr = parseCidr(item.trim());
    if (cidr === undefined)
      throw new CniError(`the 'ip' field is expected to be in CIDR notation, got: '${item.trim()}'`);
    return ipConfig(cidr, undefined);
  });
  const gateways = items('GATEWAY').map((item) => {
    const gateway = parseIp(item.trim());
    if (gateway === undefined) throw new CniError(`invalid gateway address: ${item}`);
    return gateway;
  });
  return { ips, gateways };
}

function setGateway(ips: readonly Addressed[], gateway: Ip): void {
  for (const one of ips) if (one.address.contains(gateway)) one.gateway = gateway;
}

function inConfiguration(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new CniError(`the 'address' field is expected to be in CIDR notation, got: '${text}'`);
  return cidr;
}

function inList(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new CniError(`an entry in the 'ips' field is NOT in CIDR notation, got: '${text}'`);
  return cidr;
}
