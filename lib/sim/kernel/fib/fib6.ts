import type { Ip } from '../../base/index.ts';
import { maskAddress } from '../ip6/address.ts';
import { type RouteMetrics, type RouteType, RT_TABLE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { Exceptions } from './exceptions.ts';
import { isLinkDown, type Nexthop } from './route.ts';

/** A route of an IPv6 table (struct fib6_info). Routes with equal prefix and metric stand side by side. */
export type Route6 = {
  readonly dst: Ip;
  readonly prefix: number;
  readonly type: RouteType;
  readonly table: number;
  readonly protocol: number;
  /** 256 for the kernel's, 1024 for users' without a metric, 0 for local addresses. */
  readonly priority: number;
  readonly prefsrc: Ip | undefined;
  readonly metrics: RouteMetrics;
  readonly nexthops: Nexthop[];
};

/** One IPv6 routing table: longest prefix first, then the lowest metric, then the oldest. */
export class Table6 {
  readonly id: number;
  readonly #byLength = new Map<number, Map<Ip, Route6[]>>();
  #lengths: number[] = [];
  size = 0;

  constructor(id: number) {
    this.id = id;
  }

  at(dst: Ip, prefix: number): readonly Route6[] {
    return this.#byLength.get(prefix)?.get(dst) ?? [];
  }

  insert(route: Route6): void {
    let map = this.#byLength.get(route.prefix);
    if (map === undefined) {
      map = new Map();
      this.#byLength.set(route.prefix, map);
      this.#lengths = [...this.#byLength.keys()].sort((a, b) => b - a);
    }
    const list = map.get(route.dst) ?? [];
    map.set(route.dst, list);
    const at = list.findIndex((other) => other.priority > route.priority);
    list.splice(at === -1 ? list.length : at, 0, route);
    this.size++;
  }

  remove(route: Route6): void {
    const map = this.#byLength.get(route.prefix);
    const list = map?.get(route.dst);
    const at = list?.indexOf(route) ?? -1;
    if (map === undefined || list === undefined || at === -1) return;
    list.splice(at, 1);
    this.size--;
    if (list.length > 0) return;
    map.delete(route.dst);
    if (map.size > 0) return;
    this.#byLength.delete(route.prefix);
    this.#lengths = [...this.#byLength.keys()].sort((a, b) => b - a);
  }

  /** The best route whose device fits; dead ones and, if others serve, ones without carrier are passed over. */
  lookup(dst: Ip, oif: number): { route: Route6; nexthop: Nexthop | undefined } | undefined {
    for (const length of this.#lengths) {
      let fallback: { route: Route6; nexthop: Nexthop } | undefined;
      for (const route of this.#byLength.get(length)?.get(maskAddress(dst, length)) ?? []) {
        if (route.nexthops.length === 0) return { route, nexthop: undefined };
        for (const nexthop of route.nexthops) {
          if (nexthop.dead || (oif !== 0 && nexthop.link.ifindex !== oif)) continue;
          if (!isLinkDown(nexthop)) return { route, nexthop };
          fallback ??= { route, nexthop };
        }
      }
      if (fallback !== undefined) return fallback;
    }
    return undefined;
  }

  /** In the order of the kernel's tree walk: a prefix behind the longer ones inside it, else by address. */
  list(): Route6[] {
    const all = [...this.#byLength.values()].flatMap((map) => [...map.values()].flat());
    return all
      .map((route, i) => ({ route, i }))
      .sort((a, b) => walkOrder(a.route, b.route) || a.i - b.i)
      .map(({ route }) => route);
  }
}

function walkOrder(a: Route6, b: Route6): number {
  if (a.dst === b.dst && a.prefix === b.prefix) return 0;
  if (a.prefix > b.prefix && maskAddress(a.dst, b.prefix) === b.dst) return -1;
  if (b.prefix > a.prefix && maskAddress(b.dst, a.prefix) === a.dst) return 1;
  for (let i = 0; i < 16; i++) {
    const difference = (a.dst.bytes[i] as number) - (b.dst.bytes[i] as number);
    if (difference !== 0) return difference;
  }
  return b.prefix - a.prefix;
}

/** The IPv6 routing tables of a namespace. */
export class Fib6 {
  readonly exceptions: Exceptions;
  readonly #tables = new Map<number, Table6>();

  constructor(ns: NetNs) {
    this.exceptions = new Exceptions(ns);
    for (const id of [RT_TABLE.main, RT_TABLE.local]) this.#tables.set(id, new Table6(id));
  }

  table(id: number): Table6 | undefined {
    return this.#tables.get(id);
  }

  tableForInsert(id: number): Table6 {
    const known = this.#tables.get(id) ?? new Table6(id);
    this.#tables.set(id, known);
    return known;
  }

  tables(): Table6[] {
    return [...this.#tables.values()].sort((a, b) => (a.id & 255) - (b.id & 255) || a.id - b.id);
  }

  flush(dead: (route: Route6) => boolean): Route6[] {
    const gone: Route6[] = [];
    for (const table of this.tables()) {
      for (const route of table.list()) {
        if (!dead(route)) continue;
        table.remove(route);
        gone.push(route);
      }
    }
    return gone;
  }
}
