import type { BridgeOptions, BridgePortOptions, BridgePortState, NewLink } from '../../kernel/index.ts';
import type { Session } from '../iproute2/session.ts';
import { duplicate, Refusal, unsigned, type Words } from '../iproute2/words.ts';
import { parseLink } from './link-parse.ts';
import { BRIDGE_SLAVE_USAGE, BRIDGE_USAGE, VETH_USAGE } from './usage.ts';

/** Kinds of devices that Linux has and the kernel here has not. */
const OTHER_KINDS = [
  ...['amt', 'bareudp', 'bond', 'bond_slave', 'dsa', 'erspan', 'geneve', 'gretap', 'gtp', 'ip6erspan', 'ip6gre'],
  ...['ip6gretap', 'ip6tnl', 'ipoib', 'ipvtap', 'macsec', 'macvtap', 'netdevsim', 'nlmon', 'rmnet'],
  ...['team', 'team_slave', 'vcan', 'vrf', 'vti', 'vxcan', 'wireguard', 'wwan', 'xfrm', 'virt_wifi'],
];

export function refuseOtherKind(kind: string): void {
  if (OTHER_KINDS.includes(kind)) throw new Refusal(`ip: not simulated here: link type ${kind}\n`, 64);
}

/** `type veth peer …`: the peer's settings, as those of a device that is made (link_veth.c). */
export function parseVeth(session: Session, words: Words): NewLink['peer'] {
  if (!words.abbreviates('peer')) throw new Refusal(VETH_USAGE, 1);
  words.next();
  const peer = parseLink(session, words, true);
  if (peer.type !== undefined) throw duplicate('type', peer.type);
  const { mac, mtu, txqlen, group, up, ifindex } = peer.settings;
  if (peer.addressLength !== undefined && peer.addressLength !== 6)
    throw new Refusal('RTNETLINK answers: Invalid argument\n', 2);
  return { name: peer.name, netns: peer.netns, mac, mtu, txqlen, group, up, ifindex };
}

/** Options of a bridge that the kernel here does not act on; a value that changes nothing is accepted. */
const INERT_BRIDGE_OPTIONS: Readonly<Record<string, number>> = {
  vlan_filtering: 0,
  vlan_default_pvid: 1,
  vlan_stats_enabled: 0,
  vlan_stats_per_port: 0,
  mcast_router: 1,
  mcast_vlan_snooping: 0,
  mcast_query_use_ifaddr: 0,
  mcast_querier: 0,
  mcast_hash_elasticity: 16,
  mcast_hash_max: 4096,
  mcast_stats_enabled: 0,
  nf_call_iptables: 0,
  nf_call_ip6tables: 0,
  nf_call_arptables: 0,
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** `type bridge …` (iplink_bridge.c). */
export function parseBridge(words: Words): BridgeOptions {
  const options: Writable<BridgeOptions> = {};
  const number = (name: string, max?: number): number => {
    words.value();
    return unsigned(words.word, `invalid ${name}`, max);
  };
  for (; words.more; words.next()) {
    if (words.abbreviates('forward_delay')) options.forwardDelay = number('forward_delay');
    else if (words.abbreviates('hello_time')) options.helloTime = number('hello_time');
    else if (words.abbreviates('max_age')) options.maxAge = number('max_age');
    else if (words.abbreviates('ageing_time')) options.ageingTime = number('ageing_time');
    else if (words.abbreviates('stp_state')) options.stpState = number('stp_state') === 0 ? 0 : 1;
    else if (words.abbreviates('priority')) options.priority = number('priority', 0xffff);
    else if (words.abbreviates('vlan_filtering')) inert(words, 'vlan_filtering');
    else if (words.abbreviates('group_fwd_mask')) options.groupFwdMask = number('group_fwd_mask', 0xffff);
    else if (words.abbreviates('fdb_flush')) options.fdbFlush = true;
    else if (words.is('mcast_snooping')) options.mcastSnooping = number('mcast_snooping', 255) === 0 ? 0 : 1;
    else if (words.abbreviates('help')) throw new Refusal(BRIDGE_USAGE, 1);
    else if (words.word in INERT_BRIDGE_OPTIONS) inert(words, words.word);
    else if (/^(vlan_protocol|group_address|no_linklocal_learn|mcast_)/.test(words.word))
      throw notSimulated(words.word);
    else throw new Refusal(`bridge: unknown command "${words.word}"?\n${BRIDGE_USAGE}`, 1);
  }
  return options;
}

function inert(words: Words, name: string): void {
  const value = unsigned(words.value(), `invalid ${name}`);
  if (value !== INERT_BRIDGE_OPTIONS[name]) throw notSimulated(`${name} ${value}`);
}

const notSimulated = (what: string): Refusal => new Refusal(`ip: not simulated here: bridge option ${what}\n`, 64);

const PORT_STATES: readonly BridgePortState[] = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

const PORT_FLAGS: Readonly<Record<string, keyof BridgePortOptions>> = {
  hairpin: 'hairpin',
  guard: 'guard',
  root_block: 'rootBlock',
  fastleave: 'fastleave',
  learning: 'learning',
  flood: 'flood',
  mcast_flood: 'mcastFlood',
  bcast_flood: 'bcastFlood',
  mcast_to_unicast: 'mcastToUnicast',
  proxy_arp: 'proxyArp',
  proxy_arp_wifi: 'proxyArpWifi',
  mcast_fast_leave: 'fastleave',
  neigh_suppress: 'neighSuppress',
  vlan_tunnel: 'vlanTunnel',
  isolated: 'isolated',
  locked: 'locked',
};

/** `type bridge_slave …` (iplink_bridge_slave.c). */
export function parseBridgePort(words: Words): BridgePortOptions {
  let options: BridgePortOptions = {};
  for (; words.more; words.next()) {
    const flag = Object.keys(PORT_FLAGS).find((name) => words.abbreviates(name));
    if (words.abbreviates('fdb_flush')) options = { ...options, fdbFlush: true };
    else if (words.abbreviates('state')) options = { ...options, state: portState(words.value()) };
    else if (words.abbreviates('priority'))
      options = { ...options, priority: unsigned(words.value(), 'priority is invalid', 0xffff) };
    else if (words.abbreviates('cost')) options = { ...options, cost: unsigned(words.value(), 'cost is invalid') };
    else if (flag !== undefined) options = { ...options, [PORT_FLAGS[flag] as string]: offOn(flag, words.value()) };
    else if (words.abbreviates('help')) throw new Refusal(BRIDGE_SLAVE_USAGE, 1);
    else if (/^(mcast_router|group_fwd_mask|backup_port|nobackup_port)$/.test(words.word)) {
      throw new Refusal(`ip: not simulated here: bridge_slave option ${words.word}\n`, 64);
    } else throw new Refusal(`bridge_slave: unknown option "${words.word}"?\n${BRIDGE_SLAVE_USAGE}`, 1);
  }
  return options;
}

/** parse_on_off() */
function offOn(key: string, word: string): boolean {
  if (word === 'on' || word === 'off') return word === 'on';
  throw new Refusal(`Error: argument of "${key}" must be one of "off", "on", not "${word}"\n`, 1);
}

function portState(text: string): BridgePortState | undefined {
  return PORT_STATES[unsigned(text, 'state is invalid', 255)];
}
