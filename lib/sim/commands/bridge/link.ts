import {
  type BridgePortOptions,
  type BridgePortState,
  dumpLinks,
  type LinkMessage,
  setLink,
} from '../../kernel/index.ts';
import { printFlags, printNameAndLink } from '../ip/link-show.ts';
import type { Session } from '../iproute2/session.ts';
import { duplicate, Refusal, type Words } from '../iproute2/words.ts';
import { LINK_USAGE } from './usage.ts';

/** bridge exits with -1 where ip exits with 1 or 2. */
const FAILED = 255;
const STATES: readonly BridgePortState[] = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

/** `bridge link …` */
export function link(session: Session, words: Words): number {
  const verb = words.word;
  if (!words.more) return show(session, words);
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (words.abbreviates('set', 'change')) return set(session, rest());
  if (words.abbreviates('show', 'lst', 'list')) return show(session, rest());
  if (words.abbreviates('help')) throw new Refusal(LINK_USAGE, FAILED);
  throw new Refusal(`Command "${verb}" is unknown, try "bridge link help".\n`, FAILED);
}

function show(session: Session, words: Words): number {
  const { out } = session;
  let wanted: string | undefined;
  for (; words.more; words.next()) {
    if (!words.is('dev')) continue;
    if (wanted !== undefined) throw duplicate('dev', words.value());
    wanted = words.value();
  }
  const ifindex = wanted === undefined ? undefined : session.device(wanted, FAILED).ifindex;
  out.begin();
  for (const port of dumpLinks(session.ns)) {
    if (port.bridgePort === undefined || (ifindex !== undefined && port.ifindex !== ifindex)) continue;
    out.openObject();
    printPort(session, port);
    out.close();
  }
  return 0;
}

/** print_linkinfo() of bridge/link.c */
function printPort(session: Session, message: LinkMessage): void {
  // What bridge gets (RTM_GETLINK of AF_BRIDGE) does not tell the namespace of a veth's peer: it takes the peer's number
  // for one of its own devices, and so does this; of a peer that has the port's own number it tells nothing.
  const peer = message.link === message.ifindex ? undefined : message.link;
  const link: LinkMessage = { ...message, link: peer, linkNetnsId: undefined };
  const { out, options } = session;
  const port = link.bridgePort;
  if (port === undefined) return;
  out.fact('ifindex', link.ifindex, `${link.ifindex}: `);
  printNameAndLink(session, link, (name) => `${name}: `);
  printFlags(session, link);
  out.fact('mtu', link.mtu, `mtu ${link.mtu} `);
  if (link.master !== undefined)
    out.fact('master', session.nameOf(link.master), `master ${session.nameOf(link.master)} `);
  out.fact('state', port.state, `state ${port.state} `);
  out.fact('priority', port.priority, `priority ${port.priority} `);
  out.fact('cost', port.cost, `cost ${port.cost} `);
  if (options.details) printDetails(session, port);
  out.text('\n');
}

function printDetails({ out }: Session, port: NonNullable<LinkMessage['bridgePort']>): void {
  const flag = (key: string, value: boolean): void => out.fact(key, value, `${key} ${value ? 'on' : 'off'} `);
  out.newline();
  out.text('    ');
  flag('hairpin', port.hairpin);
  flag('guard', port.guard);
  flag('root_block', port.rootBlock);
  flag('fastleave', port.fastleave);
  flag('learning', port.learning);
  flag('flood', port.flood);
  flag('mcast_flood', port.mcastFlood);
  flag('bcast_flood', port.bcastFlood);
  out.fact('mcast_router', port.mcastRouter, `mcast_router ${port.mcastRouter} `);
  flag('mcast_to_unicast', port.mcastToUnicast);
  flag('neigh_suppress', port.neighSuppress);
  flag('vlan_tunnel', port.vlanTunnel);
  flag('isolated', port.isolated);
  flag('locked', port.locked);
}

const FLAGS: Readonly<Record<string, keyof BridgePortOptions>> = {
  guard: 'guard',
  hairpin: 'hairpin',
  fastleave: 'fastleave',
  root_block: 'rootBlock',
  learning: 'learning',
  flood: 'flood',
  mcast_flood: 'mcastFlood',
  bcast_flood: 'bcastFlood',
  mcast_to_unicast: 'mcastToUnicast',
  neigh_suppress: 'neighSuppress',
  vlan_tunnel: 'vlanTunnel',
  isolated: 'isolated',
  locked: 'locked',
};

/** brlink_modify() */
function set(session: Session, words: Words): number {
  let dev: string | undefined;
  let options: BridgePortOptions = {};
  for (; words.more; words.next()) {
    const flag = FLAGS[words.word];
    if (words.is('dev')) dev = words.value();
    else if (flag !== undefined) options = { ...options, [flag]: switchWord(words) };
    else if (words.is('cost')) {
      // Only a cost above 0 is sent.
      const cost = Number.parseInt(words.value(), 10) || 0;
      if (cost > 0) options = { ...options, cost };
    } else if (words.is('priority')) options = { ...options, priority: Number.parseInt(words.value(), 10) || 0 };
    else if (words.is('state')) options = { ...options, state: portState(words.value()) };
    else if (words.is('learning_sync', 'mcast_router', 'hwmode', 'backup_port', 'nobackup_port')) {
      throw new Refusal(`bridge: not simulated here: link setting '${words.word}'\n`, 64);
    } else if (!words.is('self', 'master')) throw new Refusal(LINK_USAGE, FAILED);
  }
  if (dev === undefined) throw new Refusal('Device is a required argument.\n', FAILED);
  const device = session.linkNamed(dev);
  if (device === undefined) throw new Refusal(`Cannot find bridge device "${dev}"\n`, FAILED);
  session.answer(setLink(session.ns, device.ifindex, { bridgePort: options }), FAILED);
  return 0;
}

/** -EINVAL, as an exit status. */
const EINVAL_STATUS = 234;

function switchWord(words: Words): boolean {
  const name = words.word;
  const text = words.value();
  if (text === 'on' || text === 'off') return text === 'on';
  throw new Refusal(`Error: argument of "${name}" must be one of "off", "on", not "${text}"\n`, EINVAL_STATUS);
}

function portState(text: string): BridgePortState | undefined {
  const state = /^\d+$/.test(text) ? STATES[Number(text)] : STATES.find((name) => name === text.toLowerCase());
  if (state === undefined)
    throw new Refusal(
      /^\d+$/.test(text) ? 'RTNETLINK answers: Invalid argument\n' : 'Error: invalid STP port state\n',
      FAILED,
    );
  return state;
}
