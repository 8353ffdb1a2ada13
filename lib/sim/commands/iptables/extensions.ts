import type { Family } from '../../kernel/index.ts';
import type { Match, Target } from '../../kernel/netfilter/index.ts';
import { dscp, setDscp } from './dscp.ts';
import type { MatchExtension, TargetExtension } from './extension.ts';
import { addrtype } from './match/addrtype.ts';
import { connlimit, quota, rpfilter } from './match/amount.ts';
import { conntrack, state } from './match/conntrack.ts';
import { hashlimit } from './match/hashlimit.ts';
import { comment, connmark, hl, iprange, length, mac, mark, pkttype, tos, ttl } from './match/header.ts';
import { icmp, icmp6 } from './match/icmp.ts';
import { physdev } from './match/physdev.ts';
import { limit, statistic } from './match/rate.ts';
import { recent } from './match/recent.ts';
import { set } from './match/set.ts';
import { tcpmss } from './match/tcpmss.ts';
import { multiport, sctp, tcp, udp } from './match/transport.ts';
import { ct, notrack } from './target/ct.ts';
import { connmark as setConnmark, mark as setMark } from './target/mark.ts';
import { log, nflog, hl as setHl, tos as setTos, ttl as setTtl, trace } from './target/misc.ts';
import { dnat, masquerade, netmap, redirect, snat } from './target/nat.ts';
import { reject } from './target/reject.ts';
import { set as setSet } from './target/set.ts';
import { tcpmss as setTcpmss } from './target/tcpmss.ts';

const MATCHES = [
  addrtype,
  comment,
  connlimit,
  connmark,
  conntrack,
  dscp,
  hashlimit,
  hl,
  icmp,
  icmp6,
  iprange,
  length,
  limit,
  mac,
  mark,
  multiport,
  physdev,
  pkttype,
  quota,
  recent,
  rpfilter,
  sctp,
  set,
  state,
  statistic,
  tcp,
  tcpmss,
  tos,
  ttl,
  udp,
] as const;

const TARGETS = [
  setConnmark,
  ct,
  dnat,
  setDscp,
  setHl,
  log,
  setMark,
  masquerade,
  netmap,
  nflog,
  notrack,
  redirect,
  reject,
  setSet,
  snat,
  setTcpmss,
  setTos,
  trace,
  setTtl,
] as const;

/** Extensions that iptables 1.8.9 has and this one lacks. */
const ABSENT_MATCHES = new Set(
  `ah bpf cgroup cluster connbytes connlabel cpu dccp devgroup dst ecn esp eui64 frag hbh helper
  ipcomp ipv6header ipvs mh nfacct osf owner policy rateest realm rt socket srh string 
  time u32`.split(/\s+/),
);
const ABSENT_TARGETS = new Set(
  `AUDIT CHECKSUM CLASSIFY CLUSTERIP DNPT ECN HMARK IDLETIMER LED NFQUEUE RATEEST SECMARK SNPT SYNPROXY 
  TCPOPTSTRIP TEE TPROXY ULOG`.split(/\s+/),
);

const ONLY_4 = new Set(['icmp', 'ttl', 'TTL']);
const ONLY_6 = new Set(['icmp6', 'hl', 'HL']);
const inFamily = (name: string, family: Family): boolean => !(family === 4 ? ONLY_6 : ONLY_4).has(name);

const asMatch = (extension: (typeof MATCHES)[number]): MatchExtension => extension as unknown as MatchExtension;
const asTarget = (extension: (typeof TARGETS)[number]): TargetExtension => extension as unknown as TargetExtension;

export function findMatch(name: string, family: Family): MatchExtension | 'not simulated' | undefined {
  const found = MATCHES.find((one) => one.name === name && inFamily(name, family));
  return found === undefined ? (ABSENT_MATCHES.has(name) ? 'not simulated' : undefined) : asMatch(found);
}

export function findTarget(name: string, family: Family): TargetExtension | 'not simulated' | undefined {
  const found = TARGETS.find((one) => one.name === name && inFamily(name, family));
  return found === undefined ? (ABSENT_TARGETS.has(name) ? 'not simulated' : undefined) : asTarget(found);
}

/** The match that `-p` brings with it when one of its options follows. */
const OF_PROTOCOL: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp6', 132: 'sctp' };

export function matchOfProtocol(protocol: number, family: Family): MatchExtension | undefined {
  const name = OF_PROTOCOL[protocol];
  const found = name === undefined ? undefined : findMatch(name, family);
  return found === 'not simulated' ? undefined : found;
}

/** Precondition: the kernel's data came from an extension here. */
export const extensionOf = (match: Match): MatchExtension =>
  asMatch(MATCHES.find(({ name }) => name === match.name) as (typeof MATCHES)[number]);

export function targetExtensionOf(target: Target): TargetExtension {
  const name = target.name === 'CT' ? (target.by === 'NOTRACK' ? 'NOTRACK' : 'CT') : target.name;
  return asTarget(TARGETS.find((one) => one.name === name) as (typeof TARGETS)[number]);
}
