import type { NetNs } from '../../kernel/index.ts';
import { readSysctl } from '../../kernel/index.ts';

/** The counters of each section of /proc/net/snmp and netstat, in the kernel's order. */
const SNMP: readonly (readonly [section: string, names: string])[] = [
  [
    'Ip',
    'Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits',
  ],
  [
    'Icmp',
    'InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps',
  ],
  [
    'Tcp',
    'RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors',
  ],
  ['Udp', 'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors'],
  [
    'UdpLite',
    'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors',
  ],
];
const NETSTAT: readonly (readonly [section: string, names: string])[] = [
  [
    'TcpExt',
    'SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled RcvPruned OfoPruned OutOfWindowIcmps LockDroppedIcmps ArpFilter TW TWRecycled TWKilled PAWSActive PAWSEstab DelayedACKs DelayedACKLocked DelayedACKLost ListenOverflows ListenDrops TCPHPHits TCPPureAcks TCPHPAcks TCPRenoRecovery TCPSackRecovery TCPFastRetrans TCPTimeouts TCPLossProbes TCPAbortOnData TCPAbortOnClose IPReversePathFilter TCPTimeWaitOverflow TCPReqQFullDoCookies TCPReqQFullDrop TCPRetransFail TCPChallengeACK TCPSynRetrans TCPOrigDataSent TCPKeepAlive TCPDelivered',
  ],
  [
    'IpExt',
    'InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps',
  ],
];
/** Values that are settings, not counters. */
const TCP_SETTINGS: Readonly<Record<string, number>> = { RtoAlgorithm: 1, RtoMin: 200, RtoMax: 120_000, MaxConn: -1 };

export const snmpFile = (ns: NetNs): string => sections(ns, SNMP);
export const netstatFile = (ns: NetNs): string => sections(ns, NETSTAT);

function sections(ns: NetNs, list: readonly (readonly [string, string])[]): string {
  return list
    .map(([section, names]) => {
      const values = names.split(' ').map((name) => counter(ns, section, name));
      return `${section}: ${names}\n${section}: ${values.join(' ')}\n`;
    })
    .join('');
}

function counter(ns: NetNs, section: string, name: string): number {
  if (section === 'Ip' && name === 'Forwarding') return sysctlNumber(ns, 'net/ipv4/ip_forward') === 0 ? 2 : 1;
  if (section === 'Ip' && name === 'DefaultTTL') return sysctlNumber(ns, 'net/ipv4/ip_default_ttl');
  if (section === 'Tcp' && TCP_SETTINGS[name] !== undefined) return TCP_SETTINGS[name];
  return ns.mib.get(section.endsWith('Ext') ? `Ext.${name}` : `${section}.${name}`);
}

function sysctlNumber(ns: NetNs, path: string): number {
  const value = readSysctl(ns, path);
  return value.ok ? Number(value.value) : 0;
}

const SNMP6 =
  'Ip6InReceives Ip6InHdrErrors Ip6InTooBigErrors Ip6InNoRoutes Ip6InAddrErrors Ip6InUnknownProtos Ip6InTruncatedPkts Ip6InDiscards Ip6InDelivers Ip6OutForwDatagrams Ip6OutRequests Ip6OutDiscards Ip6OutNoRoutes Icmp6InMsgs Icmp6InErrors Icmp6OutMsgs Icmp6OutErrors Icmp6InDestUnreachs Icmp6InPktTooBigs Icmp6InTimeExcds Icmp6InEchos Icmp6InEchoReplies Icmp6InRouterSolicits Icmp6InNeighborSolicits Icmp6InNeighborAdvertisements Icmp6OutDestUnreachs Icmp6OutTimeExcds Icmp6OutEchos Icmp6OutEchoReplies Icmp6OutRouterSolicits Icmp6OutNeighborSolicits Icmp6OutNeighborAdvertisements Icmp6OutMLDv2Reports';

export function snmp6File(ns: NetNs): string {
  return SNMP6.split(' ')
    .map((name) => `${name.padEnd(32)}\t${ns.mib.get(name.replace(/^(Ip6|Icmp6|Udp6)/, '$1.'))}\n`)
    .join('');
}
