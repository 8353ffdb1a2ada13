import type { Timer } from '../../base/index.ts';
import type { BridgePort } from '../bridge/port.ts';
import type { BridgeId } from './bpdu.ts';

/** What the protocol knows of one port: the best it heard there, or what this bridge says there itself. */
export type TreePort = {
  readonly port: BridgePort;
  root: BridgeId;
  cost: number;
  bridge: BridgeId;
  /** The port's id at the bridge that is designated for the segment. */
  designated: number;
  changeAck: boolean;
  configPending: boolean;
  messageAge: Timer | undefined;
  forwardDelay: Timer | undefined;
  hold: Timer | undefined;
};

export const portId = ({ priority, number }: BridgePort): number => (priority << 10) | number;

export function cancelTimers(one: TreePort): void {
  for (const key of ['messageAge', 'forwardDelay', 'hold'] as const) {
    one[key]?.cancel();
    one[key] = undefined;
  }
}
