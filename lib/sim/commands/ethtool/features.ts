import type { NetNs } from '../../kernel/index.ts';
import { changeFeatures, FEATURES, type Feature, readFeatures } from '../../kernel/offload/index.ts';

/** The old switches, each for a set of features: its word for -K, its line in -k, and which names it matches. */
const GROUPS: readonly (readonly [short: string, long: string, pattern: RegExp])[] = [
  ['rx', 'rx-checksumming', /^rx-checksum$/],
  ['tx', 'tx-checksumming', /^tx-checksum-/],
  ['sg', 'scatter-gather', /^tx-scatter-gather/],
  ['tso', 'tcp-segmentation-offload', /^tx-tcp.*-segmentation$/],
  ['gso', 'generic-segmentation-offload', /^tx-generic-segmentation$/],
  ['gro', 'generic-receive-offload', /^rx-gro$/],
  ['lro', 'large-receive-offload', /^rx-lro$/],
  ['rxvlan', 'rx-vlan-offload', /^rx-vlan-hw-parse$/],
  ['txvlan', 'tx-vlan-offload', /^tx-vlan-hw-insert$/],
  ['ntuple', 'ntuple-filters', /^rx-ntuple-filter$/],
  ['rxhash', 'receive-hashing', /^rx-hashing$/],
];

/** In the order of `ethtool -k`: the kernel's own, with checksums, segmentation of TCP in front. */
const SHOWN_ORDER = [
  'tx-checksum-ipv4',
  'tx-checksum-ip-generic',
  'tx-checksum-ipv6',
  'tx-checksum-fcoe-crc',
  'tx-checksum-sctp',
];

const onOff = (on: boolean): string => (on ? 'on' : 'off');

function stateOf({ active, wanted, fixed }: Feature): string {
  if (fixed) return `${onOff(active)} [fixed]`;
  return active === wanted ? onOff(active) : `${onOff(active)} [requested ${onOff(wanted)}]`;
}

/** `ethtool -k` */
export function describeFeatures(ns: NetNs, ifindex: number): string {
  const features = readFeatures(ns, ifindex) ?? [];
  const rank = (name: string): number => {
    const at = SHOWN_ORDER.indexOf(name);
    return at === -1 ? SHOWN_ORDER.length : at;
  };
  const grouped = GROUPS.map(([, long, pattern]) => {
    const members = features.filter((one) => pattern.test(one.name)).sort((a, b) => rank(a.name) - rank(b.name));
    const [only] = members;
    if (members.length === 1 && only !== undefined) return `${long}: ${stateOf(only)}\n`;
    const head = `${long}: ${onOff(members.some((one) => one.active))}\n`;
    return head + members.map((one) => `\t${one.name}: ${stateOf(one)}\n`).join('');
  });
  const others = features.filter((one) => !GROUPS.some(([, , pattern]) => pattern.test(one.name)));
  return (
    grouped.join('') +
    shownOrder(others)
      .map((one) => `${one.name}: ${stateOf(one)}\n`)
      .join('')
  );
}

/** Those without an old switch follow the kernel's order, but tags of service providers and what came later stand last. */
function shownOrder(features: readonly Feature[]): Feature[] {
  const late = (name: string): number => (/^(tx|rx)-vlan-stag/.test(name) ? 1 : LATE.has(name) ? 2 : 0);
  return [...features].sort((a, b) => late(a.name) - late(b.name));
}

const LATE = new Set(FEATURES.slice(FEATURES.indexOf('rx-all') + 1));

export type FeatureAnswer = { readonly output: string; readonly error: string; readonly status: number };

/** `ethtool -K DEV …`: the words behind the device. */
export function setFeatures(ns: NetNs, ifindex: number, words: readonly string[]): FeatureAnswer {
  const asked = new Map<string, boolean>();
  for (let i = 0; i < words.length; i += 2) {
    const [name = '', value] = [words[i], words[i + 1]];
    if (value !== 'on' && value !== 'off') {
      const error = `ethtool (-K): flag '${value ?? '(null)'}' for parameter '(null)' is not followed by 'on' or 'off'\n`;
      return { output: '', error, status: 1 };
    }
    const members = membersOf(name);
    if (members === undefined) {
      const error = 'netlink error: bit name not found (offset 52)\nnetlink error: Operation not supported\n';
      return { output: '', error, status: 92 };
    }
    for (const member of members) asked.set(member, value === 'on');
  }
  const before = readFeatures(ns, ifindex) ?? [];
  changeFeatures(ns, ifindex, asked);
  return report(before, readFeatures(ns, ifindex) ?? [], asked);
}

function membersOf(name: string): readonly string[] | undefined {
  const group = GROUPS.find(([short, long]) => name === short || name === long);
  if (group !== undefined) return FEATURES.filter((feature) => group[2].test(feature));
  // Fragmentation of UDP is a switch without a feature today.
  if (name === 'ufo' || name === 'udp-fragmentation-offload') return [];
  return FEATURES.includes(name) ? [name] : undefined;
}

/** show_feature_changes(): told only when the result is not exactly what was asked for. */
function report(
  before: readonly Feature[],
  after: readonly Feature[],
  asked: ReadonlyMap<string, boolean>,
): FeatureAnswer {
  const lines: string[] = [];
  let unexpected = false;
  let refused = 0;
  after.forEach(({ name, active }, i) => {
    const wish = asked.get(name);
    const changed = active !== before[i]?.active;
    if (wish !== undefined && wish !== active) {
      refused++;
      unexpected = true;
      lines.push(`${name}: ${onOff(active)} [requested ${onOff(wish)}]\n`);
    } else if (changed) {
      if (wish === undefined) unexpected = true;
      lines.push(`${name}: ${onOff(active)}${wish === undefined ? ' [not requested]' : ''}\n`);
    }
  });
  const nothing = refused === asked.size;
  return {
    output: unexpected ? `Actual changes:\n${lines.join('')}` : '',
    error: nothing ? 'Could not change any device features\n' : '',
    status: nothing ? 1 : 0,
  };
}
