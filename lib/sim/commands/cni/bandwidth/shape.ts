import { delLink, getLink, type LinkMessage, type NetNs, newLink } from '../../../kernel/index.ts';
import { dumpQdiscs, newFilter, newQdisc, type TbfOptions, TC_H } from '../../../kernel/sched/index.ts';
import { CniError, trying } from '../error.ts';
import { errnoText } from '../go-text.ts';
import { must } from '../links.ts';
import type { Limit } from './config.ts';

/** How long a packet may wait for its tokens. */
const LATENCY = 0.025;
const CREATE = { create: true, excl: true };

/**
 * A token bucket. Its depth reaches the kernel as the time that it takes to fill, in whole microseconds.
 */
function bucket({ rate, burst }: Limit): TbfOptions {
  const fill = Math.floor((burst * 1_000_000) / rate);
  return {
    kind: 'tbf',
    rate,
    burst: Math.floor((fill * rate) / 1_000_000),
    limit: Math.floor(rate * LATENCY) + burst,
  };
}

export function limitDevice(ns: NetNs, { ifindex }: LinkMessage, limit: Limit): void {
  const made = newQdisc(ns, { ifindex, parent: TC_H.root, handle: 0x0001_0000, options: bucket(limit) }, CREATE);
  if (!made.ok) throw new CniError(`create qdisc: ${errnoText(made.error.errno)}`);
}

/** All that comes in by the veth goes out by an ifb instead, where it can be held back; the ifb. */
export function limitIncoming(ns: NetNs, host: LinkMessage, name: string, limit: Limit): LinkMessage {
  const made = newLink(ns, { kind: 'ifb', name, up: true, mtu: host.mtu, txqlen: 0 });
  if (!made.ok) throw new CniError(`adding link: ${errnoText(made.error.errno)}`);
  const ifb = getLink(ns, name) as LinkMessage;
  const { ifindex } = host;
  const options = { kind: 'ingress' } as const;
  const hook = newQdisc(ns, { ifindex, parent: TC_H.ingress, handle: TC_H.clsact, options }, CREATE);
  if (!hook.ok) throw new CniError(`create ingress qdisc: ${errnoText(hook.error.errno)}`);
  redirectAll(ns, ifindex, ifb.ifindex);
  trying('create ifb qdisc', () => limitDevice(ns, ifb, limit));
  return ifb;
}

const ETH_P_ALL = 3;

/** The plugin names the ifb twice, so that there are two actions; the first takes the packet. */
function redirectAll(ns: NetNs, ifindex: number, ifb: number): void {
  const redirect = { kind: 'mirred', mode: 'redirect', direction: 'egress', ifindex: ifb } as const;
  const filter = {
    kind: 'u32',
    keys: [{ value: 0, mask: 0, offset: 0 }],
    classid: 0x0001_0001,
    actions: [redirect, { ...redirect, control: 'pass' }],
  } as const;
  const added = newFilter(ns, { ifindex, parent: TC_H.clsact, protocol: ETH_P_ALL, pref: 1, ...filter });
  if (!added.ok) throw new CniError(`add filter: ${errnoText(added.error.errno)}`);
}

export function removeIfb(ns: NetNs, name: string): void {
  const link = getLink(ns, name);
  if (link !== undefined) must(delLink(ns, link.ifindex));
}

/** CHECK: the device's bucket is the one that the limit makes. Throws CniError. */
export function verifyLimit(ns: NetNs, { ifindex }: LinkMessage, limit: Limit): void {
  const root = dumpQdiscs(ns).find((one) => one.ifindex === ifindex && one.parent === TC_H.root)?.options;
  if (root === undefined) throw new CniError('Failed to find qdisc');
  if (root.kind !== 'tbf') return;
  const wanted = bucket(limit);
  if (root.rate !== wanted.rate) throw new CniError("Rate doesn't match");
  if (root.limit !== wanted.limit) throw new CniError("Limit doesn't match");
  if (root.burst !== wanted.burst) throw new CniError("Buffer doesn't match");
}
