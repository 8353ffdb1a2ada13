import type { Ip } from '../../base/index.ts';
import { dumpRoutes, type NetNs } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { reverseHost } from '../names.ts';
import { Change, RouteError } from './change.ts';
import { routeTable } from './list.ts';
import { FAMILIES, INET_USAGE, USAGE_HEAD } from './usage.ts';

/** route of net-tools 2.10, for IPv4. */
export const route: CommandSpec = {
  name: 'route',
  path: '/usr/sbin/route',
  summary: 'show / manipulate the IP routing table',
  options: [
    option('-n --numeric', 'addresses as numbers'),
    option('-N --symbolic', 'hardware names (ignored)'),
    option('-v --verbose', 'be verbose'),
    option('-e --extend', 'the columns of netstat; twice: all columns'),
    option('-F --fib', 'the forwarding table (default)'),
    option('-4 --inet', 'IPv4 (default)'),
    option('-A', 'the address family', 'FAMILY'),
    option('-h --help', 'print help'),
    option('-V --version', 'print the version'),
    missing('-6 --inet6', 'IPv6'),
    option('-C --cache', 'the routing cache, which Linux has no more'),
  ],
  complete: (words) => (words.length === 2 ? ['add', 'del'] : words.length === 3 ? ['-net', '-host', 'default'] : []),
  run,
};

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  const parsed = yield* getopt(process, route, {
    stopAtOperand: true,
    usage: FAMILIES + USAGE_HEAD.trimEnd(),
    status: 0,
  });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('-h')) {
    yield* process.printError(FAMILIES);
    yield* process.print(USAGE_HEAD);
    return 0;
  }
  if (parsed.has('-V')) {
    yield* process.print('net-tools 2.10\n');
    return 0;
  }
  const family = parsed.value('-A');
  if (family === 'inet6') return yield* notSimulated(process, 'route', '-A inet6');
  if (family !== undefined && family !== 'inet') {
    yield* process.printError(`Unknown address family \`${family}'.\n`);
    return 1;
  }
  const netnsName = namedNamespaces(node).nameOf(process.netns);
  const [verb, ...words] = parsed.operands;
  if (verb !== undefined) return yield* change(process, ns, verb, words, netnsName);
  if (parsed.has('-C')) {
    yield* process.print(
      'Kernel IP routing cache\nSource          Destination     Gateway         Flags Metric Ref    Use Iface\n',
    );
    return 0;
  }
  const named = (ip: Ip) => (ip.isUnspecified ? 'default' : reverseHost(process, ip, netnsName));
  const extended = parsed.given.filter(({ flag }) => flag === '-e').length;
  const columns = extended === 0 ? 'plain' : extended === 1 ? 'netstat' : 'all';
  yield* process.print(routeTable(ns, columns, parsed.has('-n') || parsed.has('-N') ? () => undefined : named));
  // The file that the tables are read from has nothing in it before the first address.
  return dumpRoutes(ns, { family: 4 }).length > 0 ? 0 : 1;
}

function* change(
  process: Process,
  ns: NetNs,
  verb: string,
  words: readonly string[],
  netnsName: string | undefined,
): Generator<Wait, number, void> {
  if (verb === 'flush') {
    yield* process.printError(`Flushing \`inet' routing table not supported\n${INET_USAGE}`);
    return 3;
  }
  if (verb !== 'add' && verb !== 'del' && verb !== 'delete') {
    yield* process.printError(USAGE_HEAD + FAMILIES);
    return 3;
  }
  try {
    new Change(process, ns, verb === 'add', words, netnsName).run();
    return 0;
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    yield* process.printError(error.message);
    return error.status;
  }
}
