import type { Node } from '../world/index.ts';
import { installNetworkNames } from './bash/network-names.ts';
import { installCompletion } from './completion.ts';
import { namedNamespaces } from './iproute2/named-netns.ts';
import { type CatalogCommand, command, programOf } from './load.ts';
import { mountNetworkTrees } from './trees/network-trees.ts';

/**
 * Every command of a machine: one line each, its name, where it lies, the module that has it (which loads when the command
 * is first used), its other names. Names, completion, help and the fidelity table derive from this list.
 */
export const catalog: readonly CatalogCommand[] = [
  command('[', '/usr/bin/[', () => import('./test/test.ts')),
  command('arp', '/usr/sbin/arp', () => import('./arp/arp.ts')),
  command('arping', '/usr/sbin/arping', () => import('./arping/arping.ts')),
  command('awk', '/usr/bin/awk', () => import('./awk/awk.ts'), ['mawk']),
  command('base64', '/usr/bin/base64', () => import('./base64/base64.ts')),
  command('basename', '/usr/bin/basename', () => import('./basename/basename.ts')),
  command('bash', '/usr/bin/bash', () => import('./bash/bash.ts'), ['sh']),
  command('brctl', '/usr/sbin/brctl', () => import('./brctl/brctl.ts')),
  command('bridge', '/usr/sbin/bridge', () => import('./bridge/bridge.ts')),
  command('cat', '/usr/bin/cat', () => import('./cat/cat.ts')),
  command('chgrp', '/usr/bin/chgrp', () => import('./chown/chown.ts')),
  command('chmod', '/usr/bin/chmod', () => import('./chmod/chmod.ts')),
  command('chown', '/usr/bin/chown', () => import('./chown/chown.ts')),
  command('clear', '/usr/bin/clear', () => import('./clear/clear.ts')),
  command('cmp', '/usr/bin/cmp', () => import('./cmp/cmp.ts')),
  command('column', '/usr/bin/column', () => import('./column/column.ts')),
  command('comm', '/usr/bin/comm', () => import('./comm/comm.ts')),
  command('conntrack', '/usr/sbin/conntrack', () => import('./conntrack/conntrack.ts')),
  command('cp', '/usr/bin/cp', () => import('./cp/cp.ts')),
  command('curl', '/usr/bin/curl', () => import('./curl/curl.ts')),
  command('cut', '/usr/bin/cut', () => import('./cut/cut.ts')),
  command('date', '/usr/bin/date', () => import('./date/date.ts')),
  command('df', '/usr/bin/df', () => import('./df/df.ts')),
  command('diff', '/usr/bin/diff', () => import('./diff/diff.ts')),
  command('dig', '/usr/bin/dig', () => import('./dig/dig.ts')),
  command('dirname', '/usr/bin/dirname', () => import('./basename/basename.ts')),
  command('dmesg', '/usr/bin/dmesg', () => import('./dmesg/dmesg.ts')),
  command('du', '/usr/bin/du', () => import('./du/du.ts')),
  command('echo', '/usr/bin/echo', () => import('./echo/echo.ts')),
  command('egrep', '/usr/bin/egrep', () => import('./grep/grep.ts')),
  command('env', '/usr/bin/env', () => import('./env/env.ts')),
  command('ethtool', '/usr/sbin/ethtool', () => import('./ethtool/ethtool.ts')),
  command('expr', '/usr/bin/expr', () => import('./expr/expr.ts')),
  command('false', '/usr/bin/false', () => import('./true/true.ts')),
  command('fgrep', '/usr/bin/fgrep', () => import('./grep/grep.ts')),
  command('file', '/usr/bin/file', () => import('./file/file.ts')),
  command('find', '/usr/bin/find', () => import('./find/find.ts')),
  command('fold', '/usr/bin/fold', () => import('./fold/fold.ts')),
  command('free', '/usr/bin/free', () => import('./free/free.ts')),
  command('getent', '/usr/bin/getent', () => import('./getent/getent.ts')),
  command('grep', '/usr/bin/grep', () => import('./grep/grep.ts')),
  command('head', '/usr/bin/head', () => import('./head/head.ts')),
  command('hexdump', '/usr/bin/hexdump', () => import('./hexdump/hexdump.ts')),
  command('host', '/usr/bin/host', () => import('./host/host.ts')),
  command('hostname', '/usr/bin/hostname', () => import('./hostname/hostname.ts')),
  command('id', '/usr/bin/id', () => import('./id/id.ts')),
  command('ifconfig', '/usr/sbin/ifconfig', () => import('./ifconfig/ifconfig.ts')),
  command('ip', '/usr/sbin/ip', () => import('./ip/ip.ts')),
  command('ip6tables', '/usr/sbin/ip6tables', () => import('./iptables/iptables.ts'), ['ip6tables-nft']),
  command('ip6tables-restore', '/usr/sbin/ip6tables-restore', () => import('./iptables/restore.ts'), [
    'ip6tables-nft-restore',
  ]),
  command('ip6tables-save', '/usr/sbin/ip6tables-save', () => import('./iptables/save.ts'), ['ip6tables-nft-save']),
  command('ipset', '/usr/sbin/ipset', () => import('./ipset/ipset.ts')),
  command('iptables', '/usr/sbin/iptables', () => import('./iptables/iptables.ts'), ['iptables-nft']),
  command('iptables-restore', '/usr/sbin/iptables-restore', () => import('./iptables/restore.ts'), [
    'iptables-nft-restore',
  ]),
  command('iptables-save', '/usr/sbin/iptables-save', () => import('./iptables/save.ts'), ['iptables-nft-save']),
  command('jq', '/usr/bin/jq', () => import('./jq/jq.ts')),
  command('kill', '/usr/bin/kill', () => import('./kill/kill.ts')),
  command('less', '/usr/bin/less', () => import('./less/less.ts')),
  command('ln', '/usr/bin/ln', () => import('./ln/ln.ts')),
  command('ls', '/usr/bin/ls', () => import('./ls/ls.ts')),
  command('lsns', '/usr/bin/lsns', () => import('./lsns/lsns.ts')),
  command('md5sum', '/usr/bin/md5sum', () => import('./digest/digest.ts')),
  command('mkdir', '/usr/bin/mkdir', () => import('./mkdir/mkdir.ts')),
  command('mkfifo', '/usr/bin/mkfifo', () => import('./mkfifo/mkfifo.ts')),
  command('mktemp', '/usr/bin/mktemp', () => import('./mktemp/mktemp.ts')),
  command('more', '/usr/bin/more', () => import('./less/less.ts')),
  command('mtr', '/usr/bin/mtr', () => import('./mtr/mtr.ts')),
  command('mv', '/usr/bin/mv', () => import('./mv/mv.ts')),
  command('nc', '/usr/bin/nc', () => import('./nc/nc.ts'), ['netcat', 'nc.openbsd']),
  command('nft', '/usr/sbin/nft', () => import('./nft/nft.ts')),
  command('netstat', '/usr/bin/netstat', () => import('./netstat/netstat.ts')),
  command('nl', '/usr/bin/nl', () => import('./nl/nl.ts')),
  command('nohup', '/usr/bin/nohup', () => import('./nohup/nohup.ts')),
  command('nproc', '/usr/bin/nproc', () => import('./nproc/nproc.ts')),
  command('nsenter', '/usr/bin/nsenter', () => import('./nsenter/nsenter.ts')),
  command('nslookup', '/usr/bin/nslookup', () => import('./nslookup/nslookup.ts')),
  command('nstat', '/usr/bin/nstat', () => import('./nstat/nstat.ts')),
  command('od', '/usr/bin/od', () => import('./od/od.ts')),
  command('paste', '/usr/bin/paste', () => import('./paste/paste.ts')),
  command('pgrep', '/usr/bin/pgrep', () => import('./pkill/pkill.ts')),
  command('ping', '/usr/bin/ping', () => import('./ping/ping.ts'), ['ping4', 'ping6']),
  command('pkill', '/usr/bin/pkill', () => import('./pkill/pkill.ts')),
  command('printenv', '/usr/bin/printenv', () => import('./printenv/printenv.ts')),
  command('printf', '/usr/bin/printf', () => import('./printf/printf.ts')),
  command('ps', '/usr/bin/ps', () => import('./ps/ps.ts')),
  command('pwd', '/usr/bin/pwd', () => import('./pwd/pwd.ts')),
  command('python3', '/usr/bin/python3', () => import('./python3/python3.ts'), ['python3.11']),
  command('readlink', '/usr/bin/readlink', () => import('./readlink/readlink.ts')),
  command('realpath', '/usr/bin/realpath', () => import('./realpath/realpath.ts')),
  command('rev', '/usr/bin/rev', () => import('./rev/rev.ts')),
  command('rm', '/usr/bin/rm', () => import('./rm/rm.ts')),
  command('rmdir', '/usr/bin/rmdir', () => import('./rmdir/rmdir.ts')),
  command('route', '/usr/sbin/route', () => import('./route/route.ts')),
  command('sed', '/usr/bin/sed', () => import('./sed/sed.ts')),
  command('seq', '/usr/bin/seq', () => import('./seq/seq.ts')),
  command('sha1sum', '/usr/bin/sha1sum', () => import('./digest/digest.ts')),
  command('sha256sum', '/usr/bin/sha256sum', () => import('./digest/digest.ts')),
  command('shuf', '/usr/bin/shuf', () => import('./shuf/shuf.ts')),
  command('sleep', '/usr/bin/sleep', () => import('./sleep/sleep.ts')),
  command('socat', '/usr/bin/socat', () => import('./socat/socat.ts')),
  command('sort', '/usr/bin/sort', () => import('./sort/sort.ts')),
  command('ss', '/usr/bin/ss', () => import('./ss/ss.ts')),
  command('stat', '/usr/bin/stat', () => import('./stat/stat.ts')),
  command('sysctl', '/usr/sbin/sysctl', () => import('./sysctl/sysctl.ts')),
  command('tac', '/usr/bin/tac', () => import('./tac/tac.ts')),
  command('tail', '/usr/bin/tail', () => import('./tail/tail.ts')),
  command('tc', '/usr/sbin/tc', () => import('./tc/tc.ts')),
  command('tcpdump', '/usr/bin/tcpdump', () => import('./tcpdump/tcpdump.ts')),
  command('tee', '/usr/bin/tee', () => import('./tee/tee.ts')),
  command('test', '/usr/bin/test', () => import('./test/test.ts')),
  command('timeout', '/usr/bin/timeout', () => import('./timeout/timeout.ts')),
  command('top', '/usr/bin/top', () => import('./top/top.ts')),
  command('touch', '/usr/bin/touch', () => import('./touch/touch.ts')),
  command('tr', '/usr/bin/tr', () => import('./tr/tr.ts')),
  command('traceroute', '/usr/sbin/traceroute', () => import('./traceroute/traceroute.ts'), ['traceroute6']),
  command('true', '/usr/bin/true', () => import('./true/true.ts')),
  command('truncate', '/usr/bin/truncate', () => import('./truncate/truncate.ts')),
  command('tty', '/usr/bin/tty', () => import('./tty/tty.ts')),
  command('uname', '/usr/bin/uname', () => import('./uname/uname.ts')),
  command('uniq', '/usr/bin/uniq', () => import('./uniq/uniq.ts')),
  command('unshare', '/usr/bin/unshare', () => import('./unshare/unshare.ts')),
  command('uptime', '/usr/bin/uptime', () => import('./uptime/uptime.ts')),
  command('watch', '/usr/bin/watch', () => import('./watch/watch.ts')),
  command('wc', '/usr/bin/wc', () => import('./wc/wc.ts')),
  command('wget', '/usr/bin/wget', () => import('./wget/wget.ts')),
  command('which', '/usr/bin/which', () => import('./which/which.ts')),
  command('whoami', '/usr/bin/whoami', () => import('./id/id.ts')),
  command('xargs', '/usr/bin/xargs', () => import('./xargs/xargs.ts')),
  command('xxd', '/usr/bin/xxd', () => import('./xxd/xxd.ts')),
  command('yes', '/usr/bin/yes', () => import('./yes/yes.ts')),
];

/** The CNI plugins, which are run by their paths: their names are no commands' names. */
export const cniPlugins: readonly CatalogCommand[] = [
  'bandwidth',
  'bridge',
  'dhcp',
  'firewall',
  'host-device',
  'host-local',
  'ipvlan',
  'loopback',
  'macvlan',
  'portmap',
  'ptp',
  'sbr',
  'static',
  'tuning',
  'vlan',
  'vrf',
].map((name) => command(name, `/opt/cni/bin/${name}`, () => import('./cni/plugins.ts')));

/** All programs of a machine. */
export const programs = [...catalog, ...cniPlugins];

/** Makes a machine usable: its programs at their paths, its network as files, completion. */
export function installCatalog(node: Node): void {
  for (const entry of programs) {
    const folder = entry.path.slice(0, entry.path.lastIndexOf('/'));
    for (const name of [entry.path, ...entry.aliases.map((alias) => `${folder}/${alias}`)]) {
      node.machine.fs.installProgram(name, programOf(entry, node));
    }
  }
  // The CNI's folders, as the packages of a node leave them: configurations, and what plugins remember.
  for (const folder of ['/etc/cni/net.d', '/var/lib/cni']) node.machine.fs.mkdir(folder, { parents: true });
  namedNamespaces(node);
  mountNetworkTrees(node);
  installCompletion(node, catalog);
  installNetworkNames(node);
}
