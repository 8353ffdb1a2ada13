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
import { clear } from './clear/clear.ts';
import { cmp } from './cmp/cmp.ts';
import { column } from './column/column.ts';
import type { CommandSpec } from './command.ts';
import { installCompletion } from './completion.ts';
import { cp } from './cp/cp.ts';
import { cut } from './cut/cut.ts';
import { date } from './date/date.ts';
import { df } from './df/df.ts';
import { diff } from './diff/diff.ts';
import { du } from './du/du.ts';
import { echo } from './echo/echo.ts';
import { env } from './env/env.ts';
import { expr } from './expr/expr.ts';
import { file } from './file/file.ts';
import { find } from './find/find.ts';
import { fold } from './fold/fold.ts';
import { free } from './free/free.ts';
import { egrep, fgrep, grep } from './grep/grep.ts';
import { head } from './head/head.ts';
import { hexdump } from './hexdump/hexdump.ts';
import { hostname } from './hostname/hostname.ts';
import { id, whoami } from './id/id.ts';
import { ip } from './ip/ip.ts';
import { namedNamespaces } from './iproute2/named-netns.ts';
import { kill } from './kill/kill.ts';
import { less, more } from './less/less.ts';
import { ln } from './ln/ln.ts';
import { ls } from './ls/ls.ts';
import { lsns } from './lsns/lsns.ts';
import { mkdir } from './mkdir/mkdir.ts';
import { mktemp } from './mktemp/mktemp.ts';
import { mv } from './mv/mv.ts';
import { nl } from './nl/nl.ts';
import { nohup } from './nohup/nohup.ts';
import { nproc } from './nproc/nproc.ts';
import { nsenter } from './nsenter/nsenter.ts';
import { od } from './od/od.ts';
import { paste } from './paste/paste.ts';
import { pingCommand } from './ping/ping.ts';
import { pgrep, pkill } from './pkill/pkill.ts';
import { printenv } from './printenv/printenv.ts';
import { ps } from './ps/ps.ts';
import { pwd } from './pwd/pwd.ts';
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
import { timeout } from './timeout/timeout.ts';
import { top } from './top/top.ts';
import { touch } from './touch/touch.ts';
import { tr } from './tr/tr.ts';
import { traceroute } from './traceroute/traceroute.ts';
import { mountNetworkTrees } from './trees/index.ts';
import { falseCommand, trueCommand } from './true/true.ts';
import { tty } from './tty/tty.ts';
import { uname } from './uname/uname.ts';
import { uniq } from './uniq/uniq.ts';
import { unshare } from './unshare/unshare.ts';
import { uptime } from './uptime/uptime.ts';
import { watch } from './watch/watch.ts';
import { wc } from './wc/wc.ts';
import { which } from './which/which.ts';
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
  clear,
  cmp,
  column,
  cp,
  cut,
  date,
  df,
  diff,
  dirname,
  du,
  echo,
  egrep,
  env,
  expr,
  falseCommand,
  fgrep,
  file,
  find,
  fold,
  free,
  grep,
  head,
  hexdump,
  hostname,
  id,
  ip,
  kill,
  less,
  ln,
  ls,
  lsns,
  mkdir,
  mktemp,
  more,
  mv,
  nl,
  nohup,
  nproc,
  nsenter,
  od,
  paste,
  pgrep,
  pingCommand,
  pkill,
  printenv,
  ps,
  pwd,
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
  timeout,
  top,
  touch,
  tr,
  traceroute,
  trueCommand,
  tty,
  uname,
  uniq,
  unshare,
  uptime,
  watch,
  wc,
  which,
  whoami,
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
