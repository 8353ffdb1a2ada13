import type { NftFamily, NftHook } from '../../kernel/nftables/index.ts';

const STANDARD: readonly (readonly [name: string, priority: number])[] = [
  ['raw', -300],
  ['mangle', -150],
  ['dstnat', -100],
  ['filter', 0],
  ['security', 50],
  ['srcnat', 100],
];

const BRIDGE: readonly (readonly [name: string, priority: number])[] = [
  ['dstnat', -300],
  ['filter', -200],
  ['out', 100],
  ['srcnat', 300],
];

/** How far from a named priority a number is still told by it. */
const REACH = 10;

/** A name means something only where the kernel's own chain of that priority could be. */
function fits(name: string, family: NftFamily, hook: NftHook): boolean {
  if (name === 'dstnat') return hook === 'prerouting' && family !== 'arp' && family !== 'netdev';
  if (name === 'srcnat') return hook === 'postrouting' && family !== 'arp' && family !== 'netdev';
  if (name === 'out') return hook === 'output';
  return name === 'filter' || family === 'ip' || family === 'ip6' || family === 'inet';
}

const listOf = (family: NftFamily): typeof STANDARD => (family === 'bridge' ? BRIDGE : STANDARD);

/** The number of a name; undefined: there is none of that name here. */
export const priorityOf = (name: string, family: NftFamily, hook: NftHook): number | undefined =>
  listOf(family).find(([known]) => known === name && fits(known, family, hook))?.[1];

/** `filter`, `dstnat - 10`, or the number. */
export function priorityText(priority: number, family: NftFamily, hook: NftHook): string {
  const near = listOf(family).find(([, number]) => Math.abs(priority - number) <= REACH);
  if (near === undefined || !fits(near[0], family, hook)) return String(priority);
  const offset = priority - near[1];
  if (offset === 0) return near[0];
  return `${near[0]} ${offset > 0 ? '+' : '-'} ${Math.abs(offset)}`;
}
