import type { IpvlanData } from '../../kernel/index.ts';
import { ipvlanModule } from '../../kernel/ipvlan/index.ts';
import type { Wait } from '../../os/index.ts';
import { load, netConf } from './config.ts';
import { configureInterface } from './configure.ts';
import { delegateAdd, delegateCheck, delegateDel, undoingAdd } from './delegate.ts';
import { CniError } from './error.ts';
import { quote } from './go-text.ts';
import { int, string, struct } from './json/decode.ts';
import { findLink, removeLink, trySysctl } from './links.ts';
import { leftNamespace, needNamespace } from './namespace.ts';
import { type Call, cniPlugin } from './plugin.ts';
import { printResult, type Result } from './result.ts';
import { defaultRouteDevice, makeStacked, verifyKind } from './stacked.ts';
import {
  containerInterface,
  readPrevious,
  requirePrevious,
  verifyAddresses,
  verifyContainerInterface,
  verifyRoutes,
} from './verify.ts';

const configuration = struct('NetConf', { ...netConf, master: string, mode: string, mtu: int });

/** A device of the container with the MAC address of a device of the host, told apart by its IP addresses. */
export const ipvlan = cniPlugin({
  name: 'ipvlan',
  summary: 'CNI plugin: an ipvlan of the container on a device of the host',
  keys: [
    ['master', 'the device of the host (that of prevResult, or of the default route)'],
    ['mode', 'l2, l3, l3s (l2)'],
    ['mtu', 'MTU'],
    ['ipam', 'the plugin that gives addresses; without it those of prevResult count'],
  ],
  modules: [ipvlanModule],
  *add(call) {
    const conf = read(call);
    const container = needNamespace(call);
    const { host, ifName, netns, process } = call;
    const data = { kind: 'ipvlan', mode: modeOf(conf.mode) } as const;
    const wanted = { kind: 'ipvlan', lower: conf.master, ifName, netns, mtu: conf.mtu, data };
    const device = makeStacked(host, container, wanted, process.machine.random, false);
    const chained = conf.ipam.type === '' && (conf.previous?.ips.length ?? 0) > 0;
    const result = chained ? (conf.previous as Result) : yield* delegateAdd(call, conf.ipam.type);
    if (result.ips.length === 0) throw new CniError('IPAM plugin returned missing IP config');
    for (const one of result.ips) one.interface = 0;
    result.interfaces = [device];
    const configure = function* (): Generator<Wait, void, void> {
      trySysctl(container, `net/ipv4/conf/${ifName}/arp_notify`, '1');
      yield* configureInterface(process, container, ifName, result);
    };
    yield* chained ? configure() : undoingAdd(call, conf.ipam.type, configure);
    return printResult({ ...result, dns: conf.dns }, conf.cniVersion);
  },
  *check(call) {
    const conf = load(configuration, call.input, 'failed to load netconf');
    const container = needNamespace(call);
    if (conf.ipam.type !== '') yield* delegateCheck(call, conf.ipam.type);
    const result = requirePrevious(conf);
    const wanted = containerInterface(call, result);
    findLink(call.host, conf.master, `failed to lookup master ${quote(conf.master)}`);
    const data = verifyKind(container, wanted, 'ipvlan')?.data;
    const mode = MODES.get(conf.mode) ?? 'l2';
    if (data?.kind === 'ipvlan' && data.mode !== mode)
      throw new CniError(`Container IPVlan mode ${data.mode} does not match expected value: ${mode}`);
    verifyContainerInterface(container, wanted);
    verifyAddresses(container, call.ifName, result.ips);
    verifyRoutes(container, result.routes);
    return undefined;
  },
  *del(call) {
    const conf = read(call);
    if (conf.ipam.type !== '') yield* delegateDel(call, conf.ipam.type);
    const container = call.netns === '' ? undefined : leftNamespace(call);
    if (container !== undefined) removeLink(container, call.ifName);
    return undefined;
  },
});

function read({ host, input }: Call) {
  const conf = load(configuration, input, 'failed to load netconf');
  const previous = readPrevious(conf)?.result;
  if (conf.master !== '') return { ...conf, previous };
  if (previous === undefined) return { ...conf, previous, master: defaultRouteDevice(host) };
  const [only, ...others] = previous.interfaces;
  if (only === undefined || only.name === '' || others.length > 0)
    throw new CniError('chained master failure. PrevResult lacks a single named interface');
  return { ...conf, previous, master: only.name };
}

const MODES: ReadonlyMap<string, IpvlanData['mode']> = new Map([
  ['', 'l2'],
  ['l2', 'l2'],
  ['l3', 'l3'],
  ['l3s', 'l3s'],
]);

function modeOf(name: string): IpvlanData['mode'] {
  const mode = MODES.get(name);
  if (mode === undefined) throw new CniError(`unknown ipvlan mode: ${quote(name)}`);
  return mode;
}
