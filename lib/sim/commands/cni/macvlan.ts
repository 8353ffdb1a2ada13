import type { MacvlanMode, NetNs } from '../../kernel/index.ts';
import { macvlanModule } from '../../kernel/macvlan/index.ts';
import { readArguments } from './arguments.ts';
import { load, netConf } from './config.ts';
import { configureInterface } from './configure.ts';
import { delegateAdd, delegateCheck, delegateDel, undoingAdd } from './delegate.ts';
import { CniError, trying } from './error.ts';
import { quote } from './go-text.ts';
import { int, string, struct } from './json/decode.ts';
import { changeOr, findLink, parseHardwareAddress, removeLink, trySysctl } from './links.ts';
import { leftNamespace, needNamespace, openNamespaceUnnamed } from './namespace.ts';
import { type Call, cniPlugin } from './plugin.ts';
import { newResult, printResult } from './result.ts';
import { defaultRouteDevice, makeStacked, refuseMtu, verifyKind } from './stacked.ts';
import {
  containerInterface,
  requirePrevious,
  verifyAddresses,
  verifyContainerInterface,
  verifyRoutes,
} from './verify.ts';

const configuration = struct('NetConf', {
  ...netConf,
  master: string,
  mode: string,
  mtu: int,
  mac: string,
  runtimeConfig: struct('', { mac: string }),
});

/** A device of the container with a MAC address of its own on a device of the host. */
export const macvlan = cniPlugin({
  name: 'macvlan',
  summary: 'CNI plugin: a macvlan of the container on a device of the host',
  keys: [
    ['master', 'the device of the host (that of the default route)'],
    ['mode', 'bridge, private, vepa, passthru (bridge)'],
    ['mtu', 'MTU'],
    ['mac', 'MAC address, also as runtimeConfig.mac and MAC in CNI_ARGS'],
    ['ipam', 'the plugin that gives addresses'],
  ],
  modules: [macvlanModule],
  *add(call) {
    const conf = read(call);
    const container = openNamespaceUnnamed(call);
    const device = make(call, conf, container);
    const result = newResult({ interfaces: [device], dns: conf.dns });
    if (conf.ipam.type === '') {
      const link = findLink(container, call.ifName, `failed to find interface name ${quote(device.name)}`);
      changeOr(`failed to set ${quote(call.ifName)} UP`, container, link, { up: true });
      return printResult(result, conf.cniVersion);
    }
    const given = yield* delegateAdd(call, conf.ipam.type);
    if (given.ips.length === 0) throw new CniError('IPAM plugin returned missing IP config');
    for (const one of given.ips) one.interface = 0;
    const { ips, routes } = given;
    const complete = { ...result, ips, routes };
    yield* undoingAdd(call, conf.ipam.type, function* () {
      trySysctl(container, `net/ipv4/conf/${call.ifName}/arp_notify`, '1');
      yield* configureInterface(call.process, container, call.ifName, complete);
    });
    return printResult(complete, conf.cniVersion);
  },
  *check(call) {
    const conf = read(call);
    const container = needNamespace(call);
    if (conf.ipam.type !== '') yield* delegateCheck(call, conf.ipam.type);
    const result = requirePrevious(conf);
    const wanted = containerInterface(call, result);
    findLink(call.host, conf.master, `failed to lookup master ${quote(conf.master)}`);
    const data = verifyKind(container, wanted, 'macvlan')?.data;
    const mode = modeOf(conf.mode);
    if (data?.kind === 'macvlan' && data.mode !== mode)
      throw new CniError(`Container macvlan mode ${data.mode} does not match expected value: ${mode}`);
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

function read(call: Call) {
  const conf = load(configuration, call.input, 'failed to load netconf');
  const master = conf.master === '' ? defaultRouteDevice(call.host) : conf.master;
  refuseMtu(call.host, master, conf.mtu);
  const given = readArguments(call.args, ['MAC']).get('MAC') ?? '';
  const mac = [conf.runtimeConfig.mac, given, conf.mac].find((one) => one !== '') ?? '';
  return { ...conf, master, mac };
}

type MacvlanConfig = ReturnType<typeof read>;

const MODES: ReadonlyMap<string, MacvlanMode> = new Map([
  ['', 'bridge'],
  ['bridge', 'bridge'],
  ['private', 'private'],
  ['vepa', 'vepa'],
  ['passthru', 'passthru'],
]);

function modeOf(name: string): MacvlanMode {
  const mode = MODES.get(name);
  if (mode === undefined) throw new CniError(`unknown macvlan mode: ${quote(name)}`);
  return mode;
}

function make({ host, ifName, netns, process }: Call, conf: MacvlanConfig, container: NetNs) {
  const mode = modeOf(conf.mode);
  const mac =
    conf.mac === ''
      ? {}
      : { mac: trying(`invalid args ${conf.mac} for MAC addr`, () => parseHardwareAddress(conf.mac)) };
  const wanted = { kind: 'macvlan', lower: conf.master, ifName, netns, mtu: conf.mtu, ...mac };
  const data = { kind: 'macvlan', mode } as const;
  return makeStacked(host, container, { ...wanted, data }, process.machine.random, true);
}
