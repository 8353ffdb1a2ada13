import { expect, it } from 'vitest';
import type { SeenPacket } from '@/components/terminal/protocol';
import { PacketQueue } from './packet-queue';

const packet = (dev: string, way: 'tx' | 'rx', at: number, protocol: SeenPacket['protocol'] = 'icmp'): SeenPacket => ({
  id: 1,
  netns: 1,
  dev,
  way,
  at,
  protocol,
});

it('shows each cable’s node end once, in the order of time', () => {
  const queue = new PacketQueue();
  queue.add([
    packet('eth0', 'tx', 0),
    packet('veth-pod1', 'rx', 5),
    packet('cni0', 'rx', 6),
    packet('veth-pod2', 'tx', 9),
    packet('eth0', 'rx', 12),
  ]);
  expect(queue.next()).toMatchObject([{ pod: 'pod1', way: 'to-bridge', protocol: 'icmp' }]);
  expect(queue.next()).toMatchObject([{ pod: 'pod2', way: 'to-pod', protocol: 'icmp' }]);
  expect(queue.next()).toBeUndefined();
});

it('shows copies of one frame at the same time', () => {
  const queue = new PacketQueue();
  queue.add([
    packet('veth-pod1', 'tx', 10, 'arp'),
    packet('veth-pod2', 'tx', 14, 'arp'),
    packet('veth-pod2', 'rx', 20, 'arp'),
  ]);
  expect(queue.next()?.map(({ pod }) => pod)).toEqual(['pod1', 'pod2']);
  expect(queue.next()).toHaveLength(1);
});

it('thins a flood out', () => {
  const queue = new PacketQueue();
  queue.add(Array.from({ length: 1000 }, (_, index) => packet('veth-pod1', 'rx', index * 1000)));
  let steps = 0;
  while (queue.next()) steps++;
  expect(steps).toBe(24);
});
