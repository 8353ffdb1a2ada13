import type { NetNs } from '../../kernel/index.ts';
import { namespaceAt } from '../iproute2/named-netns.ts';
import { CniError, trying } from './error.ts';
import { errnoText, quote } from './go-text.ts';
import type { Call } from './plugin.ts';

/** Nothing is at the path: what DEL takes for "it is gone already". */
export class NamespaceGone extends CniError {}

/** Magic numbers of file systems (<linux/magic.h>) by where they are mounted. */
const MAGIC: readonly (readonly [folder: string, magic: string])[] = [
  ['/sys/', '62656572'],
  ['/dev/', '1021994'],
  ['/run/', '1021994'],
  ['/', 'ef53'],
];

/** The namespace behind CNI_NETNS. Throws CniError. */
export function openNamespace({ process, node, netns }: Call): NetNs {
  const inode = namespaceAt(node, process, netns);
  if (inode.ok) {
    const ns = node.kernel.netns(inode.value);
    if (ns !== undefined) return ns;
  }
  const errno = inode.ok ? 'ENOENT' : inode.error.errno;
  if (errno === 'ENOENT') throw new NamespaceGone(`failed to Statfs ${quote(netns)}: ${errnoText(errno)}`);
  if (errno !== 'EINVAL') throw new CniError(`failed to Statfs ${quote(netns)}: ${errnoText(errno)}`);
  const path = process.path(netns);
  if (path.startsWith('/proc/')) throw new CniError(`error switching to ns ${netns}: ${errnoText('EINVAL')}`);
  const magic = MAGIC.find(([folder]) => path.startsWith(folder))?.[1];
  throw new CniError(`unknown FS magic on ${quote(netns)}: ${magic}`);
}

/** The same with the words that most plugins put before what is wrong. */
export const needNamespace = (call: Call): NetNs =>
  trying(`failed to open netns ${quote(call.netns)}`, () => openNamespace(call));

/** The same where the real plugin quotes something that is not there yet in place of the path. */
export const openNamespaceUnnamed = (call: Call): NetNs =>
  trying('failed to open netns %!q(<nil>)', () => openNamespace(call));

/** For DEL: undefined when there is no namespace any more. */
export function leftNamespace(call: Call): NetNs | undefined {
  try {
    return openNamespace(call);
  } catch (error) {
    if (error instanceof NamespaceGone) return undefined;
    throw error;
  }
}
