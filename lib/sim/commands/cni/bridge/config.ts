import { readArguments } from '../arguments.ts';
import { load, netConf } from '../config.ts';
import { CniError } from '../error.ts';
import { bool, int, string, struct } from '../json/decode.ts';
import type { Call } from '../plugin.ts';

const configuration = struct('NetConf', {
  ...netConf,
  bridge: string,
  isGateway: bool,
  isDefaultGateway: bool,
  forceAddress: bool,
  ipMasq: bool,
  mtu: int,
  hairpinMode: bool,
  promiscMode: bool,
  vlan: int,
  macspoofchk: bool,
  enabledad: bool,
  args: struct('', { cni: struct('BridgeArgs', { mac: string }) }),
  runtimeConfig: struct('', { mac: string }),
});

/** Throws CniError. */
export function readConfig({ input, args }: Call) {
  const conf = load(
    { ...configuration, zero: { ...configuration.zero, bridge: 'cni0' } },
    input,
    'failed to load netconf',
  );
  if (conf.vlan < 0 || conf.vlan > 4094)
    throw new CniError(`invalid VLAN ID ${conf.vlan} (must be between 0 and 4094)`);
  const given = readArguments(args, ['MAC']).get('MAC') ?? '';
  const mac = [conf.runtimeConfig.mac, conf.args.cni.mac, given].find((one) => one !== '') ?? '';
  return { ...conf, mac, gateway: conf.isGateway || conf.isDefaultGateway };
}

export type BridgeConfig = ReturnType<typeof readConfig>;
