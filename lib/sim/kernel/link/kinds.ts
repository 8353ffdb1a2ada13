import { bridge } from './bridge.ts';
import { dummy } from './dummy.ts';
import type { LinkKind } from './kind.ts';
import { loopback } from './loopback.ts';
import { veth } from './veth.ts';

export { loopback };

const KINDS: Readonly<Record<string, LinkKind>> = { veth, bridge, dummy };

/** The kind that `ip link add … type NAME` names; undefined when the kernel has no such module. */
export const kindOf = (name: string): LinkKind | undefined => (Object.hasOwn(KINDS, name) ? KINDS[name] : undefined);
