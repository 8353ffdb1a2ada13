import { dumpLinks, IFF, type LinkMessage, type NetNs, setLink } from '../../kernel/index.ts';
import { load, netConf } from './config.ts';
import { configureInterface } from './configure.ts';
import { delegateAdd, delegateCheck, delegateDel, undoingAdd } from './delegate.ts';
import { CniError, NotSimulated, textOf, trying } from './error.ts';
import { errnoText, quote } from './go-text.ts';
import { string, struct } from './json/decode.ts';
import { change, changeOr, findLink, linkByName, macOf, parseHardwareAddress } from './links.ts';
import { needNamespace } from './namespace.ts';
import { type Call, cniPlugin } from './plugin.ts';
import { newResult, printResult } from './result.ts';
import {
  containerInterface,
  requirePrevious,
  verifyAddresses,
  verifyContainerInterface,
  verifyRoutes,
} from './verify.ts';

const configuration = struct('NetConf', {
  ...netConf,
  device: string,
  hwaddr: string,
  kernelpath: string,
  pciBusID: string,
  runtimeConfig: struct('', { deviceID: string }),
});

/** Moves a device of the host into a container, and back: it is remembered in its alias how it was called. */
export const hostDevice = cniPlugin({
  name: 'host-device',
  summary: 'CNI plugin: moves a device of the host into a container',
  keys: [
    ['device', 'name of the device'],
    ['hwaddr', 'or its MAC address'],
    ['kernelpath', 'or its folder below /sys/devices', false],
    ['pciBusID', 'or its place on the PCI bus', false],
    ['ipam', 'the plugin that gives addresses'],
  ],
  *add(call) {
    const conf = read(call);
    const container = needNamespace(call);
    const moved = moveIn(call, container, findDevice(call.host, conf));
    const interfaces = [{ name: moved.name, mac: macOf(moved), sandbox: call.netns }];
    if (conf.ipam.type === '') return printResult(newResult({ interfaces }), conf.cniVersion);
    const result = yield* delegateAdd(call, conf.ipam.type);
    if (result.ips.length === 0) throw new CniError('IPAM plugin returned missing IP config');
    for (const one of result.ips) one.interface = 0;
    result.interfaces = interfaces;
    yield* undoingAdd(call, conf.ipam.type, () => configureInterface(call.process, container, call.ifName, result));
    return printResult({ ...result, dns: conf.dns }, conf.cniVersion);
  },
  *check(call) {
    const conf = read(call);
    const container = needNamespace(call);
    if (conf.ipam.type !== '') yield* delegateCheck(call, conf.ipam.type);
    const result = requirePrevious(conf);
    verifyContainerInterface(container, containerInterface(call, result));
    verifyAddresses(container, call.ifName, result.ips);
    verifyRoutes(container, result.routes);
    return undefined;
  },
  *del(call) {
    const conf = read(call);
    if (call.netns === '') return undefined;
    const container = needNamespace(call);
    if (conf.ipam.type !== '') yield* delegateDel(call, conf.ipam.type);
    moveOut(call, container);
    return undefined;
  },
});

function read({ input }: Call) {
  const conf = load(configuration, input, 'failed to load netconf');
  const { device, hwaddr, kernelpath, pciBusID, runtimeConfig } = conf;
  if ([device, hwaddr, kernelpath, pciBusID, runtimeConfig.deviceID].every((one) => one === ''))
    throw new CniError('specify either "device", "hwaddr", "kernelpath" or "pciBusID"');
  if (pciBusID !== '' || runtimeConfig.deviceID !== '') throw new NotSimulated('devices by their place on the PCI bus');
  return conf;
}

function findDevice(host: NetNs, { device, hwaddr, kernelpath }: ReturnType<typeof read>): LinkMessage {
  return trying('failed to find host device', () => {
    if (device !== '') return linkByName(host, device);
    if (hwaddr === '') {
      if (kernelpath.startsWith('/sys/devices/')) throw new NotSimulated('devices by their folder below /sys/devices');
      throw new CniError(`kernel device path ${quote(kernelpath)} must be absolute and begin with /sys/devices/`);
    }
    const wanted = trying(`failed to parse MAC address ${quote(hwaddr)}`, () => parseHardwareAddress(hwaddr));
    const found = dumpLinks(host).find(({ mac }) => mac === wanted);
    if (found === undefined) throw new CniError('failed to find physical interface');
    return found;
  });
}

function moveIn({ host, ifName }: Call, container: NetNs, device: LinkMessage): LinkMessage {
  const { name } = device;
  try {
    change(host, device, { netns: container });
    const moved = findLink(container, name, `failed to find ${quote(name)}`);
    changeOr(`failed to set ${quote(name)} down`, container, moved, { up: false });
    changeOr(`failed to set alias to ${quote(name)}`, container, moved, { alias: name });
    changeOr(`failed to rename device ${quote(name)} to ${quote(ifName)}`, container, moved, { name: ifName });
    changeOr(`failed to set ${quote(ifName)} up`, container, moved, { up: true });
    return findLink(container, ifName, `failed to find ${quote(ifName)}`);
  } catch (error) {
    throw new CniError(`failed to move link ${textOf(error)}`);
  }
}

function moveOut({ host, ifName }: Call, container: NetNs): void {
  const device = findLink(container, ifName, `failed to find ${quote(ifName)}`);
  const original = device.alias ?? '';
  changeOr(`failed to set ${quote(ifName)} down`, container, device, { up: false });
  // What cannot be moved is left as it was.
  const undo = (what: string, errno: Parameters<typeof errnoText>[0]): never => {
    setLink(container, device.ifindex, { name: ifName });
    if ((device.flags & IFF.UP) !== 0) setLink(container, device.ifindex, { up: true });
    throw new CniError(`${what}: ${errnoText(errno)}`);
  };
  const renamed = setLink(container, device.ifindex, { name: original });
  if (!renamed.ok) undo(`failed to restore ${quote(ifName)} to original name ${quote(original)}`, renamed.error.errno);
  const moved = setLink(container, device.ifindex, { netns: host });
  if (!moved.ok) undo(`failed to move ${quote(original)} to host netns`, moved.error.errno);
}
