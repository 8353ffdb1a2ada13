import type { Ip } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { getAddresses } from '../socket/resolve.ts';
import { type ResolverConfig, readResolverConfig } from '../socket/resolver-config.ts';

export function configOf(process: Process, node: Node): ResolverConfig {
  return readResolverConfig(process, namedNamespaces(node).nameOf(process.netns));
}

/** The server that was named on the command line; a text says why it has no address. */
export function* serverNamed(
  process: Process,
  node: Node,
  name: string,
  family: 4 | 6 | undefined,
): Generator<Wait, readonly Ip[] | string, void> {
  const found = yield* getAddresses(process, node, name, { family });
  if (found.ok) return found.addresses;
  return found.message === 'Name or service not known' ? 'not found' : 'failure';
}
