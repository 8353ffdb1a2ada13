import type { Node } from '../world/index.ts';
import { awk } from './awk/awk.ts';
import { cat } from './cat/cat.ts';
import type { CommandSpec } from './command.ts';
import { installCompletion } from './completion.ts';
import { cut } from './cut/cut.ts';
import { egrep, fgrep, grep } from './grep/grep.ts';
import { head } from './head/head.ts';
import { ip } from './ip/ip.ts';
import { namedNamespaces } from './iproute2/named-netns.ts';
import { pingCommand } from './ping/ping.ts';
import { rev } from './rev/rev.ts';
import { sed } from './sed/sed.ts';
import { sysctlCommand } from './sysctl/sysctl.ts';
import { tac } from './tac/tac.ts';
import { tail } from './tail/tail.ts';
import { tcpdumpCommand } from './tcpdump/tcpdump.ts';
import { tee } from './tee/tee.ts';
import { tr } from './tr/tr.ts';
import { mountNetworkTrees } from './trees/index.ts';
import { uniq } from './uniq/uniq.ts';
import { wc } from './wc/wc.ts';

/** Every command of a machine: one line each. Names, completion, help and the fidelity table derive from this list. */
export const catalog: readonly CommandSpec[] = [
  awk,
  cat,
  cut,
  egrep,
  fgrep,
  grep,
  head,
  ip,
  pingCommand,
  rev,
  sed,
  sysctlCommand,
  tac,
  tail,
  tcpdumpCommand,
  tee,
  tr,
  uniq,
  wc,
];

/** Makes a machine usable: its commands at their paths, its network as files, completion. */
export function installCatalog(node: Node, commands: readonly CommandSpec[] = catalog): void {
  for (const command of commands) {
    const folder = command.path.slice(0, command.path.lastIndexOf('/'));
    node.machine.fs.mkdir(folder, { parents: true });
    for (const path of [command.path, ...(command.aliases ?? []).map((alias) => `${folder}/${alias}`)]) {
      node.machine.fs.installProgram(path, (process) => command.run(process, node));
    }
  }
  namedNamespaces(node);
  mountNetworkTrees(node);
  installCompletion(node, commands);
}
