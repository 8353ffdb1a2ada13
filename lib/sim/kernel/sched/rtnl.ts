import { done, fail, type KernelError, ok, type Result } from '../../base/index.ts';
import type { Kernel } from '../kernel.ts';
import { notifyLink } from '../link/dump.ts';
import type { Link } from '../link/link.ts';
import type { NewFlags } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { slot } from '../slot.ts';
import { type Hook, type Sched, schedOf } from './device.ts';
import { FilterChain, filterMessage } from './filter.ts';
import { Htb } from './htb.ts';
import type { HtbClass } from './htb-class.ts';
import { makeQdisc } from './make.ts';
import {
  type ClassMessage,
  type ClassOptions,
  type FilterMessage,
  majorOf,
  type NewClass,
  type NewFilter,
  type NewQdisc,
  type QdiscMessage,
  TC_H,
} from './messages.ts';
import type { Qdisc } from './qdisc.ts';

const error = (errno: KernelError['errno'], extack: string): Result<never> => fail(errno, extack);

/** Handles that nobody chose count from 8001: over the whole machine. */
const counters = new WeakMap<Kernel, { handle: number }>();
const actionIndexes = slot((_: NetNs) => ({ last: 0 }));

function autoHandle(kernel: Kernel): number {
  const counter = counters.get(kernel) ?? { handle: 0x8000 };
  counters.set(kernel, counter);
  counter.handle = counter.handle >= 0xfffe ? 0x8001 : counter.handle + 1;
  return (counter.handle << 16) >>> 0;
}

/** RTM_NEWQDISC (tc_modify_qdisc) */
export function newQdisc(ns: NetNs, request: NewQdisc, flags: NewFlags): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV');
  const sched = schedOf(link);
  const { parent, handle, options } = request;
  if (parent === TC_H.ingress || options?.kind === 'ingress' || options?.kind === 'clsact')
    return newHook(sched, request, flags);
  const place = placeOf(sched, parent);
  if (!place.ok) return place;
  let there = place.value.there;
  if (parent === 0) {
    if (handle === 0) return error('EINVAL', 'Handle cannot be zero');
    there = find(sched, handle);
  } else if (there === undefined || handle === 0 || there.handle !== handle) {
    if (handle !== 0) {
      if (there !== undefined && flags.replace !== true) return error('EEXIST', 'NLM_F_REPLACE needed to override');
      if ((handle & 0xffff) !== 0) return error('EINVAL', 'Invalid minor handle');
      const known = find(sched, handle);
      if (known === undefined) return create(sched, place.value, request, flags);
      return flags.excl === true ? error('EEXIST', 'Exclusivity flag on, cannot override') : fail('EOPNOTSUPP');
    }
    const another = options !== undefined && options.kind !== there?.options().kind;
    if (there === undefined) return create(sched, place.value, request, flags);
    // Another kind takes its place, whatever the flags say but `link`.
    if (another && (flags.create === true || flags.replace !== true))
      return create(sched, place.value, request, { create: true });
  }
  if (there === undefined) return error('ENOENT', 'Specified qdisc not found');
  if (flags.excl === true) return error('EEXIST', 'Exclusivity flag on, cannot modify');
  if (options !== undefined && options.kind !== there.options().kind)
    return error('EINVAL', 'Invalid qdisc name: must match existing qdisc');
  return options === undefined ? done : there.change(options);
}

type Place = { readonly there: Qdisc | undefined; readonly graft: (qdisc: Qdisc | undefined) => void };

/** What is at a parent now, and how to put something else there. */
function placeOf(sched: Sched, parent: number): Result<Place> {
  const root = sched.root?.handle === 0 ? undefined : sched.root;
  if (parent === TC_H.root || parent === 0) return ok({ there: root, graft: (qdisc) => setRoot(sched, qdisc) });
  const owner = find(sched, majorOf(parent));
  if (owner === undefined) return error('ENOENT', 'Failed to find specified qdisc');
  const leaf = owner instanceof Htb ? owner.find(parent) : undefined;
  if (leaf === undefined) return error('ENOENT', 'Specified class not found');
  const there = leaf.queue.handle === 0 ? undefined : leaf.queue;
  return ok({ there, graft: (qdisc) => void (qdisc !== undefined && (leaf.queue = qdisc)) });
}

function setRoot(sched: Sched, qdisc: Qdisc | undefined): void {
  const { link } = sched;
  sched.root = qdisc;
  const kind = qdisc?.options().kind ?? link.kind.qdisc ?? 'noqueue';
  if (link.qdisc !== 'noop' || qdisc !== undefined) link.qdisc = kind;
  if (qdisc === undefined && link.kind.qdisc !== undefined && link.up) link.kind.open?.(link);
  notifyLink(link, 'newlink');
}

function find(sched: Sched, handle: number): Qdisc | undefined {
  const { root } = sched;
  if (handle === 0 || root === undefined) return undefined;
  if (root.handle === handle) return root;
  return root instanceof Htb ? root.classes.map((one) => one.queue).find((q) => q.handle === handle) : undefined;
}

function create(sched: Sched, place: Place, request: NewQdisc, flags: NewFlags): Result<void> {
  if (flags.create !== true) return error('ENOENT', 'Qdisc not found. To create specify NLM_F_CREATE flag');
  if (request.options === undefined) return error('ENOENT', 'Specified qdisc kind is unknown');
  const handle = request.handle === 0 ? autoHandle(sched.link.ns.kernel) : request.handle;
  const made = makeQdisc(sched, handle, request.parent, request.options);
  if (!made.ok) return made;
  place.graft(made.value);
  return done;
}

function newHook(sched: Sched, { options }: NewQdisc, flags: NewFlags): Result<void> {
  const kind = options?.kind;
  if (kind !== 'ingress' && kind !== 'clsact') return fail('EINVAL');
  if (sched.hook !== undefined) {
    if (flags.excl === true) return error('EEXIST', 'Exclusivity flag on, cannot modify');
    return sched.hook.kind === kind ? done : error('EINVAL', 'Invalid qdisc name: must match existing qdisc');
  }
  if (flags.create !== true) return error('ENOENT', 'Qdisc not found. To create specify NLM_F_CREATE flag');
  const egress = kind === 'clsact' ? new FilterChain(false) : undefined;
  sched.hook = { kind, ingress: new FilterChain(true), egress, packets: 0, bytes: 0 };
  return done;
}

/** RTM_DELQDISC (tc_get_qdisc) */
export function delQdisc(ns: NetNs, request: Pick<NewQdisc, 'ifindex' | 'parent' | 'handle'>): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV');
  const sched = schedOf(link);
  const { parent, handle } = request;
  if (parent === TC_H.ingress) {
    // What stands there without one is the empty discipline, which has another handle.
    if (sched.hook === undefined) return error('EINVAL', 'Invalid handle');
    sched.hook = undefined;
    return done;
  }
  if (parent === 0) {
    return find(sched, handle) === undefined
      ? error('ENOENT', 'Failed to find qdisc with specified handle')
      : error('EINVAL', 'Classid cannot be zero');
  }
  const place = placeOf(sched, parent);
  if (!place.ok) return place;
  const { there } = place.value;
  if (there === undefined) return error('ENOENT', 'Cannot delete qdisc with handle of zero');
  if (handle !== 0 && there.handle !== handle) return error('EINVAL', 'Invalid handle');
  if (parent === TC_H.root) place.value.graft(undefined);
  else {
    const made = makeQdisc(sched, 0, parent, { kind: 'pfifo' });
    if (!made.ok) return made;
    place.value.graft(made.value);
  }
  return done;
}

/** RTM_GETQDISC: device by device, the root before what hangs on it, ingress last. A device that is down has none. */
export function dumpQdiscs(ns: NetNs): QdiscMessage[] {
  return ns.links().flatMap((link) => {
    const sched = schedOf(link);
    const { root, hook } = sched;
    const messages = root === undefined ? defaultRoot(link) : [qdiscMessage(link, root, TC_H.root)];
    if (root instanceof Htb)
      for (const { queue, classid } of root.classes)
        if (queue.handle !== 0) messages.push(qdiscMessage(link, queue, classid));
    return hook === undefined ? messages : [...messages, hookMessage(link, hook)];
  });
}

const NO_STATS = { bytes: 0, packets: 0, drops: 0, overlimits: 0, requeues: 0, backlog: 0, qlen: 0 };

const defaultRoot = (link: Link): QdiscMessage[] =>
  link.qdisc === 'noop'
    ? []
    : [
        {
          ifindex: link.ifindex,
          handle: 0,
          parent: TC_H.root,
          refcnt: 2,
          options: { kind: 'noqueue' },
          stats: NO_STATS,
        },
      ];

const qdiscMessage = (link: Link, qdisc: Qdisc, parent: number): QdiscMessage => ({
  ifindex: link.ifindex,
  handle: qdisc.handle,
  parent,
  refcnt: parent === TC_H.root ? 1 + link.numTxQueues : 1,
  options: qdisc.options(),
  stats: qdisc.stats(),
});

const hookMessage = (link: Link, { kind, packets, bytes }: Hook): QdiscMessage => ({
  ifindex: link.ifindex,
  handle: TC_H.clsact,
  parent: TC_H.ingress,
  refcnt: 1,
  options: { kind },
  stats: { ...NO_STATS, packets, bytes },
});

/** RTM_NEWTCLASS (tc_ctl_tclass) */
export function newClass(ns: NetNs, request: NewClass, flags: NewFlags): Result<void> {
  const found = htbOf(ns, request.ifindex, request.classid === 0 ? request.parent : request.classid);
  if (!found.ok) return found;
  const htb = found.value;
  const known = htb.find(request.classid);
  const merged = { ...(known?.options ?? DEFAULT_CLASS), ...request.options } as ClassOptions;
  if (known !== undefined) {
    if (flags.excl === true) return fail('EEXIST');
    htb.changeClass(known, merged);
    return done;
  }
  if (flags.create !== true) return fail('ENOENT');
  htb.addClass(request.classid, request.parent, merged);
  return done;
}

const DEFAULT_CLASS: Partial<ClassOptions> = { prio: 0, quantum: 0 };

function htbOf(ns: NetNs, ifindex: number, classid: number): Result<Htb> {
  const link = ns.linkByIndex(ifindex);
  if (link === undefined) return fail('ENODEV');
  const { root } = schedOf(link);
  if (root === undefined || (majorOf(classid) !== 0 && majorOf(classid) !== root.handle)) return fail('ENOENT');
  return root instanceof Htb ? ok(root) : fail('EINVAL');
}

/** RTM_DELTCLASS */
export function delClass(ns: NetNs, request: Pick<NewClass, 'ifindex' | 'classid'>): Result<void> {
  const htb = htbOf(ns, request.ifindex, request.classid);
  if (!htb.ok) return htb;
  const known = htb.value.find(request.classid);
  return known === undefined ? fail('ENOENT') : htb.value.removeClass(known);
}

/** RTM_GETTCLASS of one device, in the order of the kernel's hash table. */
export function dumpClasses(ns: NetNs, ifindex: number): ClassMessage[] {
  const link = ns.linkByIndex(ifindex);
  const root = link === undefined ? undefined : schedOf(link).root;
  return root instanceof Htb ? hashOrder(root.classes).map((one) => one.message()) : [];
}

/** qdisc_class_hash: buckets that double when three quarters full; the newest first in each. */
function hashOrder(classes: readonly HtbClass[]): HtbClass[] {
  let buckets: HtbClass[][] = [[], [], [], []];
  const insert = (one: HtbClass): void => {
    let id = one.classid;
    id ^= id >>> 8;
    id ^= id >>> 4;
    buckets[id & (buckets.length - 1)]?.unshift(one);
  };
  classes.forEach((one, i) => {
    insert(one);
    if ((i + 1) * 4 <= buckets.length * 3) return;
    const old = buckets.flat();
    buckets = Array.from({ length: buckets.length * 2 }, () => []);
    old.forEach(insert);
  });
  return buckets.flat();
}

function chainOf(link: Link, parent: number): Result<FilterChain> {
  const { hook, root } = schedOf(link);
  if (majorOf(parent) === TC_H.clsact) {
    const chain = parent === TC_H.minEgress ? hook?.egress : hook?.ingress;
    return chain === undefined ? error('EINVAL', "Parent Qdisc doesn't exists") : ok(chain);
  }
  if (root === undefined || (parent !== 0 && majorOf(parent) !== root.handle && parent !== TC_H.root))
    return error('EINVAL', "Parent Qdisc doesn't exists");
  return root.filters === undefined ? error('EINVAL', 'Qdisc not classful') : ok(root.filters);
}

/** RTM_NEWTFILTER */
export function newFilter(ns: NetNs, request: NewFilter): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV');
  const chain = chainOf(link, request.parent);
  if (!chain.ok) return chain;
  const pref = request.pref === 0 ? chain.value.nextPref() : request.pref;
  for (const action of request.actions)
    if (action.kind === 'mirred' && ns.linkByIndex(action.ifindex) === undefined) return fail('ENODEV');
  const indexes = actionIndexes(ns);
  chain.value.add({ ...request, parent: majorParent(link, request.parent), pref }, () => ++indexes.last);
  return done;
}

/** Where a filter says that it stands: on a plain ingress discipline, at its handle. */
function majorParent(link: Link, parent: number): number {
  const { hook, root } = schedOf(link);
  if (majorOf(parent) === TC_H.clsact) return hook?.kind === 'ingress' ? TC_H.clsact : parent;
  return root?.handle ?? parent;
}

/** RTM_DELTFILTER: all at the parent, or those of one preference or handle. */
export function delFilter(
  ns: NetNs,
  request: { readonly ifindex: number; readonly parent: number; readonly pref: number; readonly handle: number },
): Result<void> {
  const link = ns.linkByIndex(request.ifindex);
  if (link === undefined) return fail('ENODEV');
  const chain = chainOf(link, request.parent);
  if (!chain.ok) return chain;
  const removed = chain.value.remove(
    (one) =>
      (request.pref === 0 || one.pref === request.pref) && (request.handle === 0 || one.handle === request.handle),
  );
  return removed === 0 && request.pref !== 0
    ? error('ENOENT', 'Filter with specified priority/protocol not found')
    : done;
}

/** RTM_GETTFILTER at one parent; nothing where nothing can be. */
export function dumpFilters(ns: NetNs, ifindex: number, parent: number): FilterMessage[] {
  const link = ns.linkByIndex(ifindex);
  const chain = link === undefined ? undefined : chainOf(link, parent);
  return chain?.ok === true ? chain.value.list.map(filterMessage) : [];
}
