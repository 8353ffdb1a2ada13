import type { Cidr, Ip } from '../../base/index.ts';
import {
  delRoute,
  dumpRoutes,
  type Family,
  flushRouteCache,
  hasRouteTable,
  type RouteMessage,
  type RouteType,
  RT_TABLE,
} from '../../kernel/index.ts';
import { address, prefix } from '../iproute2/addresses.ts';
import { parseTos, protocols, scopes } from '../iproute2/numbers.ts';
import { answerText, type Session } from '../iproute2/session.ts';
import { invalid, Refusal, unsigned, type Words } from '../iproute2/words.ts';
import { type Hidden, printRoute } from './route-show.ts';
import { ROUTE_USAGE } from './route-usage.ts';
import { usage } from './usage.ts';

export const ROUTE_TYPES: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
];

type Destination = { readonly cidr: Cidr; readonly how: 'root' | 'match' | 'exact' };

/** The filters of `ip route show` and `ip route flush`. */
type Filter = {
  /** undefined: all tables. */
  table: number | undefined;
  cached: boolean;
  tos: number | undefined;
  protocol: number | undefined;
  scope: number | undefined;
  type: RouteType | undefined;
  device: number | undefined;
  metric: number | undefined;
  via: Cidr | undefined;
  prefsrc: Ip | undefined;
  to: Destination | undefined;
};

export function listRoutes(session: Session, words: Words): number {
  const { out } = session;
  const filter = parseFilter(session, words);
  out.begin();
  checkTable(session, filter, 'Dump');
  for (const route of matching(session, filter)) {
    out.openObject();
    printRoute(session, route, hiddenBy(filter));
    out.close();
  }
  return 0;
}

/** The kernel knows only tables that ever held a route; that the main one is missing goes unsaid. */
function checkTable(session: Session, filter: Filter, what: 'Dump' | 'Flush'): void {
  const { table } = filter;
  if (table === undefined || table === RT_TABLE.main || filter.cached) return;
  for (const family of familiesOf(session, filter)) {
    // Of the local table's IPv4 half there is nothing before the first address.
    const empty = family === 4 && table === RT_TABLE.local && dumpRoutes(session.ns, { family, table }).length === 0;
    if (empty || !hasRouteTable(session.ns, family, table))
      throw new Refusal(`Error: ipv${family}: FIB table does not exist.\n${what} terminated\n`, 2);
  }
}

/** Without -4 or -6 the IPv4 routes are meant, except for `table all`. */
function familiesOf(session: Session, filter: Filter): readonly Family[] {
  if (session.ipFamily !== undefined) return [session.ipFamily];
  return filter.table === undefined ? [4, 6] : [4];
}

function matching(session: Session, filter: Filter): RouteMessage[] {
  if (filter.cached) return [];
  const { table } = filter;
  return familiesOf(session, filter)
    .flatMap((family) => dumpRoutes(session.ns, table === undefined ? { family } : { family, table }))
    .filter((route) => matches(route, filter));
}

function matches(route: RouteMessage, filter: Filter): boolean {
  const single = route.nexthops.length === 1 ? route.nexthops[0] : undefined;
  if (filter.protocol !== undefined && route.protocol !== filter.protocol) return false;
  if (filter.scope !== undefined && route.scope !== filter.scope) return false;
  if (filter.type !== undefined && route.type !== filter.type) return false;
  if (filter.tos !== undefined && route.tos !== filter.tos) return false;
  if (filter.device !== undefined && single?.ifindex !== filter.device) return false;
  if (filter.metric !== undefined && route.priority !== filter.metric) return false;
  if (filter.via !== undefined && (single?.gateway === undefined || !filter.via.contains(single.gateway))) return false;
  if (filter.prefsrc !== undefined && route.prefsrc !== filter.prefsrc) return false;
  return filter.to === undefined || destinationMatches(route.dst, filter.to);
}

function destinationMatches(dst: Cidr, { cidr, how }: Destination): boolean {
  // `default` is of no family: it stands for both.
  if (cidr.prefix > 0 && dst.address.family !== cidr.address.family) return false;
  const within = cidr.prefix === 0 || (dst.prefix >= cidr.prefix && cidr.contains(dst.address));
  const covers = dst.prefix <= cidr.prefix && (cidr.prefix === 0 || dst.contains(cidr.address));
  return how === 'root' ? within : how === 'match' ? covers : within && covers;
}

function hiddenBy(filter: Filter): Hidden {
  return {
    device: filter.device !== undefined,
    gateway: filter.via !== undefined && filter.via.prefix === filter.via.address.bits,
    protocol: filter.protocol !== undefined,
    scope: filter.scope !== undefined,
    prefsrc: filter.prefsrc !== undefined,
    metric: filter.metric !== undefined,
    tos: filter.tos !== undefined,
    table: filter.table !== undefined,
  };
}

function parseFilter(session: Session, words: Words): Filter {
  const filter: Filter = {
    ...{ table: RT_TABLE.main, cached: false, tos: undefined, protocol: undefined, scope: undefined, type: undefined },
    ...{ device: undefined, metric: undefined, via: undefined, prefsrc: undefined, to: undefined },
  };
  let device: string | undefined;
  for (; words.more; words.next()) {
    if (words.is('dev', 'oif')) device = words.value();
    else filterWord(session, words, filter);
  }
  if (device !== undefined) filter.device = session.device(device).ifindex;
  return filter;
}

function filterWord(session: Session, words: Words, filter: Filter): void {
  const family = session.ipFamily;
  if (words.abbreviates('table')) tableWord(session, words.value(), filter);
  else if (words.abbreviates('vrf')) throw invalid('Invalid VRF\n', words.value());
  else if (words.abbreviates('cached', 'cloned')) filter.cached = true;
  else if (words.is('tos') || words.abbreviates('dsfield'))
    filter.tos = required(parseTos(words.value()), 'TOS value is invalid\n', words);
  else if (words.abbreviates('protocol'))
    filter.protocol =
      words.value() === 'all' ? undefined : required(protocols.parse(words.word), 'invalid "protocol"\n', words);
  else if (words.abbreviates('scope'))
    filter.scope = words.value() === 'all' ? undefined : required(scopes.parse(words.word), 'invalid "scope"\n', words);
  else if (words.abbreviates('type'))
    filter.type = required(routeType(words.value()), 'node type value is invalid\n', words);
  else if (words.abbreviates('metric', 'priority') || words.is('preference'))
    filter.metric = unsigned(words.value(), '"metric" value is invalid\n');
  else if (words.is('via')) filter.via = prefix(viaWord(words), family).cidr;
  else if (words.is('src')) filter.prefsrc = address(words.value(), family);
  else if (words.is('iif', 'mark') || words.abbreviates('realms', 'from'))
    throw new Refusal(`ip: not simulated here: route filter '${words.word}'\n`, 64);
  else toWord(words, filter, family);
}

const routeType = (text: string): RouteType | undefined => ROUTE_TYPES.find((type) => type === text);

/** `via inet 10.0.0.1` */
export function viaWord(words: Words): string {
  const text = words.value();
  return text === 'inet' || text === 'inet6' ? words.value() : text;
}

function tableWord(session: Session, text: string, filter: Filter): void {
  const table = session.tables.parse(text);
  if (table !== undefined) filter.table = table === 0 ? undefined : table;
  else if (text === 'all') filter.table = undefined;
  else if (text === 'cache') filter.cached = true;
  else if (text === 'help') throw usage(ROUTE_USAGE);
  else throw invalid('table id value is invalid\n', text);
}

function toWord(words: Words, filter: Filter, family: Family | undefined): void {
  if (words.abbreviates('to')) words.value();
  let how: Destination['how'] = 'exact';
  if (words.abbreviates('root', 'match', 'exact')) {
    how = words.abbreviates('root') ? 'root' : words.abbreviates('match') ? 'match' : 'exact';
    words.value();
  }
  filter.to = { cidr: prefix(words.word, family).cidr, how };
}

function required<T>(value: T | undefined, message: string, words: Words): T {
  if (value === undefined) throw invalid(message, words.word);
  return value;
}

/** `ip route flush …` */
export function flushRoutes(session: Session, words: Words): number {
  const { out, options } = session;
  if (!words.more) throw new Refusal('"ip route flush" requires arguments.\n', 1);
  const filter = parseFilter(session, words);
  if (filter.cached) {
    flushRouteCache(session.ns);
    if (options.statistics > 0) out.text('*** IPv4 routing cache is flushed.\n');
    return 0;
  }
  checkTable(session, filter, 'Flush');
  for (let round = 0; ; round++) {
    const doomed = matching(session, filter);
    if (doomed.length === 0) {
      if (options.statistics > 0)
        out.text(
          round === 0
            ? 'Nothing to flush.\n'
            : `*** Flush is complete after ${round} round${round > 1 ? 's' : ''} ***\n`,
        );
      return 0;
    }
    for (const route of doomed) {
      if (options.statistics > 1) printRoute(session, route, hiddenBy(filter));
      const { expires: _, priority, ...rest } = route;
      const removed = delRoute(session.ns, { ...rest, priority });
      if (!removed.ok)
        throw new Refusal(`${answerText(removed.error)}Failed to send flush request: ${removed.error.errno}\n`, 2);
    }
    if (options.statistics > 0) out.text(`\n*** Round ${round + 1}, deleting ${doomed.length} entries ***\n`);
  }
}
