import { Cidr, Ip } from '../../base/index.ts';
import {
  delRoute,
  type Family,
  getRoute,
  type NewFlags,
  type NexthopSpec,
  newRoute,
  type RouteMetrics,
  type RouteType,
  RT_TABLE,
  RTPROT,
  SCOPE,
} from '../../kernel/index.ts';
import { address, prefix } from '../iproute2/addresses.ts';
import { parseTos, protocols, scopes } from '../iproute2/numbers.ts';
import type { Session } from '../iproute2/session.ts';
import { garbage, invalid, Refusal, unsigned, type Words } from '../iproute2/words.ts';
import { flushRoutes, listRoutes, ROUTE_TYPES, viaWord } from './route-list.ts';
import { printAnswer } from './route-show.ts';
import { ROUTE_USAGE } from './route-usage.ts';
import { usage } from './usage.ts';

/** `ip route …` */
export function route(session: Session, words: Words): number {
  if (!words.more) return listRoutes(session, words);
  const verb = words.word;
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (words.abbreviates('add')) return modify(session, rest(), { create: true, excl: true });
  if (words.abbreviates('change') || words.is('chg')) return modify(session, rest(), { replace: true });
  if (words.abbreviates('replace')) return modify(session, rest(), { create: true, replace: true });
  if (words.abbreviates('prepend')) return modify(session, rest(), { create: true });
  if (words.abbreviates('append')) return modify(session, rest(), { create: true, append: true });
  if (words.abbreviates('test')) return modify(session, rest(), { excl: true });
  if (words.abbreviates('delete')) return modify(session, rest(), 'delete');
  if (words.abbreviates('list', 'show', 'lst')) return listRoutes(session, rest());
  if (words.abbreviates('get')) return get(session, rest());
  if (words.abbreviates('flush')) return flushRoutes(session, rest());
  if (words.abbreviates('save', 'restore', 'showdump'))
    throw new Refusal(`ip: not simulated here: route ${verb}\n`, 64);
  if (words.abbreviates('help')) throw usage(ROUTE_USAGE);
  throw new Refusal(`Command "${verb}" is unknown, try "ip route help".\n`, 255);
}

type Request = {
  family: Family | undefined;
  dst: Cidr | undefined;
  type: RouteType | undefined;
  prefsrc: Ip | undefined;
  gateway: Ip | undefined;
  dev: string | undefined;
  tos: number | undefined;
  priority: number | undefined;
  scope: number | undefined;
  protocol: number | undefined;
  table: number | undefined;
  onlink: boolean;
  metrics: { -readonly [K in keyof RouteMetrics]: RouteMetrics[K] };
  nexthops: (NexthopSpec & { dev?: string })[];
};

/** iproute_modify() of iproute.c */
function modify(session: Session, words: Words, action: NewFlags | 'delete'): number {
  const request = parseRequest(session, words);
  if (request.dst === undefined) throw usage(ROUTE_USAGE);
  const ifindex = request.dev === undefined ? undefined : session.device(request.dev).ifindex;
  const family = request.family ?? 4;
  // `default` fits the family that the rest of the words has.
  const dst = request.dst.prefix === 0 && family === 6 ? new Cidr(Ip.any6, 0) : request.dst;
  const { type, prefsrc, tos, priority, protocol, gateway, onlink, metrics } = request;
  const one: NexthopSpec = {
    ...(gateway && { gateway }),
    ...(ifindex !== undefined && { ifindex }),
    ...(onlink && { onlink }),
  };
  const hops = request.nexthops.length > 0 ? request.nexthops : Object.keys(one).length > 0 ? [one] : [];
  const common = {
    family,
    dst,
    table: request.table ?? defaultTable(type),
    ...(tos !== undefined && { tos }),
    ...(priority !== undefined && { priority }),
    ...(prefsrc && { prefsrc }),
    ...(Object.keys(metrics).length > 0 && { metrics }),
    ...(hops.length > 0 && { nexthops: hops }),
  };
  if (action === 'delete') {
    const scope = request.scope ?? deletionScope(family, type);
    session.answer(
      delRoute(session.ns, {
        ...common,
        ...(type && { type }),
        ...(protocol !== undefined && { protocol }),
        ...(scope !== undefined && { scope }),
      }),
    );
  } else {
    const scope =
      request.scope ?? defaultScope(family, type ?? 'unicast', gateway !== undefined || request.nexthops.length > 0);
    session.answer(
      newRoute(session.ns, { ...common, type: type ?? 'unicast', protocol: protocol ?? RTPROT.boot, scope }, action),
    );
  }
  return 0;
}

const LOCAL_TYPES: readonly (RouteType | undefined)[] = ['local', 'broadcast', 'anycast'];
const defaultTable = (type: RouteType | undefined): number =>
  LOCAL_TYPES.includes(type) ? RT_TABLE.local : RT_TABLE.main;

/** A route without gateway reaches neighbours: its scope is the link. */
function defaultScope(family: Family, type: RouteType, hasGateway: boolean): number {
  if (family === 6) return SCOPE.universe;
  if (type === 'local') return SCOPE.host;
  if (type === 'broadcast' || type === 'multicast' || type === 'anycast') return SCOPE.link;
  return type === 'unicast' && !hasGateway ? SCOPE.link : SCOPE.universe;
}

/** Deleting asks for no scope (RT_SCOPE_NOWHERE) unless the type implies one. */
function deletionScope(family: Family, type: RouteType | undefined): number | undefined {
  return type === undefined || type === 'unicast' ? undefined : defaultScope(family, type, false);
}

function parseRequest(session: Session, words: Words): Request {
  const request: Request = {
    ...{
      family: session.ipFamily,
      dst: undefined,
      type: undefined,
      prefsrc: undefined,
      gateway: undefined,
      dev: undefined,
      tos: undefined,
    },
    ...{
      priority: undefined,
      scope: undefined,
      protocol: undefined,
      table: undefined,
      onlink: false,
      metrics: {},
      nexthops: [],
    },
  };
  for (; words.more && !words.is('nexthop'); words.next()) requestWord(session, words, request);
  if (words.more) parseNexthops(session, words, request);
  return request;
}

function requestWord(session: Session, words: Words, request: Request): void {
  const learnFamily = (ip: Ip): Ip => {
    request.family ??= ip.family;
    return ip;
  };
  if (words.is('src')) request.prefsrc = learnFamily(address(words.value(), request.family));
  else if (words.is('via')) {
    if (request.gateway !== undefined) throw invalid('use nexthop syntax to specify multiple via\n', words.word);
    request.gateway = learnFamily(address(viaWord(words), request.family));
  } else if (words.is('tos') || words.abbreviates('dsfield')) {
    request.tos = parseTos(words.value());
    if (request.tos === undefined) throw invalid('"tos" value is invalid\n', words.word);
  } else if (words.abbreviates('metric', 'priority') || words.is('preference'))
    request.priority = unsigned(words.value(), '"metric" value is invalid\n');
  else if (words.is('scope')) request.scope = named(scopes.parse(words.value()), 'invalid "scope" value\n', words);
  else if (metricWord(words, request)) return;
  else if (words.is('onlink')) request.onlink = true;
  else if (
    words.is('as', 'expires', 'nhid', 'encap', 'ttl-propagate') ||
    words.abbreviates('from', 'realms', 'features', 'congctl', 'fastopen_no_cookie')
  ) {
    throw new Refusal(`ip: not simulated here: route attribute '${words.word}'\n`, 64);
  } else if (words.abbreviates('protocol'))
    request.protocol = named(protocols.parse(words.value()), '"protocol" value is invalid\n', words);
  else if (words.abbreviates('table'))
    request.table = named(session.tables.parse(words.value()), '"table" value is invalid\n', words);
  else if (words.abbreviates('vrf')) throw invalid('Invalid VRF\n', words.value());
  else if (words.is('dev', 'oif')) request.dev = words.value();
  else if (words.abbreviates('pref')) prefWord(words);
  else destinationWord(words, request);
}

function named(value: number | undefined, message: string, words: Words): number {
  if (value === undefined) throw invalid(message, words.word);
  return value;
}

function prefWord(words: Words): void {
  const pref = words.value();
  if (pref === 'medium') return;
  if (pref === 'low' || pref === 'high') throw new Refusal(`ip: not simulated here: route preference ${pref}\n`, 64);
  throw invalid('"pref" value is invalid\n', pref);
}

const METRIC_WORDS: readonly (readonly [
  word: string,
  key: keyof RouteMetrics,
  complaint: string,
  abbreviated: boolean,
])[] = [
  ['mtu', 'mtu', '"mtu" value is invalid\n', false],
  ['hoplimit', 'hoplimit', '"hoplimit" value is invalid\n', false],
  ['advmss', 'advmss', '"mss" value is invalid\n', false],
  ['window', 'window', '"window" value is invalid\n', true],
  ['initcwnd', 'initcwnd', '"initcwnd" value is invalid\n', true],
  ['initrwnd', 'initrwnd', '"initrwnd" value is invalid\n', true],
  ['quickack', 'quickack', '"quickack" value is invalid\n', true],
];

function metricWord(words: Words, request: Request): boolean {
  const found = METRIC_WORDS.find(([word, , , abbreviated]) =>
    abbreviated ? words.abbreviates(word) : words.is(word),
  );
  if (found === undefined) return false;
  const [word, key, complaint] = found;
  if (words.value() === 'lock') {
    if (word === 'mtu') request.metrics.mtuLocked = true;
    words.value();
  }
  const value = unsigned(words.word, complaint, key === 'hoplimit' ? 255 : undefined);
  Object.assign(request.metrics, { [key]: value });
  return true;
}

function destinationWord(words: Words, request: Request): void {
  if (words.is('to')) words.value();
  const type = ROUTE_TYPES.find((name) => name === words.word);
  if (type !== undefined) {
    request.type = type;
    words.value();
  }
  if (words.abbreviates('help')) throw usage(ROUTE_USAGE);
  if (request.dst !== undefined) throw garbage('to', words.word);
  request.dst = prefix(words.word, request.family).cidr;
  // `default` is of no family until something else says which.
  if (!['default', 'any', 'all'].includes(words.word)) request.family ??= request.dst.address.family;
}

/** `nexthop via A dev D weight W …`, as often as wanted. */
function parseNexthops(session: Session, words: Words, request: Request): void {
  while (words.more) {
    if (!words.is('nexthop'))
      throw new Refusal(`Error: "nexthop" or end of line is expected instead of "${words.word}"\n`, 255);
    if (words.rest.length === 1) throw new Refusal('Error: unexpected end of line after "nexthop"\n', 255);
    words.next();
    request.nexthops.push(parseNexthop(session, words, request));
  }
}

function parseNexthop(session: Session, words: Words, request: Request): NexthopSpec {
  let hop: NexthopSpec = {};
  for (; words.more; words.next()) {
    if (words.is('via')) {
      const gateway = address(viaWord(words), request.family);
      request.family ??= gateway.family;
      hop = { ...hop, gateway };
    } else if (words.is('dev')) {
      const device = session.linkNamed(words.value());
      if (device === undefined)
        throw new Refusal(`Cannot find device "${words.word}"\nError: cannot parse nexthop\n`, 255);
      hop = { ...hop, ifindex: device.ifindex };
    } else if (words.is('weight')) {
      const weight = unsigned(words.value(), '"weight" is invalid\n', 256);
      if (weight === 0) throw invalid('"weight" is invalid\n', words.word);
      hop = { ...hop, weight };
    } else if (words.is('onlink')) hop = { ...hop, onlink: true };
    else break;
  }
  return hop;
}

/** `ip route get …` (iproute_get()) */
function get(session: Session, words: Words): number {
  const { out } = session;
  let family = session.ipFamily;
  const asked: { dst?: Ip; src?: Ip; iif?: string; oif?: string; tos?: number; mark?: number; uid?: number } = {};
  for (; words.more; words.next()) {
    if (words.is('tos') || words.abbreviates('dsfield'))
      asked.tos = named(parseTos(words.value()), 'TOS value is invalid\n', words);
    else if (words.abbreviates('from')) {
      if (words.value() === 'help') throw usage(ROUTE_USAGE);
      asked.src = prefix(words.word, family).cidr.address;
      family ??= asked.src.family;
    } else if (words.abbreviates('iif')) asked.iif = words.value();
    else if (words.abbreviates('mark')) asked.mark = unsigned(words.value(), 'invalid mark value');
    else if (words.abbreviates('oif') || words.is('dev')) asked.oif = words.value();
    else if (words.abbreviates('uid')) asked.uid = unsigned(words.value(), 'invalid UID\n');
    else if (
      words.abbreviates('notify', 'connected', 'fibmatch', 'vrf', 'sport', 'dport', 'ipproto') ||
      words.is('as')
    ) {
      throw new Refusal(`ip: not simulated here: route get '${words.word}'\n`, 64);
    } else {
      if (words.is('to')) words.value();
      if (words.abbreviates('help')) throw usage(ROUTE_USAGE);
      const { cidr } = prefix(words.word, family);
      family ??= cidr.address.family;
      asked.dst = cidr.address;
      if (cidr.prefix !== cidr.address.bits) {
        out.error(
          `Warning: /${cidr.prefix} as prefix is invalid, only /${cidr.address.bits} (or none) is supported.\n`,
        );
      }
    }
  }
  if (asked.dst === undefined) throw new Refusal('need at least a destination address\n', 1);
  const { dst, src, tos, mark, uid } = asked;
  const iif = asked.iif === undefined ? undefined : session.device(asked.iif).ifindex;
  const oif = asked.oif === undefined ? undefined : session.device(asked.oif).ifindex;
  const optional = {
    ...(src && { src }),
    ...(tos !== undefined && { tos }),
    ...(mark !== undefined && { mark }),
    ...(uid !== undefined && { uid }),
  };
  const answer = session.answer(
    getRoute(session.ns, { dst, ...optional, ...(iif !== undefined && { iif }), ...(oif !== undefined && { oif }) }),
  );
  out.begin();
  out.openObject();
  printAnswer(session, answer);
  out.close();
  return 0;
}
