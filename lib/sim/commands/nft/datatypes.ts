import { formatMac, Ip, type Mac, parseMac } from '../../base/index.ts';
import type { AddressType } from '../../kernel/netfilter/index.ts';
import {
  addressOf,
  addressValue,
  CT_STATE,
  CT_STATUS,
  type Expression,
  type NftSet,
  ROUTE_TYPES,
  type Scalar,
} from '../../kernel/nftables/index.ts';

/** What names come from: the machine's devices and files. */
export type Names = {
  readonly device: (name: string) => number | undefined;
  readonly deviceName: (index: number) => string | undefined;
  readonly service: (name: string, protocol?: 'tcp' | 'udp') => number | undefined;
  readonly serviceName: (port: number) => string | undefined;
  readonly protocol: (name: string) => number | undefined;
  readonly protocolName: (number: number) => string | undefined;
  /** getaddrinfo(3): an address, or why there is none. */
  readonly host: (name: string, family: 4 | 6) => Ip | string;
};

/** How values are shown: `-n` and its parts. */
export type Numeric = { readonly symbols: boolean; readonly protocols: boolean; readonly services: boolean };

export type Parsed = { readonly value: Scalar } | { readonly error: string };

export type Datatype = {
  readonly name: string;
  readonly bits: number;
  /** Values are bits that may be combined. */
  readonly isFlags?: boolean;
  readonly parse: (text: string, names: Names) => Parsed;
  readonly format: (value: Scalar, names: Names, numeric: Numeric) => string;
};

const value = (of: Scalar): Parsed => ({ value: of });
const error = (text: string): Parsed => ({ error: text });

/** A number in any of C's notations. */
export function parseInteger(text: string): number | undefined {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
  return /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
}

function integer(name: string, bits: number, format = (of: Scalar): string => String(of)): Datatype {
  return {
    name,
    bits,
    parse: (text) => {
      const number = parseInteger(text);
      if (number === undefined) return error(`Could not parse ${name}`);
      return number >= 2 ** bits ? error(`Value ${text} exceeds valid range 0-${2 ** bits - 1}`) : value(number);
    },
    format,
  };
}

type Symbols = readonly (readonly [name: string, value: number])[];

/** A type whose values have names. `subject` is what a complaint calls it. */
function symbolic(
  name: string,
  bits: number,
  symbols: Symbols,
  subject: string,
  more: { flags?: boolean; hex?: boolean; quoted?: boolean } = {},
): Datatype {
  const plain = (of: Scalar): string =>
    more.hex === true
      ? `0x${BigInt(of)
          .toString(16)
          .padStart(more.flags === true ? 1 : bits / 4, '0')}`
      : String(of);
  return {
    name,
    bits,
    ...(more.flags === true && { isFlags: true }),
    parse: (text) => {
      const known = symbols.find(([symbol]) => symbol === text);
      if (known !== undefined) return value(known[1]);
      const number = parseInteger(text);
      if (number === undefined) return error(`Could not parse ${subject}`);
      return number >= 2 ** bits ? error(`Value ${text} exceeds valid range 0-${2 ** bits - 1}`) : value(number);
    },
    format: (of, _, { symbols: numeric }) => {
      if (numeric) return more.flags === true ? bitsText(Number(of), plain) : plain(of);
      const known = symbols.find(([, number]) => number === of);
      if (known !== undefined) return more.quoted === true ? `"${known[0]}"` : known[0];
      return more.flags === true ? flagsText(Number(of), symbols, plain) : plain(of);
    },
  };
}

/** Each bit as a number of its own. */
function bitsText(of: number, plain: (of: Scalar) => string): string {
  const bits = Array.from({ length: 31 }, (_, i) => 2 ** i).filter((bit) => (of & bit) !== 0);
  return bits.length === 0 ? plain(of) : bits.map(plain).join(',');
}

function flagsText(of: number, symbols: Symbols, plain: (of: Scalar) => string): string {
  const names = symbols.filter(([, bit]) => bit !== 0 && (of & bit) === bit);
  const covered = names.reduce((sum, [, bit]) => sum | bit, 0);
  const rest = of & ~covered;
  return [...names.map(([name]) => name), ...(rest === 0 && names.length > 0 ? [] : [plain(rest)])].join(',');
}

const hex32 = (of: Scalar): string => `0x${Number(of).toString(16).padStart(8, '0')}`;

/** IPv4 within IPv6 (RFC 4291 section 2.5.5.2). */
const isMapped = (of: Scalar): boolean => typeof of === 'bigint' && of >> 32n === 0xffffn;

function address(family: 4 | 6): Datatype {
  return {
    name: family === 4 ? 'ipv4_addr' : 'ipv6_addr',
    bits: family === 4 ? 32 : 128,
    parse: (text, names) => {
      const own = Ip.parse(text);
      if (own !== undefined && own.family === family) return value(addressValue(own));
      if (own !== undefined) return error('Could not resolve hostname: Address family for hostname not supported');
      if (family === 4 && /^\d+$/.test(text) && Number(text) < 2 ** 32) return value(Number(text));
      const found = names.host(text, family);
      return typeof found === 'string' ? error(`Could not resolve hostname: ${found}`) : value(addressValue(found));
    },
    format: (of) =>
      isMapped(of) ? `::ffff:${Ip.fromV4(Number(BigInt(of) & 0xffff_ffffn))}` : addressOf(of).toString(),
  };
}

const etherAddress: Datatype = {
  name: 'ether_addr',
  bits: 48,
  parse: (text) => {
    const mac = parseMac(text);
    return mac === undefined ? error('Could not parse Ethernet address') : value(mac);
  },
  format: (of) => formatMac(of as Mac),
};

const protocol: Datatype = {
  name: 'inet_proto',
  bits: 8,
  parse: (text, names) => {
    const number = parseInteger(text);
    if (number !== undefined) return number > 255 ? error('Protocol out of range') : value(number);
    const known = names.protocol(text === 'icmpv6' ? 'ipv6-icmp' : text);
    return known === undefined ? error('Could not resolve protocol name') : value(known);
  },
  format: (of, names, { protocols }) => (protocols ? undefined : names.protocolName(Number(of))) ?? String(of),
};

const service: Datatype = {
  name: 'inet_service',
  bits: 16,
  parse: (text, names) => {
    const number = parseInteger(text);
    if (number !== undefined) return number > 0xffff ? error('Service out of range') : value(number);
    const known = names.service(text);
    return known === undefined
      ? error('Could not resolve service: Servname not supported for ai_socktype')
      : value(known);
  },
  format: (of, names, { services }) => {
    const known = services ? undefined : names.serviceName(Number(of));
    return known === undefined ? String(of) : `"${known}"`;
  },
};

const IFNAMSIZ = 16;

const deviceName: Datatype = {
  name: 'ifname',
  bits: 128,
  parse: (text) => (text.length >= IFNAMSIZ ? error(`String exceeds maximum length of ${IFNAMSIZ}`) : value(text)),
  format: (of) => `"${of}"`,
};

const deviceIndex: Datatype = {
  name: 'iface_index',
  bits: 32,
  parse: (text, names) => {
    const known = names.device(text);
    if (known !== undefined) return value(known);
    const number = parseInteger(text);
    return number === undefined ? error('Interface does not exist') : value(number);
  },
  format: (of, names, { symbols }) => {
    const known = symbols ? undefined : names.deviceName(Number(of));
    return known === undefined ? String(of) : `"${known}"`;
  },
};

/** In milliseconds. */
const time: Datatype = {
  name: 'time',
  bits: 64,
  parse: (text) => {
    const number = parseInteger(text);
    if (number !== undefined) return value(number * 1000);
    const units = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
    if (units === null || text === '') return error('Could not parse time');
    const [d, h, m, s, ms] = units.slice(1).map((one) => Number(one ?? 0)) as [number, number, number, number, number];
    return value((((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms);
  },
  format: (of) => timeText(Number(of)),
};

/** `1h30m`: milliseconds in their units. */
export function timeText(milliseconds: number): string {
  const ms = Math.floor(milliseconds % 1000);
  const all = Math.floor(milliseconds / 1000);
  const parts: [number, string][] = [
    [Math.floor(all / 86_400), 'd'],
    [Math.floor(all / 3600) % 24, 'h'],
    [Math.floor(all / 60) % 60, 'm'],
    [all % 60, 's'],
    [ms, 'ms'],
  ];
  const text = parts.map(([number, unit]) => (number > 0 ? `${number}${unit}` : '')).join('');
  return text === '' ? '0s' : text;
}

const lower = (record: Readonly<Record<string, number>>): Symbols =>
  Object.entries(record).map(([name, number]) => [name.toLowerCase(), number]);

/** In the order in which flags are printed. */
const CT_STATES: Symbols = [
  ['invalid', CT_STATE.INVALID],
  ['established', CT_STATE.ESTABLISHED],
  ['related', CT_STATE.RELATED],
  ['new', CT_STATE.NEW],
  ['untracked', CT_STATE.UNTRACKED],
];

const ADDRESS_TYPES: Symbols = lower(ROUTE_TYPES as Readonly<Record<AddressType, number>>);

const ICMP_TYPES: Symbols = [
  ['echo-reply', 0],
  ['destination-unreachable', 3],
  ['source-quench', 4],
  ['redirect', 5],
  ['echo-request', 8],
  ['router-advertisement', 9],
  ['router-solicitation', 10],
  ['time-exceeded', 11],
  ['parameter-problem', 12],
  ['timestamp-request', 13],
  ['timestamp-reply', 14],
  ['info-request', 15],
  ['info-reply', 16],
  ['address-mask-request', 17],
  ['address-mask-reply', 18],
];

const ICMPV6_TYPES: Symbols = [
  ['destination-unreachable', 1],
  ['packet-too-big', 2],
  ['time-exceeded', 3],
  ['parameter-problem', 4],
  ['echo-request', 128],
  ['echo-reply', 129],
  ['mld-listener-query', 130],
  ['mld-listener-report', 131],
  ['mld-listener-done', 132],
  ['mld-listener-reduction', 132],
  ['nd-router-solicit', 133],
  ['nd-router-advert', 134],
  ['nd-neighbor-solicit', 135],
  ['nd-neighbor-advert', 136],
  ['nd-redirect', 137],
  ['router-renumbering', 138],
  ['ind-neighbor-solicit', 141],
  ['ind-neighbor-advert', 142],
  ['mld2-listener-report', 143],
];

export const ICMP_CODES: Symbols = [
  ['net-unreachable', 0],
  ['host-unreachable', 1],
  ['prot-unreachable', 2],
  ['port-unreachable', 3],
  ['net-prohibited', 9],
  ['host-prohibited', 10],
  ['admin-prohibited', 13],
  ['frag-needed', 4],
];
export const ICMPV6_CODES: Symbols = [
  ['no-route', 0],
  ['admin-prohibited', 1],
  ['addr-unreachable', 3],
  ['port-unreachable', 4],
  ['policy-fail', 5],
  ['reject-route', 6],
];
export const ICMPX_CODES: Symbols = [
  ['port-unreachable', 1],
  ['admin-prohibited', 3],
  ['no-route', 0],
  ['host-unreachable', 2],
];

const DSCP: Symbols = [
  ['cs0', 0x00],
  ['cs1', 0x08],
  ['cs2', 0x10],
  ['cs3', 0x18],
  ['cs4', 0x20],
  ['cs5', 0x28],
  ['cs6', 0x30],
  ['cs7', 0x38],
  ['df', 0x00],
  ['be', 0x00],
  ['lephb', 0x01],
  ['af11', 0x0a],
  ['af12', 0x0c],
  ['af13', 0x0e],
  ['af21', 0x12],
  ['af22', 0x14],
  ['af23', 0x16],
  ['af31', 0x1a],
  ['af32', 0x1c],
  ['af33', 0x1e],
  ['af41', 0x22],
  ['af42', 0x24],
  ['af43', 0x26],
  ['va', 0x2c],
  ['ef', 0x2e],
];

const ETHER_TYPES: Symbols = [
  ['ip', 0x0800],
  ['arp', 0x0806],
  ['ip6', 0x86dd],
  ['8021q', 0x8100],
  ['8021ad', 0x88a8],
  ['vlan', 0x8100],
];

const ALL: readonly Datatype[] = [
  address(4),
  address(6),
  etherAddress,
  protocol,
  service,
  deviceName,
  deviceIndex,
  time,
  integer('mark', 32, hex32),
  integer('integer', 32),
  integer('string', 128),
  symbolic('ether_type', 16, ETHER_TYPES, 'Ethernet type', { hex: true }),
  symbolic(
    'nf_proto',
    8,
    [
      ['ipv4', 2],
      ['ipv6', 10],
    ],
    'netfilter protocol',
  ),
  symbolic('icmp_type', 8, ICMP_TYPES, 'ICMP type'),
  symbolic('icmpv6_type', 8, ICMPV6_TYPES, 'ICMPv6 type'),
  symbolic('icmp_code', 8, ICMP_CODES, 'icmp code'),
  symbolic('icmpv6_code', 8, ICMPV6_CODES, 'icmpv6 code'),
  symbolic('icmpx_code', 8, ICMPX_CODES, 'icmpx code'),
  symbolic(
    'tcp_flag',
    8,
    [
      ['fin', 1],
      ['syn', 2],
      ['rst', 4],
      ['psh', 8],
      ['ack', 16],
      ['urg', 32],
      ['ecn', 64],
      ['cwr', 128],
    ],
    'TCP flag',
    { flags: true, hex: true },
  ),
  symbolic('ct_state', 32, CT_STATES, 'conntrack state', { flags: true, hex: true }),
  symbolic(
    'ct_dir',
    8,
    [
      ['original', 0],
      ['reply', 1],
    ],
    'conntrack direction',
  ),
  symbolic(
    'ct_status',
    32,
    [['expected', 1], ...(Object.entries(CT_STATUS) as [string, number][])],
    'conntrack status',
    { flags: true, hex: true },
  ),
  symbolic('fib_addrtype', 32, ADDRESS_TYPES, 'address type'),
  symbolic(
    'boolean',
    1,
    [
      ['exists', 1],
      ['missing', 0],
    ],
    'boolean type',
  ),
  symbolic(
    'pkt_type',
    8,
    [
      ['host', 0],
      ['unicast', 0],
      ['broadcast', 1],
      ['multicast', 2],
      ['other', 3],
    ],
    'packet type',
  ),
  symbolic(
    'iface_type',
    16,
    [
      ['ether', 1],
      ['ppp', 512],
      ['ipip', 768],
      ['ipip6', 769],
      ['loopback', 772],
      ['sit', 776],
      ['ipgre', 778],
    ],
    'network interface type',
  ),
  symbolic('dscp', 6, DSCP, 'Differentiated Services Code Point', { hex: true }),
  symbolic(
    'ecn',
    2,
    [
      ['not-ect', 0],
      ['ect1', 1],
      ['ect0', 2],
      ['ce', 3],
    ],
    'Explicit Congestion Notification',
  ),
  symbolic(
    'arp_op',
    16,
    [
      ['request', 1],
      ['reply', 2],
      ['rrequest', 3],
      ['rreply', 4],
      ['inrequest', 8],
      ['inreply', 9],
      ['nak', 10],
    ],
    'ARP operation',
  ),
  symbolic('devgroup', 32, [['default', 0]], 'devgroup name', { quoted: true }),
];

const BY_NAME = new Map(ALL.map((type) => [type.name, type]));

export const datatype = (name: string): Datatype | undefined => BY_NAME.get(name);

/** Precondition: the name is one of ours. */
export const knownType = (name: string): Datatype => BY_NAME.get(name) ?? (BY_NAME.get('integer') as Datatype);

const PAYLOAD_TYPES: Readonly<Record<string, string>> = {
  'ip saddr': 'ipv4_addr',
  'ip daddr': 'ipv4_addr',
  'ip6 saddr': 'ipv6_addr',
  'ip6 daddr': 'ipv6_addr',
  'ip protocol': 'inet_proto',
  'ip6 nexthdr': 'inet_proto',
  'ip dscp': 'dscp',
  'ip ecn': 'ecn',
  'ip6 dscp': 'dscp',
  'ip6 ecn': 'ecn',
  'icmp type': 'icmp_type',
  'icmp code': 'icmp_code',
  'icmp gateway': 'ipv4_addr',
  'icmpv6 type': 'icmpv6_type',
  'icmpv6 code': 'icmpv6_code',
  'tcp flags': 'tcp_flag',
  'ether saddr': 'ether_addr',
  'ether daddr': 'ether_addr',
  'ether type': 'ether_type',
  'vlan type': 'ether_type',
  'arp ptype': 'ether_type',
  'arp operation': 'arp_op',
  'arp saddr ether': 'ether_addr',
  'arp daddr ether': 'ether_addr',
  'arp saddr ip': 'ipv4_addr',
  'arp daddr ip': 'ipv4_addr',
};

const META_TYPES: Readonly<Record<string, string>> = {
  protocol: 'ether_type',
  nfproto: 'nf_proto',
  l4proto: 'inet_proto',
  mark: 'mark',
  iif: 'iface_index',
  oif: 'iface_index',
  iifname: 'ifname',
  oifname: 'ifname',
  iifkind: 'ifname',
  oifkind: 'ifname',
  ibrname: 'ifname',
  obrname: 'ifname',
  iiftype: 'iface_type',
  oiftype: 'iface_type',
  iifgroup: 'devgroup',
  oifgroup: 'devgroup',
  pkttype: 'pkt_type',
};

const CT_TYPES: Readonly<Record<string, string>> = {
  state: 'ct_state',
  direction: 'ct_dir',
  status: 'ct_status',
  mark: 'mark',
  expiration: 'time',
  l3proto: 'nf_proto',
  protocol: 'inet_proto',
};

const FIB_TYPES = { type: 'fib_addrtype', oif: 'iface_index', oifname: 'ifname', check: 'boolean' } as const;

/** Names of the types of what an expression gives: one, or one for each part of a concatenation. */
export function typesOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'payload': {
      const { protocol: header, field } = expression;
      if (field === 'sport' || field === 'dport') return ['inet_service'];
      return [PAYLOAD_TYPES[`${header} ${field}`] ?? 'integer'];
    }
    case 'meta':
      return [META_TYPES[expression.key] ?? 'integer'];
    case 'ct':
      if (expression.key === 'saddr' || expression.key === 'daddr')
        return [expression.family === 6 ? 'ipv6_addr' : 'ipv4_addr'];
      if (expression.key === 'proto-src' || expression.key === 'proto-dst') return ['inet_service'];
      return [CT_TYPES[expression.key] ?? 'integer'];
    case 'fib':
      return [FIB_TYPES[expression.result]];
    case 'bitwise':
      return typesOf(expression.left);
    case 'concat':
      return expression.parts.flatMap(typesOf);
    case 'map': {
      const { data } = expression.map.spec;
      return data?.kind === 'value' ? data.types : ['integer'];
    }
    default:
      return ['integer'];
  }
}

/** What a map that packets fill gives. */
export const dataType = ({ spec: { data } }: NftSet): string =>
  data?.kind === 'value' && data.types.length === 1 ? (data.types[0] ?? 'integer') : 'integer';
