import { type Errno, fail, type Result } from '../../base/index.ts';
import type { OpenFile, Process, Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';

/** `/dev/tcp/HOST/PORT` and `/dev/udp/HOST/PORT`, names that bash itself knows in redirections. */
export type NetworkName = { readonly protocol: 'tcp' | 'udp'; readonly host: string; readonly port: string };

/**
 * A connection to there, retained once for whoever asked; or why there is none, with what is to be said of it first.
 */
export type NetworkOpener = (
  process: Process,
  name: NetworkName,
) => Generator<Wait, Result<OpenFile, { readonly errno: Errno; readonly complaint: string }>, void>;

const openers = new WeakMap<object, NetworkOpener>();

/** Gives the shells of a machine a way to the network: they know none by themselves. */
export function setNetworkOpener(machine: object, opener: NetworkOpener): void {
  openers.set(machine, opener);
}

export function networkName(target: string): NetworkName | undefined {
  const match = /^\/dev\/(tcp|udp)\/([^/]+)\/(.*)$/.exec(target);
  return match === null
    ? undefined
    : { protocol: match[1] as 'tcp' | 'udp', host: match[2] ?? '', port: match[3] ?? '' };
}

/** Opens it for a redirection; a failure is complained of twice, as bash does. */
export function* openNetwork(shell: Shell, name: NetworkName): Generator<Wait, Result<OpenFile>, void> {
  const opener = openers.get(shell.process.machine);
  if (opener === undefined) return fail('ENOENT');
  const opened = yield* opener(shell.process, name);
  if (opened.ok) return opened;
  yield* shell.printError(opened.error.complaint);
  return fail(opened.error.errno);
}
