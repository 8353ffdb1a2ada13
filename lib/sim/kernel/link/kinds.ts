import { bridge } from './bridge.ts';
import { dummy } from './dummy.ts';
import type { LinkKind } from './kind.ts';
import { veth } from './veth.ts';

/** Kinds that are there from the start; modules add others. */
export const LINK_KINDS: readonly LinkKind[] = [veth, bridge, dummy];
