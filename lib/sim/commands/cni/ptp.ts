import { Cidr, fail, type Result } from '../../base/index.ts';
import {
  delRoute,
  getLink,
  type LinkMessage,
  type NetNs,
  type NexthopSpec,
  newAddr,
  newRoute,
  RTPROT,
  SCOPE,
} from '../../kernel/index.ts';
import { DEFAULT, goSyntax } from './address.ts';
import { type Dns, load, netConf } from './config.ts';
import { configureInterface } from './configure.ts';
import { delegateAdd, delegateCheck, delegateDel, undoingAdd } from './delegate.ts';
import { CniError, trying } from './error.ts';
import { enableForwarding } from './forwarding.ts';
import { errnoText } from './go-text.ts';
import { bool, int, struct } from './json/decode.ts';
import { macOf, removeLink } from './links.ts';
import { setupMasquerade, teardownMasquerade } from './masquerade.ts';
import { leftNamespace, needNamespace } from './namespace.ts';
import { cniPlugin } from './plugin.ts';
import { type Addressed, familyOf, isAddressed, printResult } from './result.ts';
import {
  containerInterface,
  requirePrevious,
  verifyAddresses,
  verifyContainerInterface,
  verifyRoutes,
} from './verify.ts';
import { setupVeth } from './veth.ts';

const configuration = struct('NetConf', { ...netConf, ipMasq: bool, mtu: int });
const read = (input: string) => load(configuration, input, 'failed to load netconf');

/**
 * A cable between host and container, with the host as router to everybody, the container's own network included:
 *
 *   host (gateway's address/32) veth… ──── eth0 (address) container
 *     route: address dev veth…                 routes: gateway dev eth0, network via gateway
 */
export const ptp = cniPlugin({
  name: 'ptp',
  summary: 'CNI plugin: a veth pair between a container and the host, which routes',
  keys: [
    ['ipMasq', 'masquerade what leaves the network'],
    ['mtu', 'MTU of the veth pair'],
    ['ipam', 'the plugin that gives addresses'],
    ['dns', 'passed on in the result'],
  ],
  *add(call) {
    const conf = read(call.input);
    const result = yield* delegateAdd(call, conf.ipam.type);
    if (result.ips.length === 0) throw new CniError('IPAM plugin returned missing IP config');
    trying('Could not enable IP forwarding', () =>
      enableForwarding(
        call.host,
        result.ips.map(({ address }) => familyOf(address)),
      ),
    );
    yield* undoingAdd(call, conf.ipam.type, function* () {
      const container = needNamespace(call);
      const { ifName, process } = call;
      const { inside, outside } = setupVeth(call.host, container, { ifName, mtu: conf.mtu }, process.machine.random);
      result.interfaces = [
        { name: outside.name, mac: macOf(outside), sandbox: '' },
        { name: inside.name, mac: macOf(inside), sandbox: call.netns },
      ];
      for (const one of result.ips) one.interface = 1;
      yield* configureInterface(process, container, ifName, result);
      for (const one of result.ips.filter(isAddressed)) routeByGateway(container, inside, one);
      for (const one of result.ips.filter(isAddressed)) routeToContainer(call.host, outside, one);
      if (!conf.ipMasq) return;
      yield* setupMasquerade(call, conf.name, result.ips.filter(isAddressed));
    });
    return printResult(isSet(conf.dns) ? { ...result, dns: conf.dns } : result, conf.cniVersion);
  },
  *check(call) {
    const conf = read(call.input);
    const container = needNamespace(call);
    yield* delegateCheck(call, conf.ipam.type);
    const result = requirePrevious(conf, 'ptp: ');
    const wanted = containerInterface(call, result);
    const kind = getLink(container, wanted.name)?.kind;
    if (kind !== undefined && kind !== 'veth')
      throw new CniError(`Error: Container interface ${wanted.name} not of type veth/p2p`);
    verifyContainerInterface(container, wanted, 'ptp: ');
    verifyAddresses(container, call.ifName, result.ips);
    verifyRoutes(container, result.routes);
    return undefined;
  },
  *del(call) {
    const conf = read(call.input);
    yield* delegateDel(call, conf.ipam.type);
    const container = call.netns === '' ? undefined : leftNamespace(call);
    if (container === undefined) return undefined;
    const addrs = removeLink(container, call.ifName) ?? [];
    if (!conf.ipMasq) return undefined;
    yield* teardownMasquerade(call, conf.name, addrs);
    return undefined;
  },
});

const isSet = ({ nameservers, search, options, domain }: Dns): boolean =>
  nameservers !== undefined || search !== undefined || options !== undefined || domain !== '';

/** In the container, all of the network but the gateway is reached through the gateway. */
function routeByGateway(container: NetNs, { ifindex }: LinkMessage, { address, gateway }: Addressed): void {
  const { family } = address.address;
  const network = address.network();
  const deleted = delRoute(container, { family, dst: network, scope: SCOPE.nowhere, nexthops: [{ ifindex }] });
  if (!deleted.ok) {
    const route = `{Ifindex: ${ifindex} Dst: ${network} Src: <nil> Gw: <nil> Flags: [] Table: 0}`;
    throw new CniError(`failed to delete route ${route}: ${errnoText(deleted.error.errno)}`);
  }
  const prefsrc = address.address;
  const routes: readonly { readonly dst: Cidr | undefined; readonly scope: number; readonly nexthop: NexthopSpec }[] = [
    { dst: gateway && new Cidr(gateway, gateway.bits), scope: SCOPE.link, nexthop: { ifindex } },
    { dst: network, scope: SCOPE.universe, nexthop: { ifindex, ...(gateway && { gateway }) } },
  ];
  for (const { dst, scope, nexthop } of routes) {
    const request = { family, dst: dst ?? DEFAULT[family], protocol: RTPROT.boot, scope, prefsrc, nexthops: [nexthop] };
    const added = newRoute(container, request, { create: true, excl: true });
    if (added.ok) continue;
    const gw = nexthop.gateway ?? '<nil>';
    const shown = `{Ifindex: ${ifindex} Dst: ${dst ?? '<nil>'} Src: ${prefsrc} Gw: ${gw} Flags: [] Table: 0}`;
    throw new CniError(`failed to add route ${shown}: ${errnoText(added.error.errno)}`);
  }
}

/** On the host, the gateway's address is the veth's, and the container's address is behind it. */
function routeToContainer(host: NetNs, { ifindex }: LinkMessage, { address, gateway }: Addressed): void {
  const { family, bits } = address.address;
  // Without a gateway the request has an empty attribute.
  const own: Result<void> =
    gateway === undefined
      ? fail('ERANGE')
      : newAddr(host, { ifindex, local: gateway, prefix: bits, scope: 0 }, { create: true, excl: true });
  if (!own.ok)
    throw new CniError(`failed to add IP addr (${goSyntax(gateway, bits)}) to veth: ${errnoText(own.error.errno)}`);
  const dst = new Cidr(address.address, bits);
  const added = newRoute(
    host,
    { family, dst, protocol: RTPROT.boot, scope: SCOPE.host, nexthops: [{ ifindex }] },
    { create: true, excl: true },
  );
  if (!added.ok && added.error.errno !== 'EEXIST')
    throw new CniError(`failed to add route on host: ${errnoText(added.error.errno)}`);
}
