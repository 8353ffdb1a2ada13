import { dumpLinks, getLink, openPing } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { failure, PingFailure, parseOptions, type Settings } from './options.ts';
import { PingRun } from './run.ts';
import { PING_OPTIONS } from './spec.ts';
import { familyName, findTarget, type Target } from './target.ts';

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  try {
    return yield* ping(process, node);
  } catch (error) {
    if (!(error instanceof PingFailure)) throw error;
    yield* process.printError(error.text);
    return error.status;
  }
}

function* ping(process: Process, node: Node): Generator<Wait, number, void> {
  const settings = parseOptions(process.argv);
  for (const warning of settings.warnings) yield* process.printError(warning);
  if (settings.version) {
    yield* process.print(VERSION);
    return 0;
  }
  if (settings.targets.length === 0) throw failure(1, 'usage error: Destination address required');
  if (settings.targets.length > 1) throw new PingFailure('ping: not simulated here: source routes\n', 64);
  if (settings.preamble !== '') yield* process.print(settings.preamble);
  const ns = node.kernel.netns(process.netns);
  if (ns === undefined) throw failure(2, 'socket: Invalid argument');
  const netnsName = namedNamespaces(node).nameOf(process.netns);
  if (settings.verbose) yield* process.printError(sockets(settings));
  const target = findTarget(process, ns, settings, netnsName);
  if (settings.verbose) yield* process.print(target.tried);
  for (const warning of target.warnings) yield* process.printError(warning);
  checkTtl(settings, target);
  const socket = openPing(ns, target.family, socketOptions(settings, target));
  try {
    yield* process.print(heading(settings, target));
    return yield* new PingRun(
      process,
      settings,
      target,
      socket,
      netnsName,
      (ifindex) => getLink(ns, ifindex)?.name,
    ).run();
  } finally {
    socket.close();
  }
}

/** Of each family that may be wanted a raw socket is opened, and the numbers are told. */
function sockets({ family }: Settings): string {
  const open = (fd: number): string => `${fd} (socktype: SOCK_RAW)`;
  const none = '-1 (socktype: 0)';
  const four = family === 6 ? none : open(3);
  const six = family === 4 ? none : open(family === 6 ? 3 : 4);
  return `ping: sock4.fd: ${four}, sock6.fd: ${six}, hints.ai_family: ${family === undefined ? 'AF_UNSPEC' : familyName(family)}\n\n`;
}

const VERSION = `ping from iputils 20221126
libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes
`;

function checkTtl({ ttl }: Settings, { family }: Target): void {
  if (ttl === 0 && family === 4) throw failure(2, 'cannot set unicast time-to-live: Invalid argument');
}

function socketOptions(settings: Settings, target: Target): Parameters<typeof openPing>[2] {
  const multicast = target.broadcast || target.address.isMulticast;
  const pmtu = settings.pmtu ?? (multicast ? 'do' : undefined);
  return {
    ...(settings.ttl !== undefined && { ttl: settings.ttl }),
    ...(settings.tos !== undefined && { tos: settings.tos }),
    ...(settings.mark !== undefined && { mark: settings.mark }),
    ...(settings.source !== undefined && { source: settings.source }),
    ...(target.oif !== undefined && { oif: target.oif }),
    ...(pmtu !== undefined && { pmtu }),
    ...(target.broadcast && { broadcast: true }),
  };
}

/** The first line. */
function heading(settings: Settings, target: Target): string {
  const from =
    settings.device !== undefined || settings.source !== undefined
      ? `from ${target.source ?? '0.0.0.0'} ${settings.device ?? ''}: `
      : '';
  if (target.family === 4)
    return `PING ${target.hostname} (${target.address}) ${from}${settings.size}(${settings.size + 28}) bytes of data.\n`;
  const scoped = target.scope === undefined ? String(target.address) : `${target.address}%${target.scope}`;
  const shown = settings.numeric || target.hostname.includes(':') ? scoped : `${target.hostname} (${scoped})`;
  return `PING ${target.hostname}(${shown}) ${from}${settings.size} data bytes\n`;
}

export const pingCommand: CommandSpec = {
  name: 'ping',
  aliases: ['ping4', 'ping6'],
  path: '/usr/bin/ping',
  summary: 'send ICMP echo requests to network hosts',
  options: PING_OPTIONS,
  complete: (words, node, process) => {
    const ns = node.kernel.netns(process?.netns ?? node.kernel.init.inode);
    return words.at(-2) === '-I' && ns !== undefined ? dumpLinks(ns).map((link) => link.name) : [];
  },
  run,
};
