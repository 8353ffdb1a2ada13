import type { Cidr } from '../../../base/index.ts';
import { load, netConf } from '../config.ts';
import { CniError } from '../error.ts';
import { bool, type Decoded, int, list, optional, string, struct } from '../json/decode.ts';
import type { Call } from '../plugin.ts';
import { type AnyResult, isAddressed, type Result } from '../result.ts';
import { readPrevious } from '../verify.ts';

const portMapping = struct('PortMapEntry', {
  hostPort: int,
  containerPort: int,
  protocol: string,
  hostIP: string,
});
export type PortMapping = Decoded<typeof portMapping>;

const configuration = struct('PortMapConf', {
  ...netConf,
  snat: optional(bool),
  conditionsV4: optional(list(string)),
  conditionsV6: optional(list(string)),
  markMasqBit: optional(int),
  externalSetMarkChain: optional(string),
  runtimeConfig: struct('', { portMappings: list(portMapping) }),
});

export type PortMapConfig = {
  readonly name: string;
  readonly cniVersion: string;
  readonly containerId: string;
  /** `prevResult` as it came. */
  readonly previous: AnyResult | undefined;
  readonly mappings: readonly PortMapping[];
  readonly snat: boolean;
  readonly conditions: { readonly 4: readonly string[]; readonly 6: readonly string[] };
  readonly markBit: number;
  readonly externalSetMarkChain: string | undefined;
  /** The container's first address of each family. */
  readonly address: { readonly 4: Cidr | undefined; readonly 6: Cidr | undefined };
};

/** The default bit of the mark for what must be masqueraded. */
const MARK_BIT = 13;

/** Throws CniError. */
export function readConfig(call: Call): PortMapConfig {
  const conf = load(configuration, call.input, 'failed to parse network configuration');
  const previous = readPrevious(conf);
  if (conf.markMasqBit !== undefined && conf.externalSetMarkChain !== undefined)
    throw new CniError('Cannot specify externalSetMarkChain and markMasqBit');
  const markBit = conf.markMasqBit ?? MARK_BIT;
  if (markBit < 0 || markBit > 31) throw new CniError('MasqMarkBit must be between 0 and 31');
  const mappings = conf.runtimeConfig.portMappings ?? [];
  for (const { containerPort, hostPort } of mappings) {
    if (containerPort <= 0) throw new CniError(`Invalid container port number: ${containerPort}`);
    if (hostPort <= 0) throw new CniError(`Invalid host port number: ${hostPort}`);
  }
  const addressOf = (family: 4 | 6) => previous && containerAddress(previous.result, call.ifName, family);
  return {
    name: conf.name,
    cniVersion: conf.cniVersion,
    containerId: call.containerId,
    previous: previous?.given,
    mappings,
    snat: conf.snat ?? true,
    conditions: { 4: conf.conditionsV4 ?? [], 6: conf.conditionsV6 ?? [] },
    markBit,
    externalSetMarkChain: conf.externalSetMarkChain,
    address: { 4: addressOf(4), 6: addressOf(6) },
  };
}

/** Devices that are known to be others than the container's are passed over. */
function containerAddress({ ips, interfaces }: Result, ifName: string, family: 4 | 6): Cidr | undefined {
  return ips.filter(isAddressed).find(({ address, interface: index }) => {
    const device = index === undefined ? undefined : interfaces[index];
    const others = device !== undefined && (device.name !== ifName || device.sandbox === '');
    return address.address.family === family && !others;
  })?.address;
}
