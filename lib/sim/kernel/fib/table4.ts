import { netmask4 } from '../../base/index.ts';
import { isLinkDown, type Nexthop, type Route4 } from './route.ts';

/** What a lookup asks for (struct flowi4). */
export type Flow4 = {
  readonly dst: number;
  readonly src: number;
  readonly oif: number;
  readonly iif: number;
  readonly tos: number;
  readonly mark: number;
  /** Routes of a wider scope do not count (for gateways: they must be on link). */
  readonly scope: number;
  /** Take devices without carrier even where ignore_routes_with_linkdown is set. */
  readonly ignoreLinkState: boolean;
};

export type Match4 = { readonly route: Route4; readonly nexthop: Nexthop | undefined };

/**
 * One IPv4 routing table: longest prefix first, then TOS, then the lowest priority. Instead of the kernel's trie a map
 * for each prefix length in use; dumps come in the trie's order.
 */
export class Table4 {
  readonly id: number;
  readonly #byLength: (Map<number, Route4[]> | undefined)[] = new Array(33);
  #lengths: number[] = [];
  #masks: number[] = [];
  size = 0;

  constructor(id: number) {
    this.id = id;
  }

  /** Routes with that very prefix, in the order of preference. */
  at(key: number, prefix: number): readonly Route4[] {
    return this.#byLength[prefix]?.get(key) ?? [];
  }

  /** Puts a route in its place by TOS and priority; `last` behind those of the same priority, else before them. */
  insert(route: Route4, last: boolean): void {
    let map = this.#byLength[route.prefix];
    if (map === undefined) {
      map = new Map();
      this.#byLength[route.prefix] = map;
      this.#setLengths([...this.#lengths, route.prefix]);
    }
    const list = map.get(route.key);
    this.size++;
    if (list === undefined) {
      map.set(route.key, [route]);
      return;
    }
    const before = (other: Route4): boolean =>
      other.tos > route.tos ||
      (other.tos === route.tos && (other.priority < route.priority || (last && other.priority === route.priority)));
    const at = list.findIndex((other) => !before(other));
    list.splice(at === -1 ? list.length : at, 0, route);
  }

  replace(old: Route4, route: Route4): void {
    const list = this.#byLength[old.prefix]?.get(old.key) as Route4[];
    list[list.indexOf(old)] = route;
  }

  remove(route: Route4): void {
    const map = this.#byLength[route.prefix];
    const list = map?.get(route.key);
    const at = list?.indexOf(route) ?? -1;
    if (map === undefined || list === undefined || at === -1) return;
    list.splice(at, 1);
    this.size--;
    if (list.length > 0) return;
    map.delete(route.key);
    if (map.size > 0) return;
    this.#byLength[route.prefix] = undefined;
    this.#setLengths(this.#lengths.filter((length) => length !== route.prefix));
  }

  #setLengths(lengths: number[]): void {
    this.#lengths = lengths.sort((a, b) => b - a);
    this.#masks = this.#lengths.map(netmask4);
  }

  /** fib_table_lookup(): the best route that has a nexthop which fits. */
  lookup(flow: Flow4): Match4 | undefined {
    for (let i = 0; i < this.#lengths.length; i++) {
      const list = this.#byLength[this.#lengths[i] as number]?.get((flow.dst & (this.#masks[i] as number)) >>> 0);
      if (list === undefined) continue;
      for (const route of list) {
        if ((route.tos !== 0 && route.tos !== flow.tos) || route.scope < flow.scope) continue;
        if (route.nexthops.length === 0) return { route, nexthop: undefined };
        for (const nexthop of route.nexthops) if (fits(nexthop, flow)) return { route, nexthop };
      }
    }
    return undefined;
  }

  /** By address, then the longest prefix, then preference: the order of a trie walk. */
  list(): Route4[] {
    const all: Route4[] = [];
    for (const length of this.#lengths) for (const list of this.#byLength[length]?.values() ?? []) all.push(...list);
    return all
      .map((route, i) => ({ route, i }))
      .sort((a, b) => a.route.key - b.route.key || b.route.prefix - a.route.prefix || a.i - b.i)
      .map(({ route }) => route);
  }
}

export function fits(nexthop: Nexthop, flow: Flow4): boolean {
  if (nexthop.dead || (flow.oif !== 0 && flow.oif !== nexthop.link.ifindex)) return false;
  return flow.ignoreLinkState || !isLinkDown(nexthop) || !nexthop.link.inet.either('ignore_routes_with_linkdown');
}
