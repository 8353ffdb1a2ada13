import { Ip, netmask4 } from '../../../base/index.ts';
import { FilterError, FilterNotSimulated } from './errors.ts';
import { any, type Predicate } from './packet.ts';
import {
  ETHERTYPE,
  etherHost,
  IP_PROTOCOL,
  ipProtocol,
  ipv4Host,
  ipv6Host,
  type Layout,
  ports,
  type Qualifiers,
} from './primitives.ts';

/** What the machine's /etc/hosts, /etc/services and /etc/networks say of names in a filter. */
export type NameService = {
  readonly host: (name: string) => readonly Ip[];
  readonly service: (
    name: string,
  ) => { readonly port: number; readonly protocols: readonly ('tcp' | 'udp')[] } | undefined;
};

const NO_LINK_NAMES = 'only ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel supports link-level host name';
const SYNTAX = 'syntax error in filter expression';
const TCP_UDP_SCTP = [6, 17, 132];
const ETHER_PROTOCOLS: Readonly<Record<string, number>> = {
  ...ETHERTYPE,
  loopback: 0x9000,
  atalk: 0x809b,
  aarp: 0x80f3,
};
/** getprotobyname(3) with Debian's /etc/protocols, as far as protocols here go. */
const NAMED_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  igp: 9,
  gre: 47,
  esp: 50,
  ah: 51,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
  'ipv6-icmp': 58,
  ipv6: 41,
};

/** A name: its meaning depends on the qualifiers before it (gen_scode() of libpcap's gencode.c). */
export function named(layout: Layout, names: NameService, name: string, q: Qualifiers | undefined): Predicate {
  if (q === undefined) throw new FilterError(SYNTAX);
  if (q.type === 'net') throw new FilterError(`unknown network '${name}'`);
  if (q.type === 'port') return servicePort(layout, names, name, q);
  if (q.type === 'portrange') return namedPortRange(layout, names, name, q);
  if (q.type === 'proto') return namedProtocol(layout, name, q);
  if (q.type === 'protochain') throw new FilterNotSimulated("filter primitive 'protochain'");
  if (q.type === 'gateway') throw new FilterError("'gateway' not supported in this configuration");
  if (q.protocol === 'ether') {
    throw new FilterError(layout.linkType === 'EN10MB' ? `unknown ether host '${name}'` : NO_LINK_NAMES);
  }
  return namedHost(layout, names, name, q);
}

function namedHost(layout: Layout, names: NameService, name: string, q: Qualifiers): Predicate {
  const addresses = names.host(name);
  if (addresses.length === 0) throw new FilterError(`unknown host '${name}'`);
  const fitting = addresses.filter((ip) => (ip.family === 4 ? q.protocol !== 'ip6' : q.protocol !== 'ip'));
  if (fitting.length === 0) throw new FilterError(`unknown host '${name}' for specified address family`);
  return any(
    ...fitting.map((ip) => (ip.family === 4 ? ipv4Host(layout, ip.v4, 0xffff_ffff, q) : ipv6Host(layout, ip, 128, q))),
  );
}

function servicePort(layout: Layout, names: NameService, name: string, q: Qualifiers): Predicate {
  const wanted = portProtocols(q, 'port');
  const service = names.service(name);
  if (service === undefined) throw new FilterError(`unknown port '${name}'`);
  const [only, ...others] = service.protocols;
  if (q.protocol === undefined && others.length === 0 && only !== undefined) {
    return ports(layout, service.port, service.port, [IP_PROTOCOL[only] ?? 0], q.direction);
  }
  if (q.protocol !== undefined && others.length === 0 && only !== q.protocol)
    throw new FilterError(`port '${name}' is ${only}`);
  return ports(layout, service.port, service.port, wanted, q.direction);
}

function namedPortRange(layout: Layout, names: NameService, text: string, q: Qualifiers): Predicate {
  const wanted = portProtocols(q, 'portrange');
  const bound = (part: string | undefined): number | undefined =>
    part !== undefined && /^\d+$/.test(part) ? Number(part) : names.service(part ?? '')?.port;
  const dash = text.indexOf('-');
  const [low, high] = dash < 0 ? [bound(text), bound(text)] : [bound(text.slice(0, dash)), bound(text.slice(dash + 1))];
  if (low === undefined || high === undefined) throw new FilterError(`unknown port in range '${text}'`);
  for (const port of [low, high]) if (port > 65535) throw new FilterError(`illegal port number ${port} > 65535`);
  return ports(layout, Math.min(low, high), Math.max(low, high), wanted, q.direction);
}

function namedProtocol(layout: Layout, name: string, q: Qualifiers): Predicate {
  if (q.protocol === 'ether') {
    const type = ETHER_PROTOCOLS[name];
    if (type === undefined) throw new FilterError(`unknown ether proto '${name}'`);
    return layout.etherType(type);
  }
  if (q.protocol !== undefined && q.protocol !== 'ip' && q.protocol !== 'ip6')
    throw new FilterError(`unknown protocol: ${name}`);
  const number = NAMED_PROTOCOLS[name];
  if (number === undefined) throw new FilterError(`unknown ip proto '${name}'`);
  return ipProtocol(layout, number, q.protocol);
}

/** A number (gen_ncode()): a port, a protocol, or a short network or address such as `net 10`. */
export function numbered(layout: Layout, value: number, q: Qualifiers | undefined): Predicate {
  if (q === undefined) throw new FilterError(SYNTAX);
  if (q.type === 'port' || q.type === 'portrange') {
    const wanted = portProtocols(q, q.type);
    if (value > 65535) throw new FilterError(`illegal port number ${value} > 65535`);
    return ports(layout, value, value, wanted, q.direction);
  }
  if (q.type === 'proto') return numberedProtocol(layout, value, q);
  if (q.type === 'protochain') throw new FilterNotSimulated("filter primitive 'protochain'");
  if (q.type === 'gateway') throw new FilterError("'gateway' requires a name");
  if (q.protocol === 'ether') throw new FilterError('illegal link layer address');
  if (q.type !== 'net') return ipv4Host(layout, value, 0xffff_ffff, q);
  let [network, mask] = [value, 0xffff_ffff];
  while (network !== 0 && network >>> 24 === 0) [network, mask] = [(network << 8) >>> 0, (mask << 8) >>> 0];
  return ipv4Host(layout, network, mask, q);
}

function numberedProtocol(layout: Layout, value: number, q: Qualifiers): Predicate {
  if (q.protocol === 'ether') return value <= 1500 ? layout.llc(value) : layout.etherType(value);
  if (q.protocol === undefined || q.protocol === 'ip' || q.protocol === 'ip6')
    return ipProtocol(layout, value, q.protocol);
  if (q.protocol === 'arp' || q.protocol === 'rarp')
    throw new FilterError(`${q.protocol} does not encapsulate another protocol`);
  throw new FilterError(`'${q.protocol} proto' is bogus`);
}

function portProtocols(q: Qualifiers, type: 'port' | 'portrange'): readonly number[] {
  if (q.protocol === undefined) return TCP_UDP_SCTP;
  if (!['tcp', 'udp', 'sctp'].includes(q.protocol)) throw new FilterError(`illegal qualifier of '${type}'`);
  return [IP_PROTOCOL[q.protocol] ?? 0];
}

/** Dotted, of two to four parts; what is missing at the end is masked out: `10.244` is 10.244.0.0/16. */
export function ipv4Address(layout: Layout, text: string, q: Qualifiers | undefined): Predicate {
  if (q?.type === 'port' || q?.type === 'portrange' || q?.type === 'proto' || q?.type === 'protochain') {
    throw new FilterError(`'${q.type}' modifier applied to ip host`);
  }
  const { address, bits } = dotted(text);
  if (q === undefined) throw new FilterError(SYNTAX);
  if (q.type === 'gateway') throw new FilterError("'gateway' requires a name");
  if (q.protocol === 'ether') throw new FilterError('illegal link layer address');
  return ipv4Host(layout, address, netmask4(bits), q);
}

type Mask = { readonly length: number } | { readonly mask: string };

export function ipv4Network(layout: Layout, text: string, by: Mask, q: Qualifiers | undefined): Predicate {
  const { address } = dotted(text);
  if ('length' in by && by.length > 32) throw new FilterError('mask length must be <= 32');
  const mask = 'length' in by ? netmask4(by.length) : dotted(by.mask).address;
  if ((address & ~mask) >>> 0 !== 0) {
    throw new FilterError(`non-network bits set in "${text}${'length' in by ? `/${by.length}` : ` mask ${by.mask}`}"`);
  }
  if (q?.type !== 'net') throw new FilterError('Mask syntax for networks only');
  return ipv4Host(layout, address, mask, q);
}

export function ipv6Address(
  layout: Layout,
  text: string,
  length: number | undefined,
  q: Qualifiers | undefined,
): Predicate {
  const address = Ip.parse(text) as Ip;
  const prefix = length ?? 128;
  if (prefix > 128) throw new FilterError('mask length must be <= 128');
  const host = address.bytes.some((byte, i) => (byte & (0xff >> Math.min(8, Math.max(0, prefix - i * 8)))) !== 0);
  if (host) throw new FilterError(`non-network bits set in "${text}/${prefix}"`);
  if (q === undefined || !(q.type === undefined || q.type === 'host' || q.type === 'net')) {
    throw new FilterError('invalid qualifier against IPv6 address');
  }
  if (q.type !== 'net' && prefix !== 128) throw new FilterError('Mask syntax for networks only');
  return ipv6Host(layout, address, prefix, q);
}

export function etherAddress(layout: Layout, text: string, q: Qualifiers | undefined): Predicate {
  if (q?.protocol !== 'ether' || !(q.type === undefined || q.type === 'host')) {
    throw new FilterError('ethernet address used in non-ether expression');
  }
  const parts = text.split(/[:.-]/);
  const width = parts.length === 6 ? 2 : parts.length === 3 ? 4 : 12;
  return etherHost(layout, Number.parseInt(parts.map((part) => part.padStart(width, '0')).join(''), 16), q.direction);
}

function dotted(text: string): { address: number; bits: number } {
  const parts = text.split('.').map((part) => (/^0x/i.test(part) ? Number.parseInt(part, 16) : Number(part)));
  if (parts.some((part) => part > 255)) throw new FilterError(`invalid IPv4 address '${text}'`);
  const bits = parts.length * 8;
  const address = parts.reduce((value, part) => value * 256 + part, 0) * 2 ** (32 - bits);
  return { address: address >>> 0, bits };
}
