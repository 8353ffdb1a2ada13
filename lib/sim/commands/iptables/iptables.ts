import { netfilter } from '../../kernel/netfilter/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { execute } from './apply.ts';
import { complete } from './complete.ts';
import { IPTABLES_OPTIONS } from './options.ts';
import { ArgumentParser } from './parse.ts';
import { namesOf, namespaceOf, speaking, toolOf, VERSION } from './run.ts';

/** iptables 1.8.9 on nf_tables: rules of one namespace, read and changed one command at a time. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const { tool, family } = toolOf(process);
  const names = namesOf(process, namespaceOf(process, node));
  const args = process.argv.slice(1);
  if (args.some((arg) => arg === '-h' || arg === '--help')) return yield* notSimulated(process, tool, '--help');
  return yield* speaking(process, tool, () => {
    const request = new ArgumentParser(tool, family, args, names).parse();
    return request.verb === 'V' ? `${tool} ${VERSION}\n` : execute(namespaceOf(process, node), family, request, names);
  });
}

export const iptables: CommandSpec = {
  name: 'iptables',
  aliases: ['iptables-nft'],
  path: '/usr/sbin/iptables',
  summary: 'rules for IPv4 packets',
  options: IPTABLES_OPTIONS,
  complete,
  modules: [netfilter],
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
  run,
};
