import type { LinkMessage, NetNs } from '../../../kernel/index.ts';
import type { Wait } from '../../../os/index.ts';
import { configureInterface } from '../configure.ts';
import { delegateAdd, delegateCheck, delegateDel, undoingAdd } from '../delegate.ts';
import { CniError, NotSimulated, trying } from '../error.ts';
import { enableForwarding } from '../forwarding.ts';
import { quote } from '../go-text.ts';
import { changeOr, findLink, linkByName, macOf, removeLink, trySysctl } from '../links.ts';
import { setupMasquerade, teardownMasquerade } from '../masquerade.ts';
import { leftNamespace, needNamespace } from '../namespace.ts';
import { type Call, cniPlugin } from '../plugin.ts';
import { isAddressed, newResult, printResult, type Result } from '../result.ts';
import { requirePrevious } from '../verify.ts';
import { type BridgeConfig, readConfig } from './config.ts';
import { bridgeByName, connect, ensureBridge } from './device.ts';
import { calculateGateways, ensureAddress } from './gateways.ts';
import { verifyBridge } from './verify.ts';

/**
 *   host                               container
 *   cni0 (gateway's address)
 *     └─ veth1a2b3c4d ──────────────── eth0 (address of the IPAM plugin)
 */
export const bridge = cniPlugin({
  name: 'bridge',
  summary: 'CNI plugin: connects a container to a bridge of the host',
  keys: [
    ['bridge', 'name of the bridge (cni0)'],
    ['isGateway', 'give the bridge an address, and forward'],
    ['isDefaultGateway', 'and make it the default route of the container'],
    ['forceAddress', "replace the bridge's address by the one that is wanted"],
    ['ipMasq', 'masquerade what leaves the network'],
    ['mtu', 'MTU of bridge and veth pair'],
    ['hairpinMode', 'send frames back by the port that they came in by'],
    ['promiscMode', 'set the bridge promiscuous'],
    ['enabledad', 'duplicate address detection in the container'],
    ['ipam', 'the plugin that gives addresses; without it only a cable is laid'],
    ['dns', 'passed on in the result'],
    ['args.cni.mac', 'MAC address of the container, also as runtimeConfig.mac and MAC in CNI_ARGS'],
    ['vlan', 'a VLAN of the bridge for the container', false],
    ['macspoofchk', 'drop frames with another source address than the container has', false],
  ],
  *add(call) {
    const conf = readConfig(call);
    if (conf.hairpinMode && conf.promiscMode)
      throw new CniError('cannot set hairpin mode and promiscuous mode at the same time.');
    if (conf.macspoofchk) throw new NotSimulated('macspoofchk');
    const device = trying(`failed to create bridge ${quote(conf.bridge)}`, () => ensureBridge(call.host, conf));
    const container = needNamespace(call);
    const { inside, outside } = connect(call.host, container, device, conf, call.ifName, call.process.machine.random);
    const result = newResult({
      interfaces: [
        { name: device.name, mac: '', sandbox: '' },
        { name: outside.name, mac: macOf(outside), sandbox: '' },
        { name: inside.name, mac: macOf(inside), sandbox: call.netns },
      ],
    });
    if (conf.ipam.type === '') setUp(container, call.ifName);
    else yield* layer3(call, conf, container, device, result);
    // It may have changed with the first port, or with the address.
    (result.interfaces[0] as { mac: string }).mac = macOf(bridgeByName(call.host, conf.bridge));
    return printResult({ ...result, dns: conf.dns }, conf.cniVersion);
  },
  *check(call) {
    const conf = readConfig(call);
    const container = needNamespace(call);
    yield* delegateCheck(call, conf.ipam.type);
    verifyBridge(call, container, conf, requirePrevious(conf));
    return undefined;
  },
  *del(call) {
    const conf = readConfig(call);
    const container = call.netns === '' ? undefined : leftNamespace(call);
    // Called again, it finds nothing and is content.
    const addrs = container === undefined ? [] : (removeLink(container, call.ifName) ?? []);
    if (conf.ipam.type === '') return undefined;
    yield* delegateDel(call, conf.ipam.type);
    if (!conf.ipMasq) return undefined;
    yield* teardownMasquerade(call, conf.name, addrs);
    return undefined;
  },
});

/** Without addresses the device is a cable and no more. */
function setUp(container: NetNs, ifName: string): void {
  const link = findLink(container, ifName, 'failed to retrieve link');
  changeOr(`failed to set ${quote(ifName)} up`, container, link, { up: true });
}

function* layer3(
  call: Call,
  conf: BridgeConfig,
  container: NetNs,
  device: LinkMessage,
  result: Result,
): Generator<Wait, void, void> {
  const given = yield* delegateAdd(call, conf.ipam.type);
  yield* undoingAdd(call, conf.ipam.type, function* () {
    result.ips = given.ips;
    result.routes = given.routes;
    if (result.ips.length === 0) throw new CniError('IPAM plugin returned missing IP config');
    const gateways = calculateGateways(result, conf);
    tune(container, call.ifName, conf);
    yield* configureInterface(call.process, container, call.ifName, result);
    yield* awaitPort(call, (result.interfaces[1] as { name: string }).name);
    for (const family of [4, 6] as const) {
      for (const gateway of gateways[family])
        trying('failed to set bridge addr', () => ensureAddress(call.host, device, gateway, conf.forceAddress));
      if (gateways[family].length > 0)
        trying('failed to enable forwarding', () => enableForwarding(call.host, [family]));
    }
    if (conf.ipMasq) yield* setupMasquerade(call, conf.name, result.ips.filter(isAddressed));
  });
}

function tune(container: NetNs, ifName: string, { enabledad }: BridgeConfig): void {
  if (enabledad) trySysctl(container, `net/ipv6/conf/${ifName}/enhanced_dad`, '1');
  trySysctl(container, `net/ipv6/conf/${ifName}/accept_dad`, enabledad ? '1' : '0');
  trySysctl(container, `net/ipv4/conf/${ifName}/arp_notify`, '1');
}

const TRIES = [0, 50_000, 500_000, 1_000_000, 1_000_000];

/** Until the bridge's port is up: a port that is not will not forward. */
function* awaitPort({ process, host }: Call, name: string): Generator<Wait, void, void> {
  for (const pause of TRIES) {
    if (pause > 0) yield* process.sleep(pause);
    if (linkByName(host, name).operstate === 'UP') return;
  }
  throw new CniError(`bridge port in error state: ${linkByName(host, name).operstate.toLowerCase()}`);
}
