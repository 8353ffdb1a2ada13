import { load, netConf } from '../config.ts';
import { NotSimulated } from '../error.ts';
import { string, struct } from '../json/decode.ts';
import type { Call } from '../plugin.ts';
import { type AnyResult, familyOf, type Result } from '../result.ts';
import { readPrevious } from '../verify.ts';

const configuration = struct('FirewallNetConf', {
  ...netConf,
  backend: string,
  iptablesAdminChainName: string,
  firewalldZone: string,
  ingressPolicy: string,
});

export type FirewallConfig = {
  readonly cniVersion: string;
  readonly adminChain: string;
  readonly ingressPolicy: string;
  /** `prevResult` as it came, and in the newest form. */
  readonly previous: { readonly given: AnyResult; readonly result: Result } | undefined;
};

/** Throws CniError. firewalld is not on the machine, so that what is not said is iptables. */
export function readConfig({ input }: Call): FirewallConfig {
  const conf = load(configuration, input, 'failed to load netconf');
  const previous = readPrevious(conf);
  if (conf.backend === 'firewalld') throw new NotSimulated('the backend firewalld');
  return {
    cniVersion: conf.cniVersion,
    adminChain: conf.iptablesAdminChainName === '' ? 'CNI-ADMIN' : conf.iptablesAdminChainName,
    ingressPolicy: conf.ingressPolicy,
    previous,
  };
}

/** As rules take them. */
export const hostsOf = (result: Result, family: 4 | 6): string[] =>
  result.ips
    .filter(({ address }) => familyOf(address) === family)
    .map(({ address }) => `${address?.address ?? '<nil>'}/${family === 4 ? 32 : 128}`);
