import { IFF } from '../messages.ts';
import type { LinkKind } from './kind.ts';
import { countTx } from './transmit.ts';

/** A device that counts what it sends and forgets it (drivers/net/dummy.c). */
export const dummy: LinkKind = {
  name: 'dummy',
  type: 'ether',
  template: 'dummy%d',
  flags: IFF.BROADCAST | IFF.NOARP,
  mtu: 1500,
  minMtu: 0,
  maxMtu: 0,
  queues: 1,
  transmit: countTx,
};
