import { ip, ipNet } from './address.ts';
import { CniError } from './error.ts';
import {
  anyObject,
  apart,
  bool,
  type Decoded,
  type Decoder,
  decode,
  list,
  map,
  string,
  struct,
} from './json/decode.ts';
import { JsonError } from './json/parse.ts';

/** The members of a network configuration that all plugins share (types.NetConf of the CNI library). */

export const dns = struct(
  'DNS',
  { nameservers: list(string), domain: string, search: list(string), options: list(string) },
  'types.DNS',
);
export type Dns = Decoded<typeof dns>;
export const NO_DNS: Dns = dns.zero;

export const route = apart(struct('route', { dst: ipNet, gw: ip }, 'types.route'), 'types.Route');

export const netConf = {
  cniVersion: string,
  name: string,
  type: string,
  capabilities: map(bool),
  ipam: struct('IPAM', { type: string }, 'types.IPAM'),
  dns,
  prevResult: anyObject,
} as const;

/** What is common to every plugin's configuration once it is read. */
export type NetConf = Decoded<Decoder<{ readonly [K in keyof typeof netConf]: Decoded<(typeof netConf)[K]> }>>;

/** Reads a configuration; `what` stands before what is wrong with it. */
export function load<T>(decoder: Decoder<T>, input: string, what?: string): T {
  try {
    return decode(decoder, input);
  } catch (error) {
    if (!(error instanceof JsonError) && !(error instanceof CniError)) throw error;
    throw new CniError(what === undefined ? error.message : `${what}: ${error.message}`);
  }
}
