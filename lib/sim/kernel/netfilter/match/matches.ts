import { type AddrtypeData, addrtype } from './addrtype.ts';
import { type ConntrackData, conntrack } from './conntrack.ts';
import {
  type CommentData,
  comment,
  connmark,
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
import { type LimitData, limit, type StatisticData, statistic } from './rate.ts';
import { type SetData, set } from './set.ts';
import { type MultiportData, multiport, type TcpData, tcp, type UdpData, udp } from './transport.ts';

/** Everything that a rule may look at beside its selectors. `name` is what stands behind iptables' -m. */
export type Match =
  | AddrtypeData
  | CommentData
  | ConntrackData
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
  | StatisticData
  | TcpData
  | TosData
  | TtlData
  | UdpData;

export type MatchName = Match['name'];

const KINDS = {
  addrtype,
  comment,
  connmark: connmark,
  conntrack: conntrack,
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
  state: conntrack,
  statistic,
  tcp,
  tos,
  ttl: ttl,
  udp,
} as const satisfies { readonly [N in MatchName]: unknown };

/** The kind of a match, for any match: what belongs together by name is typed together above. */
export const matchKind = (match: Match): MatchKind<Match> => KINDS[match.name] as MatchKind<Match>;
