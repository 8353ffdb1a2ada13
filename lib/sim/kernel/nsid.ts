import { done, fail, type Result } from '../base/index.ts';
import type { NetNs } from './netns.ts';

/** The small numbers by which one namespace calls others (network namespace ids, `link-netnsid`). */
export class NsIds {
  readonly #ids = new Map<NetNs, number>();

  /** undefined: this namespace has no id for it (-1 on Linux). */
  idOf(other: NetNs): number | undefined {
    return this.#ids.get(other);
  }

  /** peernet2id_alloc(): the id, given now if there is none. */
  allocate(other: NetNs): number {
    const known = this.#ids.get(other);
    if (known !== undefined) return known;
    const used = new Set(this.#ids.values());
    let id = 0;
    while (used.has(id)) id++;
    this.#ids.set(other, id);
    return id;
  }

  /** A negative id: whichever is free. */
  assign(other: NetNs, id: number): Result<void> {
    if (this.#ids.has(other)) return fail('EEXIST', 'Peer netns already has a nsid assigned');
    if (id < 0) {
      this.allocate(other);
      return done;
    }
    if ([...this.#ids.values()].includes(id)) return fail('ENOSPC', 'The specified nsid is already used');
    this.#ids.set(other, id);
    return done;
  }

  forget(other: NetNs): void {
    this.#ids.delete(other);
  }

  list(): { id: number; ns: NetNs }[] {
    return [...this.#ids].map(([ns, id]) => ({ id, ns })).sort((a, b) => a.id - b.id);
  }
}

/** RTM_GETNSID */
export const nsidOf = (ns: NetNs, other: NetNs): number | undefined => ns.nsids.idOf(other);

/** RTM_NEWNSID (`ip netns set`) */
export const setNsid = (ns: NetNs, other: NetNs, id: number): Result<void> => ns.nsids.assign(other, id);
