import { formatMac, type Ip } from '../../base/index.ts';
import type { Family } from '../../kernel/index.ts';
import type {
  Inverted,
  MaskedAddress,
  Match,
  PortRange,
  Rule,
  Selectors,
  Target,
} from '../../kernel/netfilter/index.ts';
import { knownType, type Names, type Numeric } from './datatypes.ts';

/** A rule of iptables in nft's words; `foreign`: parts of it are iptables' own, translated by its library. */
export type Translated = { readonly text: string; readonly foreign: boolean };

type Part = { readonly text: string; readonly foreign: boolean };
const native = (text: string): Part => ({ text, foreign: false });
const xt = (text: string): Part => ({ text, foreign: true });

type Scope = { readonly family: Family; readonly names: Names };

/** What iptables-nft wrote of a rule: selectors, matches, the counter, and what to do. */
export function translateRule(rule: Rule, scope: Scope, stateless: boolean): Translated {
  const { selectors, matches, action } = rule;
  const counter = stateless ? 'counter' : `counter packets ${rule.packets} bytes ${rule.bytes}`;
  const translated = matches.flatMap((match) => matchParts(match, selectors, scope));
  // A port or flag right behind the protocol says which it is.
  const isTold = matches[0] !== undefined && TRANSPORT.has(matches[0].name) && translated[0]?.foreign === false;
  const parts: Part[] = [
    ...selectorParts(selectors, isTold, scope),
    ...translated,
    native(counter),
    ...actionParts(action, scope),
  ];
  return { text: parts.map(({ text }) => text).join(' '), foreign: parts.some(({ foreign }) => foreign) };
}

const TRANSPORT = new Set(['tcp', 'udp']);

function selectorParts(
  { in: inDev, out, protocol, src, dst, fragment }: Selectors,
  isTold: boolean,
  scope: Scope,
): Part[] {
  const parts: Part[] = [];
  if (inDev !== undefined) parts.push(native(`iifname ${deviceText(inDev)}`));
  if (out !== undefined) parts.push(native(`oifname ${deviceText(out)}`));
  if (protocol !== undefined && protocol.value !== 0 && !isTold)
    parts.push(native(`meta l4proto ${not(protocol)}${protocolText(protocol.value, scope)}`));
  const header = scope.family === 4 ? 'ip' : 'ip6';
  if (src !== undefined) parts.push(native(`${header} saddr ${maskedText(src)}`));
  if (dst !== undefined) parts.push(native(`${header} daddr ${maskedText(dst)}`));
  if (fragment !== undefined) parts.push(native(`ip frag-off & 8191 ${fragment.invert ? '==' : '!='} 0`));
  return parts;
}

const not = ({ invert }: { readonly invert: boolean }): string => (invert ? '!= ' : '');
const deviceText = (of: Inverted<string>): string => `${not(of)}"${of.value.replace(/\+$/, '*')}"`;
const NUMERIC: Numeric = { symbols: false, protocols: false, services: true };

const protocolText = (number: number, { names }: Scope): string =>
  knownType('inet_proto').format(number, names, NUMERIC);

function maskedText(of: Inverted<MaskedAddress>): string {
  const { address, mask } = of.value;
  const length = maskLength(mask);
  if (length === undefined) return `& ${mask} ${of.invert ? '!=' : '=='} ${address}`;
  return `${not(of)}${address}${length === address.bits ? '' : `/${length}`}`;
}

/** undefined: no prefix. */
function maskLength({ bytes }: Ip): number | undefined {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

const rangeText = ([first, last]: PortRange): string => (first === last ? String(first) : `${first}-${last}`);
const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;
const hex32 = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
const ALL = 0xffff_ffff;

function matchParts(match: Match, selectors: Selectors, scope: Scope): Part[] {
  switch (match.name) {
    case 'tcp':
    case 'udp':
      return transportParts(match);
    case 'mark':
      return [native(markText(match))];
    case 'limit':
      return [native(limitText(match))];
    default: {
      const text = foreignText(match, selectors, scope);
      return [xt(text ?? `xt match ${match.name}`)];
    }
  }
}

function transportParts(match: Extract<Match, { name: 'tcp' | 'udp' }>): Part[] {
  const parts: Part[] = [];
  if (match.src !== undefined) parts.push(native(`${match.name} sport ${not(match.src)}${rangeText(match.src.value)}`));
  if (match.dst !== undefined) parts.push(native(`${match.name} dport ${not(match.dst)}${rangeText(match.dst.value)}`));
  if (match.name === 'tcp' && match.flags !== undefined) {
    const { mask, compare } = match.flags.value;
    const names = (bits: number): string => knownType('tcp_flag').format(bits, {} as Names, NUMERIC);
    if (compare === 0 && !match.flags.invert) parts.push(native(`tcp flags ! ${names(mask)}`));
    else parts.push(native(`tcp flags ${not(match.flags)}${names(compare)} / ${names(mask)}`));
  }
  return parts;
}

function markText({ mark, mask, invert }: Extract<Match, { name: 'mark' | 'connmark' }>): string {
  if (mask >>> 0 === ALL) return `meta mark ${invert ? '!= ' : ''}${hex32(mark)}`;
  return `meta mark & ${hex32(mask)} ${invert ? '!=' : '=='} ${hex32(mark)}`;
}

const UNITS: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86400: 'day' };

function limitText({ rate, per, burst }: Extract<Match, { name: 'limit' }>): string {
  return `limit rate ${rate}/${UNITS[per] ?? 'second'}${burst === 5 ? '' : ` burst ${burst} packets`}`;
}

/** iptables' library has words of nft for it; undefined: none. */
function foreignText(match: Match, selectors: Selectors, { family }: Scope): string | undefined {
  switch (match.name) {
    case 'comment':
      return '';
    case 'conntrack':
    case 'state':
      return conntrackText(match);
    case 'connmark':
      return connmarkText(match);
    case 'multiport':
      return multiportText(match, selectors);
    case 'addrtype':
      return addrtypeText(match);
    case 'statistic':
      return statisticText(match);
    case 'iprange':
      return iprangeText(match, family);
    case 'mac':
      return `ether saddr ${not(match)}${formatMac(match.mac)}`;
    case 'length':
      return `meta length ${not(match)}${rangeText(match.range)}`;
    case 'ttl':
    case 'hl': {
      const sign = { eq: '', ne: '!= ', lt: 'lt ', gt: 'gt ' }[match.mode];
      return `${match.name === 'ttl' ? 'ip ttl' : 'ip6 hoplimit'} ${sign}${match.ttl}`;
    }
    case 'pkttype':
      return `pkttype ${not(match)}${match.type}`;
    case 'icmp':
    case 'icmp6':
      return icmpText(match);
    default:
      return undefined;
  }
}

type Conntrack = Extract<Match, { name: 'conntrack' | 'state' }>;
const STATES = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'] as const;

function conntrackText(match: Conntrack): string {
  const parts: string[] = [];
  const { states, direction, statuses } = match;
  if (direction !== undefined) parts.push(`ct direction ${direction.toLowerCase()}`);
  if (states !== undefined) {
    const names = STATES.filter((state) => states.value.includes(state)).map((state) => state.toLowerCase());
    const nat = (['SNAT', 'DNAT'] as const).filter((state) => states.value.includes(state));
    const sign = states.invert ? '! ' : '';
    if (names.length > 0) parts.push(`ct state ${sign}${names.join(',')}`);
    if (nat.length > 0) parts.push(`ct status ${sign}${nat.map((state) => state.toLowerCase()).join(',')}`);
  }
  parts.push(...tupleTexts(match));
  if (statuses !== undefined)
    parts.push(
      `ct status ${statuses.invert ? '!= ' : ''}${statuses.value.map((one) => one.toLowerCase().replace('_', '-')).join(',')}`,
    );
  if (match.expire !== undefined) parts.push(`ct expiration ${not(match.expire)}${rangeText(match.expire.value)}`);
  return parts.join(' ');
}

function tupleTexts(match: Conntrack): string[] {
  const addresses = [
    ['original saddr', match.origSrc],
    ['original daddr', match.origDst],
    ['reply saddr', match.replSrc],
    ['reply daddr', match.replDst],
  ] as const;
  const ports = [
    ['original proto-src', match.origSrcPort],
    ['original proto-dst', match.origDstPort],
    ['reply proto-src', match.replSrcPort],
    ['reply proto-dst', match.replDstPort],
  ] as const;
  return [
    ...addresses.flatMap(([name, of]) => (of === undefined ? [] : [`ct ${name} ${maskedText(of)}`])),
    ...ports.flatMap(([name, of]) => (of === undefined ? [] : [`ct ${name} ${not(of)}${rangeText(of.value)}`])),
  ];
}

function connmarkText({ mark, mask, invert }: Extract<Match, { name: 'mark' | 'connmark' }>): string {
  if (mask >>> 0 === ALL) return `ct mark ${invert ? '!= ' : ''}${hex(mark)}`;
  return `ct mark and ${hex(mask)} ${invert ? '!=' : '=='} ${hex(mark)}`;
}

function multiportText(
  { which, ports, invert }: Extract<Match, { name: 'multiport' }>,
  { protocol }: Selectors,
): string | undefined {
  const name = { 6: 'tcp', 17: 'udp', 132: 'sctp', 33: 'dccp', 136: 'udplite' }[protocol?.value ?? 0];
  if (name === undefined || which === 'ports') return undefined;
  const list = ports.map(rangeText).join(', ');
  return `${name} ${which === 'sports' ? 'sport' : 'dport'} ${invert ? '!= ' : ''}${ports.length > 1 ? `{ ${list} }` : list}`;
}

const ADDRESS_TYPES = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
] as const;

function addrtypeText({ src, dst, limit }: Extract<Match, { name: 'addrtype' }>): string {
  const device = limit === undefined ? '' : ` . ${limit === 'in' ? 'iif' : 'oif'}`;
  const one = (side: string, of: typeof src): string[] => {
    if (of === undefined) return [];
    const names = ADDRESS_TYPES.filter((type) => of.value.includes(type)).map((type) => type.toLowerCase());
    return [`fib ${side}${device} type ${not(of)}${names.length > 1 ? `{ ${names.join(', ')} }` : names.join('')}`];
  };
  return [...one('saddr', src), ...one('daddr', dst)].join(' ');
}

function statisticText(match: Extract<Match, { name: 'statistic' }>): string {
  if (match.mode === 'random') return `meta random & 2147483647 ${match.invert ? '>=' : '<'} ${match.probability}`;
  return `numgen inc mod ${match.every} ${match.invert ? '!= ' : ''}${match.packet}`;
}

function iprangeText({ src, dst }: Extract<Match, { name: 'iprange' }>, family: Family): string {
  const header = family === 4 ? 'ip' : 'ip6';
  const one = (side: string, of: typeof src): string[] =>
    of === undefined ? [] : [`${header} ${side} ${not(of)}${of.value[0]}-${of.value[1]}`];
  return [...one('saddr', src), ...one('daddr', dst)].join(' ');
}

const ANY_TYPE = 255;

function icmpText({ name, type, codes, invert }: Extract<Match, { name: 'icmp' | 'icmp6' }>): string | undefined {
  if (name === 'icmp' && type === ANY_TYPE) return 'ip protocol icmp';
  const [first, last] = codes;
  if (first !== 0 || last !== 255) return undefined;
  const header = name === 'icmp' ? 'icmp' : 'icmpv6';
  const text = knownType(`${header}_type`).format(type, {} as Names, NUMERIC);
  return `${header} type ${invert ? '!= ' : ''}${text}`;
}

function actionParts(action: Rule['action'], scope: Scope): Part[] {
  switch (action.kind) {
    case 'none':
      return [];
    case 'verdict':
      return [native(action.verdict.toLowerCase())];
    case 'jump':
    case 'goto':
      return [native(`${action.kind} ${action.chain.name}`)];
    case 'target':
      return [targetPart(action.target, scope)];
  }
}

function targetPart(target: Target, { family }: Scope): Part {
  switch (target.name) {
    case 'NFLOG':
      return native(`log${target.prefix === '' ? '' : ` prefix "${target.prefix}"`} group ${target.group}`);
    case 'TRACE':
      return native('meta nftrace set 1');
    case 'MARK':
      return xt(`meta mark set ${setMarkText(target, 'mark')}`);
    case 'CONNMARK':
      return xt(connmarkTarget(target));
    case 'LOG':
      return xt(logText(target));
    case 'REJECT':
      return xt(rejectText(target.with, family));
    case 'SNAT':
    case 'DNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
      return xt(natText(target));
    case 'TOS':
      // The library says ip6 in either family.
      return xt(`ip6 dscp set 0x${(target.value >> 2).toString(16).padStart(2, '0')}`);
    case 'CT':
      return xt(isNotrack(target) ? 'notrack' : 'xt target CT');
    case 'TCPMSS':
      return xt(`tcp option maxseg size set ${target.mss ?? 'rt mtu'}`);
    default:
      return xt(`xt target ${target.name}`);
  }
}

const isNotrack = (target: Extract<Target, { name: 'CT' }>): boolean => target.by !== '--zone';

function setMarkText({ value, mask }: { readonly value: number; readonly mask: number }, of: string): string {
  if (mask >>> 0 === ALL) return hex(value);
  if (value === 0) return `${of} and ${hex(~mask)}`;
  if (value === mask) return `${of} or ${hex(value)}`;
  if (mask === 0) return `${of} xor ${hex(value)}`;
  return `${of} and ${hex(~mask)} xor ${hex(value)}`;
}

function connmarkTarget(target: Extract<Target, { name: 'CONNMARK' }>): string {
  if (target.mode === 'set') return `ct mark set ${setMarkText(target, 'ct mark')}`;
  const [to, from] = target.mode === 'save' ? ['ct', 'mark'] : ['meta', 'ct mark'];
  const mask = target.mode === 'save' ? target.nfmask : target.ctmask;
  return `${to} mark set ${from}${mask >>> 0 === ALL ? '' : ` and ${hex(mask)}`}`;
}

const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];
const WARN = 4;

function logText({ prefix, level, flags }: Extract<Target, { name: 'LOG' }>): string {
  let text = 'log';
  if (prefix !== '') text += ` prefix "${prefix}"`;
  if (level !== WARN) text += ` level ${LEVELS[level] ?? level}`;
  const tcp = [flags & 1 ? 'sequence' : '', flags & 2 ? 'options' : ''].filter((one) => one !== '');
  if (tcp.length > 0) text += ` flags tcp ${tcp.join(',')}`;
  if (flags & 4) text += ' flags ip options';
  if (flags & 8) text += ' flags skuid';
  return text;
}

const REJECTS: Readonly<Record<string, string>> = {
  'icmp-net-unreachable': 'icmp type net-unreachable',
  'icmp-host-unreachable': 'icmp type host-unreachable',
  'icmp-proto-unreachable': 'icmp type prot-unreachable',
  'icmp-net-prohibited': 'icmp type net-prohibited',
  'icmp-host-prohibited': 'icmp type host-prohibited',
  'icmp-admin-prohibited': 'icmp type admin-prohibited',
  'tcp-reset': 'tcp reset',
  'icmp6-no-route': 'icmpv6 type no-route',
  'icmp6-adm-prohibited': 'icmpv6 type admin-prohibited',
  'icmp6-addr-unreachable': 'icmpv6 type addr-unreachable',
  'icmp6-policy-fail': 'icmpv6 type policy-fail',
  'icmp6-reject-route': 'icmpv6 type reject-route',
};

function rejectText(kind: string, _family: Family): string {
  const words = REJECTS[kind];
  return words === undefined ? 'reject' : `reject with ${words}`;
}

type NatTarget = Extract<Target, { name: 'SNAT' | 'DNAT' | 'MASQUERADE' | 'REDIRECT' }>;

function natText({ name, range: { addresses, ports, random, fullyRandom, persistent } }: NatTarget): string {
  let text: string = name.toLowerCase();
  if (addresses !== undefined || ports !== undefined) text += ' to ';
  if (addresses !== undefined) {
    const wrap = (ip: Ip): string => (ip.family === 6 && ports !== undefined ? `[${ip}]` : ip.toString());
    const [first, last] = addresses;
    text += first === last ? wrap(first) : `${wrap(first)}-${wrap(last)}`;
  }
  if (ports !== undefined) text += `:${rangeText(ports)}`;
  const flags = [
    random === true && 'random',
    fullyRandom === true && 'fully-random',
    persistent === true && 'persistent',
  ].filter(Boolean);
  return flags.length === 0 ? text : `${text} ${flags.join(',')}`;
}
