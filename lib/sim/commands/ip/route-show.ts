import type { Cidr } from '../../base/index.ts';
import { type Family, type RouteAnswer, type RouteMessage, RT_TABLE, RTPROT, SCOPE } from '../../kernel/index.ts';
import { familyName } from '../iproute2/addresses.ts';
import { protocols, scopes } from '../iproute2/numbers.ts';
import type { Session } from '../iproute2/session.ts';

/** Attributes that a filter has fixed are not repeated in each line. */
export type Hidden = {
  readonly device?: boolean;
  readonly gateway?: boolean;
  readonly protocol?: boolean;
  readonly scope?: boolean;
  readonly prefsrc?: boolean;
  readonly metric?: boolean;
  readonly tos?: boolean;
  readonly table?: boolean;
};

/** print_route() of iproute.c */
export function printRoute(session: Session, route: RouteMessage, hidden: Hidden): void {
  const { out, options } = session;
  const { details } = options;
  const color = familyName(route.family);
  const [only, ...others] = route.nexthops;
  const single = others.length === 0 ? only : undefined;
  if (route.type !== 'unicast' || details) out.fact('type', route.type, `${route.type} `);
  const dst = destination(route.dst);
  out.fact('dst', dst, `${dst} `, route.dst.prefix === 0 ? undefined : color);
  if (route.tos !== 0 && hidden.tos !== true) out.fact('tos', hexTos(route.tos), `tos ${hexTos(route.tos)} `);
  if (single?.gateway !== undefined && hidden.gateway !== true)
    printGateway(session, route.family, String(single.gateway));
  if (single !== undefined && hidden.device !== true) printDevice(session, single.ifindex);
  if ((route.table !== RT_TABLE.main || details) && hidden.table !== true)
    out.fact('table', session.tables.show(route.table), `table ${session.tables.show(route.table)} `);
  if ((route.protocol !== RTPROT.boot || details) && hidden.protocol !== true) {
    out.fact('protocol', protocols.show(route.protocol), `proto ${protocols.show(route.protocol)} `);
  }
  if ((route.scope !== SCOPE.universe || details) && hidden.scope !== true) {
    out.fact('scope', scopes.show(route.scope), `scope ${scopes.show(route.scope)} `);
  }
  if (route.prefsrc !== undefined && hidden.prefsrc !== true) printSource(session, route.family, String(route.prefsrc));
  if ((route.priority !== 0 || route.family === 6) && hidden.metric !== true)
    out.fact('metric', route.priority, `metric ${route.priority} `);
  printNexthopFlags(session, single ?? { onlink: false, linkdown: false, dead: false });
  if (route.expires !== undefined) out.fact('expires', route.expires, `expires ${route.expires}sec `);
  printMetrics(session, route);
  if (route.family === 6) out.fact('pref', 'medium', 'pref medium');
  if (single === undefined && only !== undefined) printNexthops(session, route);
  out.text('\n');
}

const destination = (dst: Cidr): string =>
  dst.prefix === 0 ? 'default' : dst.prefix === dst.address.bits ? String(dst.address) : String(dst);
const hexTos = (tos: number): string => `0x${tos.toString(16).padStart(2, '0')}`;

function printGateway({ out }: Session, family: Family, gateway: string): void {
  out.text('via ');
  out.fact('gateway', gateway, `${gateway} `, familyName(family));
}

function printDevice(session: Session, ifindex: number): void {
  const name = session.nameOf(ifindex);
  session.out.text('dev ');
  session.out.fact('dev', name, `${name} `, 'ifname');
}

function printSource({ out }: Session, family: Family, source: string): void {
  out.text('src ');
  out.fact('prefsrc', source, `${source} `, familyName(family));
}

function printNexthopFlags({ out }: Session, flags: { onlink: boolean; linkdown: boolean; dead: boolean }): void {
  const names = (['dead', 'onlink', 'linkdown'] as const).filter((name) => flags[name]);
  out.fact('flags', names, names.map((name) => `${name} `).join(''));
}

const METRICS = ['mtu', 'window', 'rtt', 'advmss', 'hoplimit', 'initcwnd', 'initrwnd', 'quickack'] as const;

function printMetrics({ out }: Session, { metrics }: RouteMessage): void {
  const set = METRICS.filter((name) => metrics[name] !== undefined);
  if (set.length === 0) return;
  out.openArray('metrics');
  out.openObject();
  for (const name of set) {
    const value = metrics[name] ?? 0;
    const lock = name === 'mtu' && metrics.mtuLocked ? 'lock ' : '';
    const text = name === 'rtt' ? (value >= 1000 ? `${value / 1000}s` : `${value}ms`) : String(value);
    out.fact(name, value, `${name} ${lock}${text} `);
  }
  out.close();
  out.close();
}

function printNexthops(session: Session, route: RouteMessage): void {
  const { out } = session;
  out.openArray('nexthops');
  for (const hop of route.nexthops) {
    out.openObject();
    out.newline();
    out.text('\tnexthop ');
    if (hop.gateway !== undefined) printGateway(session, route.family, String(hop.gateway));
    const name = session.nameOf(hop.ifindex);
    out.fact('dev', name, `dev ${name} `);
    out.fact('weight', hop.weight, `weight ${hop.weight} `);
    printNexthopFlags(session, hop);
    out.close();
  }
  out.close();
}

/** The answer of `ip route get`, in IPv4 with its line of cache flags. */
export function printAnswer(session: Session, answer: RouteAnswer): void {
  const { out, options } = session;
  const v6 = answer.family === 6;
  if (answer.type !== 'unicast' || options.details) out.fact('type', answer.type, `${answer.type} `);
  out.fact('dst', String(answer.dst), `${answer.dst} `, familyName(answer.family));
  if (answer.from !== undefined)
    out.fact('from', String(answer.from), `from ${answer.from} `, familyName(answer.family));
  else if (v6) out.fact('from', '::', 'from :: ');
  if (answer.tos !== 0) out.fact('tos', hexTos(answer.tos), `tos ${hexTos(answer.tos)} `);
  if (answer.gateway !== undefined) printGateway(session, answer.family, String(answer.gateway));
  printDevice(session, answer.ifindex);
  const tableShown = answer.table !== 0 && (answer.table !== RT_TABLE.main || options.details);
  if (tableShown) out.fact('table', session.tables.show(answer.table), `table ${session.tables.show(answer.table)} `);
  if (v6 && (answer.protocol !== RTPROT.boot || options.details)) {
    out.fact('protocol', protocols.show(answer.protocol), `proto ${protocols.show(answer.protocol)} `);
  }
  if (answer.prefsrc !== undefined) printSource(session, answer.family, String(answer.prefsrc));
  if (v6) out.fact('metric', answer.priority, `metric ${answer.priority} `);
  out.json('flags', []);
  if (answer.mark !== 0)
    out.fact('mark', answer.mark, `mark ${answer.mark >= 16 ? `0x${answer.mark.toString(16)}` : answer.mark} `);
  if (!v6) printCache(session, answer);
  if (answer.mtu !== undefined) printMtu(session, answer.mtu);
  if (answer.iif !== undefined) out.fact('iif', session.nameOf(answer.iif), `iif ${session.nameOf(answer.iif)} `);
  if (v6) out.fact('pref', 'medium', 'pref medium');
  out.text('\n');
}

function printMtu({ out }: Session, mtu: number): void {
  out.json('metrics', [{ mtu }]);
  out.text(`mtu ${mtu} `);
}

function printCache({ out }: Session, answer: RouteAnswer): void {
  // Packets that come in have no user: the kernel says whose the route is only for what is sent.
  if (answer.iif === undefined) out.fact('uid', answer.uid, `uid ${answer.uid} `);
  const flags = [
    ...(answer.local ? ['local'] : []),
    ...(answer.multicast ? ['mc'] : []),
    ...(answer.broadcast ? ['brd'] : []),
  ];
  out.newline();
  out.fact('cache', flags, `    cache ${flags.length > 0 ? `<${flags.join(',')}> ` : ''}`);
  if (answer.cacheExpires !== undefined) out.fact('expires', answer.cacheExpires, `expires ${answer.cacheExpires}sec `);
}
