import type { NetNs } from '../../kernel/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated, type OptionSpec } from '../command.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { SocketList } from './sockets.ts';
import { parseCounters, statisticsText } from './statistics.ts';
import { interfaceTable, routeTable } from './tables.ts';
import { USAGE, VERSION } from './usage.ts';

const option = (flags: string, text: string, simulated = true): OptionSpec => ({
  flags: flags.split(' '),
  text,
  simulated,
});

/** netstat of net-tools 2.10. */
export const netstat: CommandSpec = {
  name: 'netstat',
  path: '/usr/bin/netstat',
  summary: 'network connections, routes and statistics',
  modules: [inet],
  options: [
    option('-r --route', 'display routing table'),
    option('-i --interfaces', 'display interface table'),
    option('-g --groups', 'display multicast group memberships', false),
    option('-s --statistics', 'display networking statistics (like SNMP)'),
    option('-M --masquerade', 'display masqueraded connections', false),
    option('-v --verbose', 'be verbose'),
    option('-W --wide', "don't truncate IP addresses"),
    option('-n --numeric', "don't resolve names"),
    option('--numeric-hosts', "don't resolve host names", false),
    option('--numeric-ports', "don't resolve port names", false),
    option('--numeric-users', "don't resolve user names", false),
    option('-N --symbolic', 'resolve hardware names'),
    option('-e --extend', 'display other/more information'),
    option('-p --programs', 'display PID/Program name for sockets'),
    option('-o --timers', 'display timers'),
    option('-c --continuous', 'continuous listing', false),
    option('-l --listening', 'display listening server sockets'),
    option('-a --all', 'display all sockets (default: connected)'),
    option('-F --fib', 'display Forwarding Information Base (default)'),
    option('-C --cache', 'display routing cache instead of FIB', false),
    option('-Z --context', 'display SELinux security context for sockets', false),
    option('-t --tcp', 'TCP sockets'),
    option('-u --udp', 'UDP sockets'),
    option('-U --udplite', 'UDP-Lite sockets', false),
    option('-S --sctp', 'SCTP sockets', false),
    option('-w --raw', 'raw sockets'),
    option('-x --unix', 'Unix domain sockets'),
    option('-4 --inet', 'IPv4 only'),
    option('-6 --inet6', 'IPv6 only'),
    option('-h --help', 'display this help'),
    option('-V --version', 'display version'),
  ],
  *run(process, node) {
    const parsed = yield* getopt(process, netstat, { usage: USAGE.trimEnd(), status: 3 });
    if (typeof parsed === 'number') return parsed;
    if (parsed.has('-h')) {
      yield* process.printError(USAGE);
      return 3;
    }
    if (parsed.has('-V')) {
      yield* process.print(VERSION);
      return 5;
    }
    return yield* show(process, node, parsed);
  },
};

function* show(process: Process, node: Node, parsed: Parsed): Generator<Wait, number, void> {
  const ns = node.kernel.netns(process.netns) as NetNs;
  if (parsed.has('-i')) {
    if (parsed.has('-e')) return yield* notSimulated(process, 'netstat', '-ie (ifconfig shows the same)');
    yield* process.print(interfaceTable(ns, parsed.has('-a')));
  } else if (parsed.has('-r')) {
    if (parsed.has('-6')) return yield* notSimulated(process, 'netstat', "-6 -r (ip -6 route shows IPv6's table)");
    yield* process.print(routeTable(ns));
  } else if (parsed.has('-s')) {
    yield* process.print(statistics(process, parsed));
  } else {
    const name = namedNamespaces(node).nameOf(process.netns);
    const asksInternet = ['-t', '-u', '-w'].some((flag) => parsed.has(flag));
    const asksUnix = parsed.has('-x');
    if (asksInternet || !asksUnix) yield* process.print(new SocketList(process, parsed, name).text(ns));
    if (asksUnix || !(asksInternet || parsed.has('-4') || parsed.has('-6'))) yield* process.print(unixHead(parsed));
  }
  return 0;
}

/** There are no Unix domain sockets here. */
function unixHead(parsed: Parsed): string {
  const which = parsed.has('-a') ? 'servers and established' : parsed.has('-l') ? 'only servers' : 'w/o servers';
  const program = parsed.has('-p') ? ' PID/Program name    ' : '';
  return `Active UNIX domain sockets (${which})\nProto RefCnt Flags       Type       State         I-Node  ${program} Path\n`;
}

function statistics(process: Process, parsed: Parsed): string {
  const read = (name: string): string => {
    const file = process.machine.fs.readFile(`/proc/net/${name}`, process);
    return file.ok ? decodeText(file.value) : '';
  };
  const counters = new Map([...parseCounters(read('snmp')), ...parseCounters(read('netstat'))]);
  const [tcp, udp] = [parsed.has('-t'), parsed.has('-u')];
  return statisticsText(counters, (section) => {
    if (!tcp && !udp) return true;
    if (section === 'IpExt') return true;
    return (tcp && section.startsWith('Tcp')) || (udp && section.startsWith('Udp'));
  });
}
