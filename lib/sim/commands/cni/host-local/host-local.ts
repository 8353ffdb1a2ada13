import type { Ip } from '../../../base/index.ts';
import { decodeText, type Process } from '../../../os/index.ts';
import type { Dns } from '../config.ts';
import { NO_DNS } from '../config.ts';
import { CniError } from '../error.ts';
import { pathError } from '../go-text.ts';
import { type Call, cniPlugin } from '../plugin.ts';
import { type IpConfig, newResult, printResult } from '../result.ts';
import { allocate, rangeOf } from './allocate.ts';
import { type HostLocalConfig, readConfig } from './config.ts';
import { Store } from './store.ts';

/** Addresses out of ranges, with files on this machine to remember who has which. */
export const hostLocal = cniPlugin({
  name: 'host-local',
  summary: 'CNI plugin: gives addresses of a range, and keeps in files who has which',
  keys: [
    ['ipam.subnet', 'the network, with rangeStart, rangeEnd and gateway'],
    ['ipam.ranges', 'sets of ranges; one address is given out of each'],
    ['ipam.routes', 'routes of the container'],
    ['ipam.resolvConf', 'a file that becomes the result’s dns'],
    ['ipam.dataDir', 'where files say who has which address'],
    ['runtimeConfig.ipRanges', 'more ranges'],
    ['args.cni.ips', 'addresses that are wanted, also as runtimeConfig.ips and IP in CNI_ARGS'],
  ],
  add(call) {
    const config = readConfig(call);
    const dns = config.resolvConf === '' ? NO_DNS : readResolvConf(call.process, config.resolvConf);
    const store = Store.open(call.process, config.dataDir, config.network);
    const ips = allocateAll(call, config, store);
    return printResult(newResult({ ips, routes: [...config.routes], dns }), config.cniVersion);
  },
  check(call) {
    const config = readConfig(call);
    const store = Store.open(call.process, config.dataDir, config.network);
    if (!store.has(call.containerId, call.ifName))
      throw new CniError(`host-local: Failed to find address added by container ${call.containerId}`);
    return undefined;
  },
  del(call) {
    const config = readConfig(call);
    Store.open(call.process, config.dataDir, config.network).release(call.containerId, call.ifName);
    return undefined;
  },
});

/** One address out of each range set; none is kept when one cannot be had. */
function allocateAll({ containerId, ifName }: Call, { ranges, requested }: HostLocalConfig, store: Store): IpConfig[] {
  const left = new Set<Ip>(requested);
  const ips: IpConfig[] = [];
  const giveUp = (message: string): never => {
    if (ips.length > 0) store.release(containerId, ifName);
    throw new CniError(message);
  };
  ranges.forEach((set, i) => {
    const wanted = [...left].find((address) => rangeOf(set, address) !== undefined);
    if (wanted !== undefined) left.delete(wanted);
    try {
      ips.push(allocate(store, set, i, { container: containerId, ifName }, wanted));
    } catch (error) {
      if (!(error instanceof CniError)) throw error;
      giveUp(`failed to allocate for range ${i}: ${error.message}`);
    }
  });
  if (left.size > 0) giveUp(`failed to allocate all requested IPs: ${[...left].join(' ')}`);
  return ips;
}

/** resolv.conf(5) as a result's `dns`. */
function readResolvConf(process: Process, path: string): Dns {
  const content = process.machine.fs.readFile(process.path(path), process);
  if (!content.ok) throw new CniError(pathError('open', path, content.error.errno));
  const lines = decodeText(content.value)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line))
    .map((line) => line.split(/\s+/))
    .filter(({ length }) => length > 1);
  const values = (keyword: string): string[][] =>
    lines.filter(([first]) => first === keyword).map(([, ...rest]) => rest);
  return {
    nameservers: values('nameserver').flatMap(([first = '']) => [first]),
    domain: values('domain').at(-1)?.[0] ?? '',
    search: values('search').flat(),
    options: values('options').flat(),
  };
}
