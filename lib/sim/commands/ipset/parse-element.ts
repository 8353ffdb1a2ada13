import { type Ip, parseMac } from '../../base/index.ts';
import type { Family } from '../../kernel/index.ts';
import type { Dimension, PartRequest, SetType } from '../../kernel/ipset/index.ts';
import { ICMP_NAMES, ICMPV6_NAMES } from './icmp-names.ts';
import { sessionError, syntaxError } from './refusal.ts';

/** What names come from: files of the machine. */
export type Names = {
  readonly address: (name: string, family: Family) => Ip | undefined;
  readonly port: (name: string, protocol: string) => number | undefined;
  readonly protocol: (wanted: string | number) => { readonly name: string; readonly number: number } | undefined;
};

/** strtoull(3) with base 0, whole. */
export function parseNumber(text: string, min: number, max: number): number {
  const isNumber = /^(0x[0-9a-f]+|\d+)$/i.test(text);
  if (!isNumber) throw syntaxError(`'${text}' is invalid as number`);
  const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  if (value < min || value > max) throw syntaxError(`'${text}' is out of range ${min}-${max}`);
  return value;
}

const ORDINALS = ['Second', 'Third'] as const;
const SEPARATORS = ['Elem separator', 'Two elem separators', 'Three elem separators'] as const;
const SUPPORTED = ['none', 'one', 'two'] as const;

/** ipset_parse_elem(): the parts of an element, divided by commas. */
export function parseElement(type: SetType, family: Family, text: string, names: Names): PartRequest[] {
  const parts = text.split(',');
  const { dimensions } = type;
  if (parts.length < dimensions.length)
    throw syntaxError(`${ORDINALS[parts.length - 1]} element is missing from ${text}.`);
  if (parts.length > dimensions.length) {
    const n = dimensions.length - 1;
    throw syntaxError(`${SEPARATORS[n]} in ${text}, but settype ${type.name} supports ${SUPPORTED[n]}.`);
  }
  return parts.map((part, i) => parsePart(type, dimensions[i] as Dimension, i, family, part, names));
}

function parsePart(
  type: SetType,
  dimension: Dimension,
  at: number,
  family: Family,
  text: string,
  names: Names,
): PartRequest {
  switch (dimension) {
    case 'port':
      return type.method === 'bitmap' ? parseBitmapPort(text, names) : parsePort(text, family, names);
    case 'iface':
      return parseDevice(text);
    case 'mac': {
      const mac = parseMac(text);
      if (mac === undefined) throw syntaxError(`cannot parse '${text}' as ethernet address`);
      return { kind: 'mac', mac };
    }
    default:
      return parseAddress(text, family, dimension === 'ip' && (family === 6 || at > 0), names);
  }
}

/** `plain`: neither a network nor a range. */
export function parseAddress(text: string, family: Family, plain: boolean, names: Names): PartRequest {
  const bits = family === 4 ? 32 : 128;
  const isRange = text.includes('-') && !/[a-z]-|-[a-z]/i.test(text.replace(/[0-9a-f:]*-[0-9a-f:]*/i, ''));
  const slash = text.indexOf('/');
  if (plain && ((slash >= 0 && text.slice(slash) !== `/${bits}`) || (slash < 0 && isRange)))
    throw syntaxError(`plain IP address must be supplied: ${text}`);
  if (slash >= 0) {
    const prefix = parsePrefix(text.slice(slash + 1), bits);
    return { kind: 'net', ip: resolve(text.slice(0, slash), family, names), prefix };
  }
  const whole = names.address(text, family);
  if (whole !== undefined) return { kind: 'net', ip: whole };
  const dash = text.indexOf('-');
  if (dash <= 0 || dash === text.length - 1) throw unresolved(text, family);
  return {
    kind: 'net',
    ip: resolve(text.slice(0, dash), family, names),
    to: resolve(text.slice(dash + 1), family, names),
  };
}

function parsePrefix(text: string, bits: number): number {
  const prefix = parseNumber(text, 0, 255);
  if (prefix > bits) throw syntaxError(`'${text}' is out of range 0-${bits}`);
  return prefix;
}

function resolve(text: string, family: Family, names: Names): Ip {
  const ip = names.address(text, family);
  if (ip === undefined) throw unresolved(text, family);
  return ip;
}

const unresolved = (text: string, family: Family): Error =>
  syntaxError(`cannot parse ${text}: resolving to IPv${family} address failed`);

const ICMP = 1;
const ICMPV6 = 58;
/** TCP, UDP, SCTP, UDP-Lite: what has ports. */
const WITH_PORTS = new Set([6, 17, 132, 136]);

/** `[PROTO:]PORT`, TCP when nothing is said. */
function parsePort(text: string, family: Family, names: Names): PartRequest {
  const colon = text.indexOf(':');
  if (colon < 0) return { kind: 'port', protocol: 6, ...portRange(text, 'tcp', names) };
  const word = text.slice(0, colon);
  const rest = text.slice(colon + 1);
  const protocol = parseProtocol(word, names);
  if (WITH_PORTS.has(protocol)) return { kind: 'port', protocol, ...portRange(rest, word, names) };
  if (protocol === ICMP) {
    if (family === 6) throw sessionError(familyOnly('ICMP', 'inet'));
    return { kind: 'port', protocol, port: parseTypeCode(rest, 'ICMP', ICMP_NAMES) };
  }
  if (protocol === ICMPV6) {
    if (family === 4) throw sessionError(familyOnly('ICMPv6', 'inet6'));
    return { kind: 'port', protocol, port: parseTypeCode(rest, 'ICMPv6', ICMPV6_NAMES) };
  }
  if (rest !== '0') throw syntaxError(`Protocol ${word} can be used with pseudo port value 0 only.`);
  return { kind: 'port', protocol, port: 0 };
}

/** The tool goes on after this one, without the element, and stumbles over that. */
const familyOnly = (protocol: string, family: string): string =>
  `Syntax error: Protocol ${protocol} can be used with family ${family} only\nInvalid add command: missing setname`;

function parseProtocol(word: string, names: Names): number {
  const known = names.protocol(word.toLowerCase() === 'icmpv6' ? 'ipv6-icmp' : word);
  if (known !== undefined) return nonzero(known.number);
  if (!/^\d+$/.test(word) || Number(word) > 255) throw syntaxError(`cannot parse '${word}' as a protocol`);
  return nonzero(Number(word));
}

function nonzero(protocol: number): number {
  if (protocol === 0) throw sessionError('Invalid protocol specified');
  return protocol;
}

function parseBitmapPort(text: string, names: Names): PartRequest {
  const colon = text.indexOf(':');
  const protocol = colon < 0 ? 6 : parseProtocol(text.slice(0, colon), names);
  if (protocol !== 6 && protocol !== 17) throw syntaxError('Only protocols TCP and UDP are valid');
  return {
    kind: 'port',
    protocol,
    ...portRange(text.slice(colon + 1), colon < 0 ? 'tcp' : text.slice(0, colon), names),
  };
}

function portRange(text: string, protocol: string, names: Names): { port: number; to?: number } {
  const whole = names.port(text, protocol);
  const dash = text.indexOf('-');
  if (whole !== undefined || dash <= 0 || dash === text.length - 1)
    return { port: whole ?? portOf(text, protocol, names) };
  const to = portOf(text.slice(dash + 1), protocol, names);
  return { port: portOf(text.slice(0, dash), protocol, names), to };
}

function portOf(text: string, protocol: string, names: Names): number {
  const known = names.port(text, protocol);
  if (known !== undefined) return known;
  try {
    return parseNumber(text, 0, 0xffff);
  } catch (error) {
    // Each attempt leaves its words: as a number, the protocol as a number, as a service.
    throw sessionError(
      `${(error as Error).message}\nSyntax error: '${protocol}' is invalid as number\ncannot parse '${text}' as a ${protocol} port`,
    );
  }
}

function parseTypeCode(text: string, what: string, known: readonly (readonly [string, number, number])[]): number {
  const named = known.find(([name]) => name === text);
  if (named !== undefined) return (named[1] << 8) | named[2];
  const slash = text.indexOf('/');
  if (slash < 0) throw sessionError(`Cannot parse ${text} as an ${what} type/code.`);
  return (parseNumber(text.slice(0, slash), 0, 255) << 8) | parseNumber(text.slice(slash + 1), 0, 255);
}

const IFNAMSIZ = 16;

function parseDevice(text: string): PartRequest {
  const physdev = text.startsWith('physdev:');
  const name = physdev ? text.slice('physdev:'.length) : text;
  if (name.length >= IFNAMSIZ) throw syntaxError(`interface name '${name}' is longer than ${IFNAMSIZ - 1} characters`);
  return { kind: 'iface', name, physdev };
}
