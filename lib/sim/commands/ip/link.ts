import { addAltname, delAltname, delLink, dumpLinks, type LinkChange, newLink, setLink } from '../../kernel/index.ts';
import type { Wait } from '../../os/index.ts';
import type { Session } from '../iproute2/session.ts';
import { garbage, invalid, Refusal, type Words } from '../iproute2/words.ts';
import { listAddresses } from './addr-list.ts';
import { arriveKinds, bridgeModules, kindCommand } from './kinds/kinds.ts';
import { parseBridge, parseBridgePort, parseVeth, refuseOtherKind } from './link-kinds.ts';
import { isAlternativeName, type LinkWords, parseLink } from './link-parse.ts';
import { BRIDGE_SLAVE_USAGE, BRIDGE_USAGE, LINK_USAGE, usage, VETH_USAGE } from './usage.ts';

/** `ip link …` */
export function* link(session: Session, words: Words): Generator<Wait, number, void> {
  const verb = words.word;
  if (session.options.details) yield* arriveKinds(session);
  if (!words.more) return listAddresses(session, words, 'link');
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (words.abbreviates('add')) return yield* addLink(session, rest());
  if (words.abbreviates('set', 'change')) return yield* changeLink(session, rest());
  if (words.abbreviates('replace')) return yield* addLink(session, rest());
  if (words.abbreviates('delete')) return deleteLink(session, rest());
  if (words.abbreviates('show', 'lst', 'list')) return listAddresses(session, rest(), 'link');
  if (words.abbreviates('xstats', 'afstats')) throw new Refusal(`ip: not simulated here: link ${verb}\n`, 64);
  if (words.abbreviates('property')) return property(session, rest());
  if (words.abbreviates('help')) return yield* help(session, rest());
  throw new Refusal(`Command "${verb}" is unknown, try "ip link help".\n`, 255);
}

function* help(session: Session, words: Words): Generator<Wait, number, void> {
  const kind = words.word;
  const text = (yield* kindCommand(session, kind))?.usage ?? KIND_USAGES[kind];
  if (text === undefined) throw usage(LINK_USAGE);
  session.out.text(text);
  return 0;
}

const KIND_USAGES: Readonly<Record<string, string>> = {
  bridge: BRIDGE_USAGE,
  bridge_slave: BRIDGE_SLAVE_USAGE,
  veth: VETH_USAGE,
  dummy: 'Usage: ... dummy\n',
};

function* addLink(session: Session, words: Words): Generator<Wait, number, void> {
  const asked = parseLink(session, words, true);
  const kind = asked.type;
  const lower = asked.lower === undefined ? undefined : session.device(asked.lower).ifindex;
  if (kind === undefined) throw new Refusal('Not enough information: "type" argument is required\n', 1);
  refuseOtherKind(kind);
  const data = (yield* kindCommand(session, kind))?.parse(session, words, true);
  const peer = kind === 'veth' && words.more ? parseVeth(session, words) : undefined;
  const bridge = kind === 'bridge' && words.more ? parseBridge(words) : undefined;
  yield* bridgeModules(session, bridge);
  refuseTail(words);
  if (asked.addressLength !== undefined && asked.addressLength !== 6)
    throw new Refusal('RTNETLINK answers: Invalid argument\n', 2);
  const { name, netns } = asked;
  session.answer(newLink(session.ns, { ...asked.settings, kind, name, netns, peer, bridge, link: lower, data }));
  return 0;
}

function refuseTail(words: Words): void {
  if (!words.more) return;
  if (words.abbreviates('help')) throw usage(LINK_USAGE);
  throw new Refusal(`Garbage instead of arguments "${words.word} ...". Try "ip link help".\n`, 1);
}

function* changeLink(session: Session, words: Words): Generator<Wait, number, void> {
  const asked = parseLink(session, words, false);
  const change = { ...settingsOf(asked), ...(yield* kindOptions(session, asked, words)) };
  if (asked.dev === undefined && asked.settings.group !== undefined)
    return changeGroup(session, asked.settings.group, change);
  const device = existing(session, asked);
  const name = asked.name === asked.dev ? undefined : asked.name;
  if (asked.addressLength !== undefined && asked.addressLength !== 6) {
    throw new Refusal(`Invalid address length ${asked.addressLength} - must be 6 bytes\n`, 1);
  }
  session.answer(setLink(session.ns, device.ifindex, { ...change, ...(name === undefined ? {} : { name }) }));
  return 0;
}

function settingsOf({ settings, netns }: LinkWords): LinkChange {
  const { ifindex, ...change } = settings;
  return {
    ...change,
    ...(netns === undefined ? {} : { netns }),
    ...(ifindex === undefined ? {} : { newIfindex: ifindex }),
  };
}

function* kindOptions(session: Session, asked: LinkWords, words: Words): Generator<Wait, LinkChange, void> {
  if (asked.type === undefined) return {};
  refuseOtherKind(asked.type);
  const kind = yield* kindCommand(session, asked.type);
  if (kind !== undefined) return { data: kind.parse(session, words, false) };
  if (asked.type === 'bridge') {
    const bridge = parseBridge(words);
    yield* bridgeModules(session, bridge);
    return { bridge };
  }
  if (asked.type === 'bridge_slave') return { bridgePort: parseBridgePort(words) };
  refuseTail(words);
  return {};
}

/** `ip link set group 5 down`: every device of the group. */
function changeGroup(session: Session, group: number, change: LinkChange): number {
  const { group: _, ...rest } = change;
  for (const device of dumpLinks(session.ns)) {
    if (device.group === group) session.answer(setLink(session.ns, device.ifindex, rest));
  }
  return 0;
}

function existing(session: Session, asked: LinkWords): { ifindex: number } {
  if (asked.dev === undefined) throw new Refusal('Not enough information: "dev" argument is required.\n', 255);
  return session.device(asked.dev);
}

function deleteLink(session: Session, words: Words): number {
  const asked = parseLink(session, words, false);
  if (asked.dev === undefined && asked.settings.group !== undefined) {
    const { group } = asked.settings;
    const members = dumpLinks(session.ns).filter((device) => device.group === group);
    for (const { ifindex } of members)
      if (session.link(ifindex) !== undefined) session.answer(delLink(session.ns, ifindex));
    return 0;
  }
  session.answer(delLink(session.ns, existing(session, asked).ifindex));
  return 0;
}

/** `ip link property {add|del} dev DEVICE altname NAME …` */
function property(session: Session, words: Words): number {
  const adding = words.abbreviates('add');
  if (!adding && !words.abbreviates('delete')) {
    if (!words.more || words.abbreviates('help')) throw usage(LINK_USAGE);
    throw new Refusal('Operator required\n', 255);
  }
  words.next();
  const names: string[] = [];
  let dev: string | undefined;
  for (; words.more; words.next()) {
    if (words.abbreviates('altname')) {
      names.push(words.value());
      if (!isAlternativeName(words.word)) throw invalid('not a valid altname', words.word);
    } else if (words.abbreviates('help')) throw usage(LINK_USAGE);
    else {
      if (words.is('dev')) words.value();
      if (dev !== undefined) throw garbage('dev', words.word);
      dev = words.word;
    }
  }
  if (dev === undefined) throw new Refusal('Not enough of information: "dev" argument is required.\n', 255);
  const { ifindex } = session.device(dev);
  for (const name of names) session.answer((adding ? addAltname : delAltname)(session.ns, ifindex, name));
  return 0;
}
