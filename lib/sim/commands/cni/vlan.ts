import { vlanModule } from '../../kernel/vlan/index.ts';
import { load, netConf } from './config.ts';
import { configureInterface } from './configure.ts';
import { delegateAdd, delegateCheck, delegateDel, undoingAdd } from './delegate.ts';
import { CniError, tryingSteps } from './error.ts';
import { quote } from './go-text.ts';
import { int, string, struct } from './json/decode.ts';
import { findLink, removeLink } from './links.ts';
import { leftNamespace, needNamespace } from './namespace.ts';
import { type Call, cniPlugin } from './plugin.ts';
import { printResult } from './result.ts';
import { makeStacked, refuseMtu, verifyKind } from './stacked.ts';
import {
  containerInterface,
  requirePrevious,
  verifyAddresses,
  verifyContainerInterface,
  verifyRoutes,
} from './verify.ts';

const configuration = struct('NetConf', { ...netConf, master: string, vlanId: int, mtu: int });

/** A device of the container that sends and receives with the tag of one VLAN by a device of the host. */
export const vlan = cniPlugin({
  name: 'vlan',
  summary: 'CNI plugin: a VLAN of the container on a device of the host',
  keys: [
    ['master', 'the device of the host'],
    ['vlanId', 'number of the VLAN'],
    ['mtu', 'MTU'],
    ['ipam', 'the plugin that gives addresses'],
  ],
  modules: [vlanModule],
  *add(call) {
    const conf = read(call);
    const container = needNamespace(call);
    const { host, ifName, netns, process } = call;
    const data = { kind: 'vlan', id: conf.vlanId } as const;
    const wanted = { kind: 'vlan', lower: conf.master, ifName, netns, mtu: conf.mtu, data };
    const device = makeStacked(host, container, wanted, process.machine.random, false);
    const result = yield* tryingSteps('failed to execute IPAM delegate', delegateAdd(call, conf.ipam.type));
    if (result.ips.length === 0) throw new CniError('IPAM plugin returned missing IP config');
    for (const one of result.ips) one.interface = 0;
    result.interfaces = [device];
    yield* undoingAdd(call, conf.ipam.type, () => configureInterface(process, container, ifName, result));
    return printResult({ ...result, dns: conf.dns }, conf.cniVersion);
  },
  *check(call) {
    const conf = load(configuration, call.input, 'failed to load netconf');
    const container = needNamespace(call);
    yield* delegateCheck(call, conf.ipam.type);
    const result = requirePrevious(conf, 'vlan: ');
    const wanted = containerInterface(call, result);
    findLink(call.host, conf.master, `failed to lookup master ${quote(conf.master)}`);
    const link = verifyKind(container, wanted, 'vlan');
    verifyContainerInterface(container, wanted, 'vlan: ');
    // The real plugin's words, which speak of another thing.
    if (link?.data?.kind === 'vlan' && link.data.id !== conf.vlanId)
      throw new CniError(
        `Error: Tuning link ${wanted.name} configured promisc is ${conf.vlanId}, current value is ${link.data.id}`,
      );
    if (link !== undefined && conf.mtu !== 0 && conf.mtu !== link.mtu)
      throw new CniError(`Error: Tuning configured MTU of ${wanted.name} is ${conf.mtu}, current value is ${link.mtu}`);
    verifyAddresses(container, call.ifName, result.ips);
    verifyRoutes(container, result.routes);
    return undefined;
  },
  *del(call) {
    const conf = read(call);
    yield* delegateDel(call, conf.ipam.type);
    const container = call.netns === '' ? undefined : leftNamespace(call);
    if (container !== undefined) removeLink(container, call.ifName);
    return undefined;
  },
});

function read({ host, input }: Call) {
  const conf = load(configuration, input, 'failed to load netconf');
  const { master, vlanId, mtu } = conf;
  if (master === '')
    throw new CniError('"master" field is required. It specifies the host interface name to create the VLAN for.');
  if (vlanId < 0 || vlanId > 4094)
    throw new CniError(`invalid VLAN ID ${vlanId} (must be between 0 and 4095 inclusive)`);
  refuseMtu(host, master, mtu);
  return conf;
}
