import { encodeText } from '../../os/index.ts';
import { sha512 } from '../digest/sha512.ts';
import { quote } from './go-text.ts';

/** iptables allows 28 characters and a zero behind them. */
const CHAIN_LENGTH = 28;

/** A name of `length` characters: a prefix and as much of SHA-512 of the text as there is room for. */
export const hashedName = (length: number, prefix: string, text: string): string =>
  `${prefix}${sha512(encodeText(text))}`.slice(0, length);

/** The chain of a container in a network: `CNI-` and, for DNAT, `DN-`. */
export const chainName = (network: string, container: string, prefix = ''): string =>
  hashedName(CHAIN_LENGTH, `CNI-${prefix}`, `${network}${container}`);

export const chainComment = (network: string, container: string): string =>
  `name: ${quote(network)} id: ${quote(container)}`;
