import type { Ip } from '../../../base/index.ts';
import { ipMaybeNet, parseCidr, parseIp } from '../address.ts';
import { readArguments } from '../arguments.ts';
import { load, route } from '../config.ts';
import { CniError, trying } from '../error.ts';
import { quote } from '../go-text.ts';
import { list, optional, string, struct } from '../json/decode.ts';
import { type Call, isAtLeast } from '../plugin.ts';
import type { Route } from '../result.ts';
import { completeSet, type RangeSet, range, rangeConfig, setsOverlap } from './range.ts';

const sets = list(list(range, 'allocator.RangeSet'), '[]allocator.RangeSet');

const configuration = struct(
  'Net',
  {
    name: string,
    cniVersion: string,
    ipam: optional(
      struct(
        'IPAMConfig',
        {
          ...rangeConfig,
          type: string,
          routes: list(route, '[]*types.Route'),
          dataDir: string,
          resolvConf: string,
          ranges: sets,
        },
        'allocator.IPAMConfig',
      ),
    ),
    runtimeConfig: struct('', { ipRanges: sets, ips: list(ipMaybeNet, '[]*ip.IP') }),
    args: optional(
      struct('', {
        cni: optional(struct('IPAMArgs', { ips: list(ipMaybeNet, '[]*ip.IP') }, 'allocator.IPAMArgs')),
      }),
    ),
  },
  'allocator.Net',
);

export type HostLocalConfig = {
  readonly network: string;
  readonly cniVersion: string;
  readonly routes: readonly Route[];
  readonly dataDir: string;
  readonly resolvConf: string;
  /** One address is given out of each. */
  readonly ranges: readonly RangeSet[];
  /** Addresses that somebody wants, by CNI_ARGS, `args` or the runtime. */
  readonly requested: readonly Ip[];
};

/** Throws CniError. */
export function readConfig(call: Call): HostLocalConfig {
  const { name, cniVersion, ipam, runtimeConfig, args } = load(configuration, call.input);
  if (ipam === undefined) throw new CniError("IPAM config missing 'ipam' key");
  const requested = [fromArguments(call.args), ...(args?.cni?.ips ?? []), ...(runtimeConfig.ips ?? [])];
  // A single range in the old style stands before the others, and what the runtime says before all.
  const single = ipam.subnet === undefined ? [] : [[ipam]];
  const wanted = [...(runtimeConfig.ipRanges ?? []), ...single, ...(ipam.ranges ?? [])];
  if (wanted.length === 0) throw new CniError('no IP ranges specified');
  const ranges = wanted.map((set, i) => trying(`invalid range set ${i}`, () => completeSet(set ?? [])));
  refuseSeveral(ranges, cniVersion);
  refuseOverlap(ranges);
  return {
    network: name,
    cniVersion,
    routes: (ipam.routes ?? []) as readonly Route[],
    dataDir: ipam.dataDir === '' ? '/var/lib/cni/networks' : ipam.dataDir,
    resolvConf: ipam.resolvConf,
    ranges,
    requested: requested.filter((one) => one !== undefined),
  };
}

function fromArguments(text: string): Ip | undefined {
  const wanted = readArguments(text, ['IP']).get('IP');
  if (wanted === undefined || wanted === '') return undefined;
  const address = wanted.includes('/') ? parseCidr(wanted)?.address : parseIp(wanted);
  if (address === undefined)
    throw new CniError(`ARGS: error parsing value of pair ${quote(`IP=${wanted}`)}: invalid IP address ${wanted}`);
  return address;
}

function refuseSeveral(ranges: readonly RangeSet[], cniVersion: string): void {
  const of = (family: 4 | 6): number => ranges.filter((set) => set[0]?.start.family === family).length;
  if ((of(4) > 1 || of(6) > 1) && !isAtLeast(cniVersion, [0, 3, 0]))
    throw new CniError(`CNI version ${cniVersion} does not support more than 1 address per family`);
}

function refuseOverlap(ranges: readonly RangeSet[]): void {
  ranges.forEach((one, i) => {
    const other = ranges.findIndex((later, j) => j > i && setsOverlap(one, later));
    if (other >= 0) throw new CniError(`range set ${i} overlaps with ${other}`);
  });
}
