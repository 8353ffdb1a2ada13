import { netfilter } from '../../kernel/netfilter/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { arrival, Lazy } from '../lazy.ts';
import { execute } from './apply.ts';
import { complete } from './complete.ts';
import { IPTABLES_OPTIONS } from './options.ts';
import { ArgumentParser } from './parse.ts';
import { namesOf, namespaceOf, speaking, toolOf, VERSION } from './run.ts';

/** iptables 1.8.9 on nf_tables: rules of one namespace, read and changed one command at a time. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const { tool, family } = toolOf(process);
  const names = namesOf(process, namespaceOf(process, node));
  let warnings = '';
  let helpFor: readonly string[] | undefined;
  const work = (): string => {
    const request = new ArgumentParser(tool, family, process.argv.slice(1), names).parse();
    warnings = request.warnings;
    if (request.verb === 'h') helpFor = request.help;
    if (request.verb === 'h') return '';
    return request.verb === 'V' ? `${tool} ${VERSION}\n` : execute(namespaceOf(process, node), family, request, names);
  };
  const status = yield* speaking(process, tool, work);
  if (warnings !== '') yield* process.printError(warnings);
  if (helpFor === undefined) return status;
  const { helpText } = yield* arrival(process, helpPart);
  yield* process.print(helpText(tool, family, helpFor));
  return 0;
}

const helpPart = new Lazy(() => import('./help.ts'));

export const iptables: CommandSpec = {
  name: 'iptables',
  aliases: ['iptables-nft'],
  path: '/usr/sbin/iptables',
  summary: 'rules for IPv4 packets',
  options: IPTABLES_OPTIONS,
  complete,
  modules: [netfilter],
  parts: [helpPart],
  run,
};

export const ip6tables: CommandSpec = {
  name: 'ip6tables',
  aliases: ['ip6tables-nft'],
  path: '/usr/sbin/ip6tables',
  summary: 'rules for IPv6 packets',
  options: IPTABLES_OPTIONS,
  complete,
  modules: [netfilter],
  parts: [helpPart],
  run,
};
