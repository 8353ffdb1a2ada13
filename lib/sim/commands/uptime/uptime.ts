import { SECOND } from '../../base/index.ts';
import { isTty, type Process, strftime, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** uptime of procps 4.0. */
export const uptime: CommandSpec = {
  ...program('uptime', 'tell how long the system has been running', [
    option('-p --pretty', 'show uptime in pretty format'),
    option('-s --since', 'system up since'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, uptime);
  if (typeof parsed === 'number') return parsed;
  const { machine } = process;
  if (parsed.has('-s')) yield* process.print(`${strftime('%Y-%m-%d %H:%M:%S', machine.epoch)}\n`);
  else if (parsed.has('-p')) yield* process.print(`up ${pretty(Math.floor(machine.events.now / (60 * SECOND)))}\n`);
  else yield* process.print(uptimeLine(process));
  return 0;
}

function pretty(minutes: number): string {
  const units: [number, string][] = [
    [Math.floor(minutes / 10_080), 'week'],
    [Math.floor(minutes / 1_440) % 7, 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
    [minutes % 60, 'minute'],
  ];
  const shown = units.filter(([count], i) => count > 0 || (i === 3 && minutes < 60));
  return shown.map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(', ');
}

/** The line that uptime, w and top begin with. */
export function uptimeLine(process: Process): string {
  const { machine } = process;
  const minutes = Math.floor(machine.events.now / (60 * SECOND));
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor(minutes / 60) % 24;
  const rest =
    hours > 0 ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, '0')}` : `${minutes % 60} min`;
  const up = `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${rest}`;
  const terminals = new Set([...machine.processes.values()].map((one) => one.tty).filter(isTty));
  return ` ${strftime('%H:%M:%S', machine.epoch + machine.events.now)} up ${up},  ${terminals.size} user${terminals.size === 1 ? '' : 's'},  load average: 0.00, 0.00, 0.00\n`;
}
