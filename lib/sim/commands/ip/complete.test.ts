import { beforeAll, expect, it } from 'vitest';
import { newLink } from '../../kernel/index.ts';
import { must } from '../../testing/index.ts';
import { openWorld, type World } from '../../world/index.ts';
import { catalog, installCatalog } from '../catalog.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { loadAll } from '../load.ts';
import { completeIp } from './complete.ts';

let world: World;

beforeAll(async () => {
  await loadAll(catalog);
  world = openWorld('host', { seed: 1 });
  for (const node of world.nodes) installCatalog(node);
  const named = namedNamespaces(world.home);
  named.bind('pod1', named.create().inode);
  must(newLink(world.home.kernel.init, { kind: 'bridge', name: 'br0' }));
});

const offered = (line: string): string[] => {
  const words = line.split(' ');
  return completeIp(words, world.home).filter((word) => word.startsWith(words.at(-1) ?? ''));
};

it.each([
  ['ip ne', ['neigh', 'netns']],
  ['ip l', ['link']],
  ['ip link s', ['set', 'show']],
  ['ip link set ', expect.arrayContaining(['br0', 'lo', 'up'])],
  ['ip link set br', ['br0']],
  ['ip link set dev l', ['lo']],
  ['ip link show master b', ['br0']],
  ['ip -n p', ['pod1']],
  ['ip -n pod1 addr show dev ', ['lo']],
  ['ip netns exec p', ['pod1']],
  ['ip netns d', ['delete']],
  ['ip link add v0 type v', ['veth']],
  ['ip neigh show nud sta', ['stale']],
])('%s<Tab>', (line, expected) => {
  expect(offered(line)).toEqual(expected);
});
