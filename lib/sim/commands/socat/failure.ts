import { type Process, strftime } from '../../os/index.ts';

/** Ends socat with an error of its log. */
export class Failure extends Error {}

/** `2026/01/05 09:00:00 socat[712] E text` */
export function logLine(process: Process, text: string): string {
  const { machine, pid } = process;
  return `${strftime('%Y/%m/%d %H:%M:%S', machine.epoch + machine.events.now)} socat[${pid}] E ${text}\n`;
}
