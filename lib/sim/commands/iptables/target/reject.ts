import type { Family } from '../../../kernel/index.ts';
import type { Target } from '../../../kernel/netfilter/index.ts';
import { last, type TargetExtension } from '../extension.ts';
import { badParameter } from '../refusal.ts';

type Reject = Extract<Target, { name: 'REJECT' }>;

/** Names that --reject-with takes, each with its other spelling. */
const TYPES: Readonly<Record<Family, readonly (readonly [name: string, alias: string])[]>> = {
  4: [
    ['icmp-net-unreachable', 'net-unreach'],
    ['icmp-host-unreachable', 'host-unreach'],
    ['icmp-proto-unreachable', 'proto-unreach'],
    ['icmp-port-unreachable', 'port-unreach'],
    ['icmp-net-prohibited', 'net-prohib'],
    ['icmp-host-prohibited', 'host-prohib'],
    ['tcp-reset', 'tcp-rst'],
    ['icmp-admin-prohibited', 'admin-prohib'],
  ],
  6: [
    ['icmp6-no-route', 'no-route'],
    ['icmp6-adm-prohibited', 'adm-prohibited'],
    ['icmp6-addr-unreachable', 'addr-unreach'],
    ['icmp6-port-unreachable', 'port-unreach'],
    ['tcp-reset', 'tcp-reset'],
    ['icmp6-policy-fail', 'policy-fail'],
    ['icmp6-reject-route', 'reject-route'],
  ],
};

export const reject: TargetExtension<Reject> = {
  name: 'REJECT',
  options: [{ name: 'reject-with' }],
  parse: (given, { family }) => {
    const one = last(given, 'reject-with');
    if (one === undefined)
      return { name: 'REJECT', with: family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable' };
    const wanted = one.value.toLowerCase();
    const found = TYPES[family].find(([name, alias]) => name.startsWith(wanted) || alias.startsWith(wanted));
    if (found === undefined) throw badParameter(`unknown reject type "${one.value}"`);
    return { name: 'REJECT', with: found[0] };
  },
  save: (data) => `--reject-with ${data.with}`,
  list: (data) => `reject-with ${data.with}`,
};
