import { type AddrtypeData, addrtype } from './addrtype.ts';
import { type ConnlimitData, connlimit } from './connlimit.ts';
import { type ConntrackData, conntrack } from './conntrack.ts';
import { type HashlimitData, hashlimit } from './hashlimit.ts';
import {
  type CommentData,
  comment,
  connmark,
  type DscpData,
  dscp,
  type IprangeData,
  iprange,
  type LengthData,
  length,
  type MacData,
  type MarkData,
  mac,
  mark,
  type PkttypeData,
  pkttype,
  type TosData,
  type TtlData,
  tos,
  ttl,
} from './header.ts';
import { type IcmpData, icmp } from './icmp.ts';
import type { MatchKind } from './match.ts';
import { type PhysdevData, physdev } from './physdev.ts';
import { type QuotaData, quota } from './quota.ts';
import { type LimitData, limit, type StatisticData, statistic } from './rate.ts';
import { type RecentData, recent } from './recent.ts';
import { type RpfilterData, rpfilter } from './rpfilter.ts';
import { type SetData, set } from './set.ts';
import { type TcpmssData, tcpmss } from './tcpmss.ts';
import {
  type MultiportData,
  multiport,
  type SctpData,
  sctp,
  type TcpData,
  tcp,
  type UdpData,
  udp,
} from './transport.ts';

/** Everything that a rule may look at beside its selectors. `name` is what stands behind iptables' -m. */
export type Match =
  | AddrtypeData
  | CommentData
  | ConnlimitData
  | ConntrackData
  | DscpData
  | HashlimitData
  | IcmpData
  | IprangeData
  | LengthData
  | LimitData
  | MacData
  | MarkData
  | MultiportData
  | PhysdevData
  | PkttypeData
  | SetData
  | QuotaData
  | RecentData
  | RpfilterData
  | SctpData
  | StatisticData
  | TcpData
  | TcpmssData
  | TosData
  | TtlData
  | UdpData;

export type MatchName = Match['name'];

const KINDS = {
  addrtype,
  comment,
  connlimit,
  connmark: connmark,
  conntrack: conntrack,
  dscp,
  hashlimit,
  hl: ttl,
  icmp: icmp,
  icmp6: icmp,
  iprange,
  length,
  limit,
  mac,
  mark: mark,
  multiport,
  physdev,
  pkttype,
  set,
  quota,
  recent,
  rpfilter,
  sctp,
  state: conntrack,
  statistic,
  tcp,
  tcpmss,
  tos,
  ttl: ttl,
  udp,
} as const satisfies { readonly [N in MatchName]: unknown };

/** The kind of a match, for any match: what belongs together by name is typed together above. */
export const matchKind = (match: Match): MatchKind<Match> => KINDS[match.name] as MatchKind<Match>;
