import { formatMac, type Mac, parseMac, type Random, type Result } from '../../base/index.ts';
import {
  type AddrMessage,
  delLink,
  dumpAddrs,
  getLink,
  type LinkChange,
  type LinkMessage,
  type NetNs,
  setLink,
  writeSysctl,
} from '../../kernel/index.ts';
import { CniError, trying } from './error.ts';
import { errnoText, quote } from './go-text.ts';

/** Devices by the kernel's messages, with errors in the words of the library that the plugins use for netlink. */

/** The value, or a CniError that says the errno. */
export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new CniError(errnoText(result.error.errno));
}

/** The device of a name. Throws `Link not found`. */
export function linkByName(ns: NetNs, name: string): LinkMessage {
  if (name.length > 15) throw new CniError(errnoText('ERANGE'));
  const link = getLink(ns, name);
  if (link === undefined) throw new CniError('Link not found');
  return link;
}

/** The same, with words before what is wrong. */
export function findLink(ns: NetNs, name: string, what = `failed to lookup ${quote(name)}`): LinkMessage {
  return trying(what, () => linkByName(ns, name));
}

export const change = (ns: NetNs, link: Pick<LinkMessage, 'ifindex'>, settings: LinkChange): void =>
  must(setLink(ns, link.ifindex, settings));

/** `change`, with words before what is wrong. */
export function changeOr(what: string, ns: NetNs, link: Pick<LinkMessage, 'ifindex'>, settings: LinkChange): void {
  trying(what, () => change(ns, link, settings));
}

/** '' for a device that has none. */
export const macOf = ({ mac }: Pick<LinkMessage, 'mac'>): string => (mac === 0 ? '' : formatMac(mac));

/** net.ParseMAC, of which only the form with colons or hyphens is used for devices. */
export function parseHardwareAddress(text: string): Mac {
  const mac = /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text) ? parseMac(text.replaceAll('-', ':')) : undefined;
  if (mac === undefined) throw new CniError(`address ${text}: invalid MAC address`);
  return mac;
}

/** Removes a device, if it is there; the addresses that it had. */
export function removeLink(ns: NetNs, name: string): readonly AddrMessage[] | undefined {
  const link = getLink(ns, name);
  if (link === undefined) return undefined;
  const addrs = dumpAddrs(ns, { ifindex: link.ifindex });
  trying(`failed to delete ${quote(name)}`, () => must(delLink(ns, link.ifindex)));
  return addrs;
}

/** A sysctl that may be missing: nobody looks whether it was set. */
export const trySysctl = (ns: NetNs, path: string, value: string): void => void writeSysctl(ns, path, value);

/** `veth` and 8 hexadecimal digits. */
export const randomVethName = (random: Random): string => `veth${random.uint32().toString(16).padStart(8, '0')}`;
