import { dumpLinks } from '../../kernel/index.ts';
import type { Process } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';

/** Verbs of each object and the words that may follow them, as Debian's bash completion offers them. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  address: ['add', 'change', 'replace', 'del', 'show', 'flush', 'help'],
  link: ['add', 'delete', 'set', 'show', 'property', 'help'],
  route: ['add', 'append', 'change', 'delete', 'flush', 'get', 'help', 'replace', 'show'],
  rule: ['add', 'del', 'flush', 'help', 'list'],
  neigh: ['add', 'change', 'del', 'flush', 'get', 'help', 'replace', 'show'],
  netns: ['add', 'attach', 'delete', 'exec', 'help', 'identify', 'list', 'list-id', 'pids', 'set'],
  monitor: ['all', 'address', 'label', 'link', 'neigh', 'route', 'rule', 'help'],
};

const OBJECTS = ['address', 'link', 'monitor', 'neigh', 'netns', 'route', 'rule', 'help'];

const WORDS: Readonly<Record<string, readonly string[]>> = {
  'link add': [
    'address',
    'alias',
    'dev',
    'group',
    'index',
    'master',
    'mtu',
    'name',
    'netns',
    'txqueuelen',
    'type',
    'up',
    'peer',
  ],
  'link set': [
    'up',
    'down',
    'address',
    'alias',
    'allmulticast',
    'arp',
    'dev',
    'group',
    'master',
    'mtu',
    'multicast',
    'name',
    'netns',
    'nomaster',
    'promisc',
    'txqueuelen',
    'type',
  ],
  'link show': ['dev', 'group', 'master', 'nomaster', 'type', 'up'],
  'link delete': ['dev', 'group'],
  'address add': ['broadcast', 'dev', 'label', 'nodad', 'peer', 'scope', 'valid_lft', 'preferred_lft'],
  'address del': ['dev'],
  'address show': ['dev', 'scope', 'to', 'up', 'master', 'type', 'primary', 'secondary', 'permanent', 'dynamic'],
  'address flush': ['dev', 'scope', 'to', 'label'],
  'route add': [
    'default',
    'dev',
    'via',
    'src',
    'metric',
    'mtu',
    'onlink',
    'proto',
    'scope',
    'table',
    'nexthop',
    'blackhole',
    'unreachable',
    'prohibit',
    'throw',
  ],
  'route show': ['dev', 'table', 'via', 'proto', 'scope', 'type', 'root', 'match', 'exact'],
  'route get': ['from', 'iif', 'oif', 'mark', 'to'],
  'route flush': ['cache', 'dev', 'table', 'proto'],
  'rule add': [
    'from',
    'to',
    'fwmark',
    'iif',
    'oif',
    'lookup',
    'priority',
    'not',
    'blackhole',
    'unreachable',
    'prohibit',
    'goto',
  ],
  'neigh add': ['dev', 'lladdr', 'nud', 'proxy'],
  'neigh show': ['dev', 'nud', 'proxy'],
  'neigh flush': ['all', 'dev', 'nud'],
};

/** Words after which a device is expected. */
const BEFORE_DEVICE = ['dev', 'master', 'iif', 'oif', 'link'];
const NUD = ['all', 'delay', 'failed', 'incomplete', 'noarp', 'none', 'permanent', 'probe', 'reachable', 'stale'];

const canonical = (word: string, among: readonly string[]): string | undefined =>
  among.find((full) => word !== '' && full.startsWith(word));

/** What may stand at the last of `words`, of which the first is `ip`. */
export function completeIp(words: readonly string[], node: Node, process?: Process): string[] {
  const before = words.slice(1, -1);
  const names = namedNamespaces(node).list();
  const named = netnsBefore(before);
  const ns =
    (named === undefined ? undefined : namedNamespaces(node).get(named)) ??
    node.kernel.netns(process?.netns ?? node.kernel.init.inode);
  const devices = ns === undefined ? [] : dumpLinks(ns).map((link) => link.name);
  const previous = before.at(-1) ?? '';
  if (previous === '-n' || previous === '-netns' || previous === 'netns')
    return previous === 'netns' && isObject(before) ? [...(VERBS.netns ?? [])] : names;
  if (BEFORE_DEVICE.includes(previous) && !isObject(before)) return devices;
  if (previous === 'nud') return NUD;
  if (previous === 'type') return ['bridge', 'bridge_slave', 'dummy', 'veth'];
  if (previous === 'table' || previous === 'lookup') return ['main', 'local', 'default', 'all'];
  return objectWords(before, devices, names);
}

/** `ip netns ` and `ip link ` ask for a verb; `ip link set x netns ` asks for a namespace. */
const isObject = (before: readonly string[]): boolean => withoutOptions(before).length === 1;

function netnsBefore(before: readonly string[]): string | undefined {
  const at = before.findIndex((word) => word === '-n' || word === '-netns');
  return at < 0 ? undefined : before[at + 1];
}

function withoutOptions(before: readonly string[]): string[] {
  const left: string[] = [];
  for (let i = 0; i < before.length; i++) {
    const word = before[i] ?? '';
    if (['-n', '-netns', '-f', '-family', '-b', '-batch'].includes(word)) i++;
    else if (left.length > 0 || !word.startsWith('-')) left.push(word);
  }
  return left;
}

function objectWords(before: readonly string[], devices: readonly string[], names: readonly string[]): string[] {
  const [objectText, verbText, ...rest] = withoutOptions(before);
  if (objectText === undefined) return OBJECTS;
  const object = canonical(objectText, OBJECTS) ?? '';
  const verbs = VERBS[object] ?? [];
  if (verbText === undefined) return [...verbs];
  const verb = canonical(verbText, verbs) ?? '';
  if (object === 'netns')
    return ['delete', 'exec', 'pids', 'set', 'list-id'].includes(verb) && rest.length === 0 ? [...names] : [];
  const deviceFirst = (object === 'link' && verb !== 'add') || (object === 'address' && verb === 'show');
  return [...(deviceFirst && rest.length === 0 ? devices : []), ...(WORDS[`${object} ${verb}`] ?? [])];
}
