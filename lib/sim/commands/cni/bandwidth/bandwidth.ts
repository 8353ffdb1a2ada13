import { getLink, type LinkMessage, type NetNs } from '../../../kernel/index.ts';
import { schedModule } from '../../../kernel/sched/index.ts';
import { CniError } from '../error.ts';
import { quote } from '../go-text.ts';
import { hashedName } from '../hashed-name.ts';
import { findLink, macOf } from '../links.ts';
import { openNamespaceUnnamed } from '../namespace.ts';
import { type Call, cniPlugin } from '../plugin.ts';
import { printResult, type Result } from '../result.ts';
import { type BandwidthConfig, passOn, readConfig } from './config.ts';
import { limitDevice, limitIncoming, removeIfb, verifyLimit } from './shape.ts';

/**
 *   container eth0 ◀── veth (tbf: ingress) ◀── bridge
 *   container eth0 ──▶ veth ──(redirect)──▶ ifb (tbf: egress) ──▶ back to the veth's input, bridge
 */
export const bandwidth = cniPlugin({
  name: 'bandwidth',
  summary: 'CNI plugin: limits what a container sends and receives',
  since: '0.3.0',
  keys: [
    ['ingressRate', 'bits a second into the container, with ingressBurst'],
    ['egressRate', 'bits a second out of the container, with egressBurst'],
    ['runtimeConfig.bandwidth', 'the same from the runtime, where the configuration says nothing'],
  ],
  modules: [schedModule],
  add(call) {
    const config = readConfig(call);
    const { ingress, egress, previous } = config;
    if (ingress === undefined && egress === undefined) return printResult(passOn(config), config.cniVersion);
    if (previous === undefined) throw new CniError('must be called as chained plugin');
    const { result } = previous;
    const host = hostDevice(call, result);
    if (ingress !== undefined) limitDevice(call.host, host, ingress);
    if (egress !== undefined) {
      const ifb = limitIncoming(call.host, host, ifbName(config, call), egress);
      result.interfaces.push({ name: ifb.name, mac: macOf(ifb), sandbox: '' });
    }
    return printResult(result, config.cniVersion);
  },
  check(call) {
    const config = readConfig(call);
    const { ingress, egress, previous } = config;
    if (previous === undefined) throw new CniError('must be called as a chained plugin');
    const host = hostDevice(call, previous.result);
    if (ingress !== undefined) verifyLimit(call.host, host, ingress);
    if (egress === undefined) return undefined;
    verifyLimit(call.host, findLink(call.host, ifbName(config, call), 'get ifb device'), egress);
    return undefined;
  },
  del(call) {
    removeIfb(call.host, ifbName(readConfig(call), call));
    return undefined;
  },
});

const ifbName = ({ name }: BandwidthConfig, { containerId }: Call): string =>
  hashedName(15, 'bwp', `${name}${containerId}`);

/** The other end of the container's veth; it must be one of the result's devices. */
function hostDevice(call: Call, { interfaces }: Result): LinkMessage {
  const container = openNamespaceUnnamed(call);
  if (interfaces.length === 0) throw new CniError('no interfaces provided');
  const index = peerIndex(container, call.ifName);
  const link = getLink(call.host, index);
  if (link === undefined) throw new CniError(`veth peer with index ${index} is not in host ns`);
  if (interfaces.some(({ name, sandbox }) => sandbox === '' && name === link.name)) return link;
  throw new CniError('no veth peer of container interface found in host ns');
}

function peerIndex(container: NetNs, ifName: string): number {
  const inside = getLink(container, ifName);
  const noPeer = `container interface ${ifName} has no veth peer`;
  if (inside === undefined) throw new CniError(`${noPeer}: could not look up ${quote(ifName)}: Link not found`);
  if (inside.kind !== 'veth') throw new CniError(`${noPeer}: interface ${quote(ifName)} was not a veth interface`);
  return inside.link ?? 0;
}
