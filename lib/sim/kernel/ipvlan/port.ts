import { Ip } from '../../base/index.ts';
import type { EthernetPayload } from '../../wire/index.ts';
import type { IpvlanData } from '../link/data.ts';
import type { Link } from '../link/link.ts';
import { slot } from '../slot.ts';

/** The device underneath with its ipvlans, which all have the same mode (struct ipvl_port). */
export type IpvlanPort = {
  readonly lower: Link;
  readonly all: Link[];
  mode: IpvlanData['mode'];
  flag: IpvlanData['flag'];
};

const stateOf = slot((_: Link): { port?: IpvlanPort | undefined; on?: IpvlanPort } => ({}));

export const portOn = (lower: Link): IpvlanPort | undefined => stateOf(lower).port;
/** Precondition: the link is of this kind. */
export const portOf = (link: Link): IpvlanPort => stateOf(link).on as IpvlanPort;
/** An ipvlan on an ipvlan stands on what that one stands on. */
export const realDevice = (link: Link): Link => stateOf(link).on?.lower ?? link;

export function attach(port: IpvlanPort, link: Link): void {
  stateOf(port.lower).port = port;
  stateOf(link).on = port;
  port.all.push(link);
}

/** True when it was the last one. */
export function detach(link: Link): boolean {
  const port = portOf(link);
  port.all.splice(port.all.indexOf(link), 1);
  if (port.all.length > 0) return false;
  stateOf(port.lower).port = undefined;
  return true;
}

/** ipvlan_addr_lookup(): whose address the packet is for. */
export function ownerOf(port: IpvlanPort, packet: EthernetPayload): Link | undefined {
  const target = targetOf(packet);
  if (target === undefined || target === Ip.any4) return undefined;
  return port.all.find(
    (link) =>
      link.up &&
      (target.family === 4
        ? link.inet.addrs.some((one) => one.local === target)
        : link.inet6?.addrs.some((one) => one.local === target) === true),
  );
}

function targetOf(packet: EthernetPayload): Ip | undefined {
  if (packet.kind === 'ipv4' || packet.kind === 'ipv6') return packet.dst;
  return packet.kind === 'arp' ? packet.targetIp : undefined;
}
