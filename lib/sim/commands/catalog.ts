import type { Node } from '../world/index.ts';
import { arp } from './arp/arp.ts';
import { awk } from './awk/awk.ts';
import { base64 } from './base64/base64.ts';
import { basename, dirname } from './basename/basename.ts';
import { bash } from './bash/bash.ts';
import { brctl } from './brctl/brctl.ts';
import { bridge } from './bridge/bridge.ts';
import { cat } from './cat/cat.ts';
import { chmod } from './chmod/chmod.ts';
import { chgrp, chown } from './chown/chown.ts';
import { cmp } from './cmp/cmp.ts';
import { column } from './column/column.ts';
import type { CommandSpec } from './command.ts';
import { installCompletion } from './completion.ts';
import { cp } from './cp/cp.ts';
import { cut } from './cut/cut.ts';
import { date } from './date/date.ts';
import { diff } from './diff/diff.ts';
import { echo } from './echo/echo.ts';
import { expr } from './expr/expr.ts';
import { fold } from './fold/fold.ts';
import { egrep, fgrep, grep } from './grep/grep.ts';
import { head } from './head/head.ts';
import { hexdump } from './hexdump/hexdump.ts';
import { ip } from './ip/ip.ts';
import { namedNamespaces } from './iproute2/named-netns.ts';
import { ln } from './ln/ln.ts';
import { ls } from './ls/ls.ts';
import { lsns } from './lsns/lsns.ts';
import { mkdir } from './mkdir/mkdir.ts';
import { mktemp } from './mktemp/mktemp.ts';
import { mv } from './mv/mv.ts';
import { nl } from './nl/nl.ts';
import { nsenter } from './nsenter/nsenter.ts';
import { od } from './od/od.ts';
import { paste } from './paste/paste.ts';
import { pingCommand } from './ping/ping.ts';
import { readlink } from './readlink/readlink.ts';
import { realpath } from './realpath/realpath.ts';
import { rev } from './rev/rev.ts';
import { rm } from './rm/rm.ts';
import { rmdir } from './rmdir/rmdir.ts';
import { sed } from './sed/sed.ts';
import { seq } from './seq/seq.ts';
import { sleep } from './sleep/sleep.ts';
import { sort } from './sort/sort.ts';
import { stat } from './stat/stat.ts';
import { sysctlCommand } from './sysctl/sysctl.ts';
import { tac } from './tac/tac.ts';
import { tail } from './tail/tail.ts';
import { tcpdumpCommand } from './tcpdump/tcpdump.ts';
import { tee } from './tee/tee.ts';
import { touch } from './touch/touch.ts';
import { tr } from './tr/tr.ts';
import { mountNetworkTrees } from './trees/index.ts';
import { falseCommand, trueCommand } from './true/true.ts';
import { uniq } from './uniq/uniq.ts';
import { unshare } from './unshare/unshare.ts';
import { wc } from './wc/wc.ts';
import { xargs } from './xargs/xargs.ts';
import { xxd } from './xxd/xxd.ts';
import { yes } from './yes/yes.ts';

/** Every command of a machine: one line each. Names, completion, help and the fidelity table derive from this list. */
export const catalog: readonly CommandSpec[] = [
  arp,
  awk,
  base64,
  basename,
  bash,
  brctl,
  bridge,
  cat,
  chgrp,
  chmod,
  chown,
  cmp,
  column,
  cp,
  cut,
  date,
  diff,
  dirname,
  echo,
  egrep,
  expr,
  falseCommand,
  fgrep,
  fold,
  grep,
  head,
  hexdump,
  ip,
  ln,
  ls,
  lsns,
  mkdir,
  mktemp,
  mv,
  nl,
  nsenter,
  od,
  paste,
  pingCommand,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  sed,
  seq,
  sleep,
  sort,
  stat,
  sysctlCommand,
  tac,
  tail,
  tcpdumpCommand,
  tee,
  touch,
  tr,
  trueCommand,
  uniq,
  unshare,
  wc,
  xargs,
  xxd,
  yes,
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
