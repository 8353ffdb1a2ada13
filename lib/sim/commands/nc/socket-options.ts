import type { Socket } from '../socket/socket.ts';
import type { Settings } from './options.ts';

/** set_common_sockopts() */
export function applyOptions({ options }: Socket, settings: Settings): void {
  options.broadcast = settings.broadcast;
  options.ttl = settings.ttl;
  options.tos = settings.tos ?? 0;
  options.receiveBuffer = settings.receiveBuffer;
  options.sendBuffer = settings.sendBuffer;
}
