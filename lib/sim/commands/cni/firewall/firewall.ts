import type { Wait } from '../../../os/index.ts';
import { CniError, tryingSteps } from '../error.ts';
import { quote } from '../go-text.ts';
import { Iptables } from '../iptables.ts';
import { type Call, cniPlugin } from '../plugin.ts';
import { familyOf, printResult, type Result } from '../result.ts';
import { hostsOf, readConfig } from './config.ts';
import { addRules, checkRules, deleteRules, isolateBridge } from './rules.ts';

/** Lets the traffic of a container through the forward chain. */
export const firewall = cniPlugin({
  name: 'firewall',
  summary: 'CNI plugin: accepts what containers send, and the answers, in the forward chain',
  since: '0.4.0',
  keys: [
    ['backend', 'iptables; firewalld is not simulated'],
    ['iptablesAdminChainName', 'chain of the administrator (CNI-ADMIN)'],
    ['ingressPolicy', 'open, or same-bridge: nothing from other bridges'],
    ['firewalldZone', 'zone of firewalld', false],
  ],
  *add(call) {
    const config = readConfig(call);
    if (config.previous === undefined) throw new CniError('missing prevResult from earlier plugin');
    const { result } = config.previous;
    for (const { family, ipt } of yield* open(call)) yield* addRules(ipt, hostsOf(result, family), config.adminChain);
    if (refuseUnknown(config.ingressPolicy)) yield* setupSameBridge(call, result);
    return printResult(result, config.cniVersion);
  },
  *check(call) {
    const config = readConfig(call);
    if (config.previous === undefined) throw new CniError('missing prevResult from earlier plugin');
    for (const { family, ipt } of yield* open(call))
      yield* checkRules(ipt, hostsOf(config.previous.result, family), config.adminChain);
    return undefined;
  },
  *del(call) {
    const config = readConfig(call);
    const tables = yield* open(call);
    if (config.previous !== undefined)
      for (const { family, ipt } of tables) yield* deleteRules(ipt, hostsOf(config.previous.result, family));
    // The chains of a bridge stay: other containers may be on it.
    refuseUnknown(config.ingressPolicy);
    return undefined;
  },
});

function* open({ process }: Call): Generator<Wait, { readonly family: 4 | 6; readonly ipt: Iptables }[], void> {
  const tables: { family: 4 | 6; ipt: Iptables }[] = [];
  for (const family of [4, 6] as const) {
    // The library counts its protocols from 0.
    const what = `could not initialize iptables protocol ${family === 4 ? 0 : 1}`;
    tables.push({ family, ipt: yield* tryingSteps(what, Iptables.open(process, family)) });
  }
  return tables;
}

/** Whether bridges are kept apart. */
function refuseUnknown(policy: string): boolean {
  if (policy === '' || policy === 'open') return false;
  if (policy === 'same-bridge') return true;
  throw new CniError(`unknown ingress policy: ${quote(policy)}`);
}

function* setupSameBridge(call: Call, { interfaces, ips }: Result): Generator<Wait, void, void> {
  const bridge = interfaces[0]?.name;
  if (bridge === undefined)
    throw new CniError(
      'interface needs to be set for ingress policy "same-bridge", make sure to chain "firewall" plugin with "bridge"',
    );
  if (bridge === '') throw new CniError('got empty bridge name');
  for (const family of new Set(ips.map(({ address }) => familyOf(address))))
    yield* isolateBridge(yield* Iptables.open(call.process, family), bridge);
}
