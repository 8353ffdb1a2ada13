import { fail, type Mac, ok, type Random, type Result } from '../../base/index.ts';
import { applyBridgeOptions } from '../bridge/options.ts';
import type { NetNs } from '../netns.ts';
import { callNotifiers } from '../notifier.ts';
import type { NewLink } from '../requests.ts';
import { applySettings } from './change.ts';
import { destroyLinks } from './destroy.ts';
import { notifyLink } from './dump.ts';
import type { LinkKind } from './kind.ts';
import { Link } from './link.ts';
import { loopback } from './loopback.ts';
import { chooseName, NAME_SIZE } from './names.ts';
import { fireLinkwatch } from './operstate.ts';

/** Bounds what a runaway script can make. */
const LINKS_PER_NAMESPACE = 4096;

/** RTM_NEWLINK with NLM_F_CREATE|NLM_F_EXCL; the ifindex of the new device. */
export function newLink(ns: NetNs, request: NewLink): Result<number> {
  const kind = ns.kernel.linkKind(request.kind);
  if (kind === undefined) return fail('EOPNOTSUPP', 'Unknown device type');
  for (const name of [request.name, request.peer?.name])
    if (name !== undefined && name.length >= NAME_SIZE) return fail('ERANGE', 'Attribute failed policy validation');
  const target = request.netns ?? ns;
  const taken = request.name !== undefined && target.linkByName(request.name) !== undefined;
  if (taken) return fail('EEXIST');
  const master = request.master === undefined || request.master === 0 ? undefined : ns.linkByIndex(request.master);
  if (request.master !== undefined && request.master !== 0 && master === undefined) return fail('EINVAL');
  const made = kind.name === 'veth' ? makePair(ns, target, kind, request) : register(ns, target, kind, request);
  if (!made.ok) return made;
  const link = made.value;
  if (request.bridge !== undefined) {
    const set = applyBridgeOptions(link, request.bridge);
    if (!set.ok) return undo(link, set);
  }
  const finished = applySettings(ns, link, {
    up: request.up,
    master: request.master,
    arp: request.arp,
    multicast: request.multicast,
    alias: request.alias,
    addrGenMode: request.addrGenMode,
  });
  if (!finished.ok) return undo(link, finished);
  notifyLink(link, 'newlink');
  return ok(link.ifindex);
}

/** veth_newlink(): the peer first, so that it takes the lower index. */
function makePair(ns: NetNs, target: NetNs, kind: LinkKind, request: NewLink): Result<Link> {
  const wanted = request.peer ?? {};
  // Where the request came from, wherever the device itself goes.
  const peerNs = wanted.netns ?? ns;
  const second = register(ns, peerNs, kind, wanted);
  if (!second.ok) return second;
  const peer = second.value;
  peer.carrier = false;
  const first = register(ns, target, kind, request);
  if (!first.ok) {
    destroyLinks([peer]);
    return first;
  }
  const link = first.value;
  link.carrier = false;
  // Both were born with carrier and lost it.
  link.carrierChanges = 1;
  peer.carrierChanges = 1;
  link.peer = peer;
  peer.peer = link;
  fireLinkwatch(peer);
  fireLinkwatch(link);
  notifyLink(peer, 'newlink');
  if (wanted.up === true) applySettings(ns, peer, { up: true });
  return first;
}

function undo(link: Link, error: Result<never> | Result<void>): Result<never> {
  destroyLinks([link]);
  return error as Result<never>;
}

/** register_netdevice(), with what must be right before it: name, index, address, MTU. */
function register(source: NetNs, ns: NetNs, kind: LinkKind, settings: Omit<NewLink, 'kind'>): Result<Link> {
  const { ifindex } = settings;
  if (ns.linkCount >= LINKS_PER_NAMESPACE) return fail('ENFILE');
  const valid = kind.validate?.(settings);
  if (valid?.ok === false) return valid;
  if (settings.mtu !== undefined) {
    // dev_validate_mtu() has no extended acknowledgement to fill in here.
    if (settings.mtu < kind.minMtu || (kind.maxMtu !== 0 && settings.mtu > kind.maxMtu)) return fail('EINVAL');
  }
  if (settings.mac !== undefined && Math.floor(settings.mac / 2 ** 40) % 2 === 1) return fail('EADDRNOTAVAIL');
  const name = chooseName(ns, settings.name ?? kind.template);
  if (!name.ok) return name;
  if (ifindex !== undefined && ns.linkByIndex(ifindex) !== undefined) return fail('EEXIST');
  const link = new Link(kind, ns, ifindex ?? 0, name.value, settings.mac ?? randomMac(ns.kernel.macRandom));
  if (settings.mac !== undefined) link.addrAssignType = 3;
  if (settings.mtu !== undefined) link.mtu = settings.mtu;
  if (settings.txqlen !== undefined) link.txqlen = settings.txqlen;
  if (settings.group !== undefined) link.group = settings.group;
  link.numTxQueues = settings.numTxQueues ?? kind.queues;
  link.numRxQueues = settings.numRxQueues ?? kind.queues;
  const created = kind.create?.(link, settings, source);
  if (created?.ok === false) return created;
  // The number is taken last: who fails uses none up.
  if (ifindex === undefined) link.ifindex = ns.nextIfindex();
  announce(link);
  return ok(link);
}

function announce(link: Link): void {
  link.ns.addLink(link);
  link.registered = true;
  callNotifiers(link, 'register');
}

/** The `lo` that a namespace is born with. */
export function createLoopback(ns: NetNs): void {
  const link = new Link(loopback, ns, ns.nextIfindex(), 'lo', 0 as Mac);
  link.addrAssignType = 0;
  announce(link);
}

/** eth_random_addr(): locally administered, not a group. */
function randomMac(random: Random): Mac {
  const first = (random.uint32() & 0xfc) | 0x02;
  return (first * 2 ** 40 + (random.uint32() & 0xff) * 2 ** 32 + random.uint32()) as Mac;
}
