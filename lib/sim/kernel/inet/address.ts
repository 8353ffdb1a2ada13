import { Ip } from '../../base/index.ts';

/** An end of a connection (struct sockaddr_in, sockaddr_in6). */
export type SocketAddress = {
  readonly address: Ip;
  readonly port: number;
  /** The device of a link-local IPv6 address, by ifindex. */
  readonly scope?: number;
};

const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];

/** An IPv4 address as an IPv6 socket shows it, ::ffff:10.0.0.1 (RFC 4291 section 2.5.5.2). */
export const mapped = (address: Ip): Ip =>
  address.family === 6 ? address : Ip.fromBytes(Uint8Array.of(...MAPPED_PREFIX, ...address.bytes));

/** The IPv4 address that a mapped one stands for; others are themselves. */
export const unmapped = (address: Ip): Ip =>
  address.family === 6 && MAPPED_PREFIX.every((byte, i) => byte === address.bytes[i])
    ? Ip.fromBytes(address.bytes.slice(12))
    : address;

export const wildcard = (family: 4 | 6): Ip => (family === 4 ? Ip.any4 : Ip.any6);

export const isWildcard = (address: Ip): boolean => address === Ip.any4 || address === Ip.any6;
