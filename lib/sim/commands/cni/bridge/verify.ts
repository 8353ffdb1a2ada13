import { getLink, type LinkMessage, type NetNs } from '../../../kernel/index.ts';
import { CniError } from '../error.ts';
import { macOf } from '../links.ts';
import type { Call } from '../plugin.ts';
import type { Interface, Result } from '../result.ts';
import { verifyAddresses, verifyRoutes } from '../verify.ts';
import type { BridgeConfig } from './config.ts';

const NONE: Interface = { name: '', mac: '', sandbox: '' };

/** CHECK: bridge, port and container's device are what the result says, and connected. Throws CniError. */
export function verifyBridge(
  call: Call,
  container: NetNs,
  conf: BridgeConfig,
  { interfaces, ips, routes }: Result,
): void {
  const { host, ifName, netns } = call;
  const wantedBridge = interfaces.findLast(({ name }) => name === conf.bridge) ?? NONE;
  const wantedInside =
    interfaces.findLast(({ name, sandbox }) => name !== conf.bridge && name === ifName && sandbox === netns) ?? NONE;
  const bridge = verifyDevice(host, wantedBridge, conf);
  if (netns !== wantedInside.sandbox)
    throw new CniError(`Sandbox in prevResult ${wantedInside.sandbox} doesn't match configured netns: ${netns}`);
  const inside = verifyInside(container, wantedInside);
  const port = interfaces.some(
    (one) => one.name !== wantedBridge.name && one.name !== wantedInside.name && isPort(host, one, bridge, inside),
  );
  if (!port) throw new CniError(`CNI veth created for bridge ${conf.bridge} was not found`);
  verifyAddresses(container, ifName, ips);
  verifyRoutes(container, routes);
}

function device(ns: NetNs, { name, sandbox }: Interface, inSandbox: boolean): LinkMessage {
  if (name === '') throw new CniError('Interface name missing ');
  const link = getLink(ns, name);
  if (link === undefined) throw new CniError(`Interface name ${name} not found`);
  if (inSandbox && sandbox === '') throw new CniError(`Interface ${name} is expected to be in a sandbox`);
  if (!inSandbox && sandbox !== '') throw new CniError(`Interface ${name} should not be in sandbox`);
  return link;
}

function verifyDevice(host: NetNs, wanted: Interface, { promiscMode }: BridgeConfig): LinkMessage {
  const link = device(host, wanted, false);
  if (link.kind !== 'bridge') throw new CniError(`Interface ${wanted.name} does not have link type of bridge`);
  if (wanted.mac !== '' && wanted.mac !== macOf(link))
    throw new CniError(`Bridge interface ${wanted.name} Mac doesn't match: ${wanted.mac}`);
  const promiscuous = link.promiscuity !== 0;
  if (promiscuous !== promiscMode)
    throw new CniError(
      `Bridge interface ${wanted.name} configured Promisc Mode ${promiscMode} doesn't match current state: ${promiscuous} `,
    );
  return link;
}

function verifyInside(container: NetNs, wanted: Interface): LinkMessage {
  const link = device(container, wanted, true);
  if (link.kind !== 'veth') throw new CniError(`Error: Container interface ${link.name} not of type veth`);
  if (wanted.mac !== '' && wanted.mac !== macOf(link))
    throw new CniError(`Interface ${wanted.name} Mac ${wanted.mac} doesn't match container Mac: ${macOf(link)}`);
  return link;
}

/** A veth that is the other end of the container's device and a port of the bridge. */
function isPort(host: NetNs, wanted: Interface, bridge: LinkMessage, inside: LinkMessage): boolean {
  const link = device(host, wanted, false);
  const connected = link.ifindex === inside.link && link.link === inside.ifindex && link.master === bridge.ifindex;
  if (link.kind !== 'veth' || !connected) return false;
  if (wanted.mac !== '' && wanted.mac !== macOf(link))
    throw new CniError(`Interface ${wanted.name} Mac doesn't match: ${wanted.mac} not found`);
  return true;
}
