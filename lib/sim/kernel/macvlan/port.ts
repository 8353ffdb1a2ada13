import type { Mac } from '../../base/index.ts';
import type { MacvlanMode } from '../link/data.ts';
import type { Link } from '../link/link.ts';
import { slot } from '../slot.ts';

/** What makes a link a macvlan (struct macvlan_dev). */
export type Macvlan = {
  readonly link: Link;
  readonly port: MacvlanPort;
  mode: MacvlanMode;
  readonly nopromisc: boolean;
  readonly bcQueueLength: number;
};

/** The device underneath, with all macvlans on it (struct macvlan_port). */
export class MacvlanPort {
  readonly lower: Link;
  readonly all: Macvlan[] = [];
  /** Those that are up, by their address. */
  readonly #byMac = new Map<Mac, Macvlan>();

  constructor(lower: Link) {
    this.lower = lower;
  }

  get passthru(): Macvlan | undefined {
    return this.all.find((one) => one.mode === 'passthru');
  }

  find(mac: Mac): Macvlan | undefined {
    return this.#byMac.get(mac);
  }

  /** Oldest first. */
  active(): Macvlan[] {
    return [...this.#byMac.values()];
  }

  /** macvlan_addr_busy() */
  isBusy(mac: Mac): boolean {
    return (this.passthru === undefined && this.lower.mac === mac) || this.#byMac.has(mac);
  }

  /** macvlan_hash_add(), with the address that the lower device has to listen to (dev_uc_add). */
  enter(one: Macvlan): void {
    this.#byMac.set(one.link.mac, one);
    if (one.mode === 'passthru') {
      if (!one.nopromisc) this.lower.promiscuity++;
      return;
    }
    // It cannot filter more than one address: it takes everything.
    if (this.lower.unicast.size === 0) this.lower.promiscuity++;
    this.lower.unicast.add(one.link.mac);
  }

  leave(one: Macvlan): void {
    if (!this.#byMac.delete(one.link.mac)) return;
    if (one.mode === 'passthru') {
      if (!one.nopromisc) this.lower.promiscuity--;
      return;
    }
    if (this.lower.unicast.delete(one.link.mac) && this.lower.unicast.size === 0) this.lower.promiscuity--;
  }
}

const stateOf = slot((_: Link): { port?: MacvlanPort | undefined; macvlan?: Macvlan } => ({}));

/** Precondition: the link is of this kind. */
export const macvlanOf = (link: Link): Macvlan => stateOf(link).macvlan as Macvlan;
export const portOn = (lower: Link): MacvlanPort | undefined => stateOf(lower).port;

/** macvlan_dev_real_dev(): a macvlan on a macvlan stands on what that one stands on. */
export const realDevice = (link: Link): Link => stateOf(link).macvlan?.port.lower ?? link;

export function attach(one: Macvlan): void {
  stateOf(one.port.lower).port = one.port;
  stateOf(one.link).macvlan = one;
  one.port.all.push(one);
}

/** True when it was the last one on the port. */
export function detach(one: Macvlan): boolean {
  const { all, lower } = one.port;
  all.splice(all.indexOf(one), 1);
  if (all.length > 0) return false;
  stateOf(lower).port = undefined;
  return true;
}
