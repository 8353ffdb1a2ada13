import { SECOND } from '../../base/index.ts';
import { type Process, strftime } from '../../os/index.ts';

export type Column = {
  readonly header: string;
  readonly width: number;
  readonly right?: boolean;
  /** The column is as wide as its widest cell. */
  readonly grows?: boolean;
  /** It shows the command, before which a forest draws its branches. */
  readonly command?: boolean;
  readonly text: (shown: Process, reader: Process) => string;
};

const LETTER: Record<Process['state'], string> = { running: 'R', sleeping: 'S', stopped: 'T', zombie: 'Z' };

const ttyOf = (process: Process): string => process.tty?.name ?? '?';

/** S, with s for a session's leader, + in the foreground. */
function statOf(process: Process, reader: Process): string {
  const state = process === reader ? 'R' : LETTER[process.state];
  const leader = process.pid === 1 || (process.tty !== undefined && process.ppid === 1) ? 's' : '';
  return `${state}${leader}${process.tty !== undefined && process.tty.foreground === process.pgid ? '+' : ''}`;
}

/** What started today shows its time of day. */
const startOf = (process: Process): string => strftime('%H:%M', process.machine.epoch + process.startedAt);

function cpu(process: Process, long: boolean): string {
  const seconds = Math.floor(process.cpuTime / SECOND);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map(
    (part) => String(part).padStart(2, '0'),
  );
  return long ? `${hours}:${minutes}:${rest}` : `${Math.floor(seconds / 60)}:${rest}`;
}

function elapsed(process: Process): string {
  const seconds = Math.floor((process.machine.events.now - process.startedAt) / SECOND);
  const pad = (part: number) => String(part).padStart(2, '0');
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24];
  return `${days > 0 ? `${days}-` : ''}${days > 0 || hours > 0 ? `${pad(hours)}:` : ''}${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

/** What would move the cursor is shown as a question mark. */
const printable = (text: string): string => text.replace(/[\0-\x1f\x7f]/g, '?');

const commandOf = (process: Process): string =>
  process.state === 'zombie' ? `[${process.comm}] <defunct>` : printable(process.argv.join(' ')) || `[${process.comm}]`;
const nameOf = (process: Process): string => (process.state === 'zombie' ? `${process.comm} <defunct>` : process.comm);

/** Sizes that a small program of this kind has; memory is not simulated. */
const VSZ = '7196';
const RSS = '3840';

const right = (header: string, width: number, text: Column['text']): Column => ({ header, width, right: true, text });
const left = (header: string, width: number, text: Column['text']): Column => ({ header, width, text });

const user = left('USER', 8, () => 'root');
const tty = left('TTY', 8, ttyOf);
const args: Column = { ...left('COMMAND', 7, commandOf), command: true };

export const COLUMNS: Readonly<Record<string, Column>> = {
  pid: right('PID', 7, (process) => String(process.pid)),
  ppid: right('PPID', 7, (process) => String(process.ppid)),
  pgid: right('PGID', 7, (process) => String(process.pgid)),
  pgrp: right('PGRP', 7, (process) => String(process.pgid)),
  sid: right('SID', 7, (process) => String(process.pgid)),
  user,
  euser: { ...user, header: 'EUSER' },
  ruser: { ...user, header: 'RUSER' },
  uid: right('UID', 5, () => '0'),
  gid: right('GID', 5, () => '0'),
  tty: { ...tty, header: 'TT' },
  tt: { ...tty, header: 'TT' },
  tname: tty,
  time: right('TIME', 8, (process) => cpu(process, true)),
  cputime: right('TIME', 8, (process) => cpu(process, true)),
  etime: right('ELAPSED', 11, elapsed),
  etimes: right('ELAPSED', 7, (process) =>
    String(Math.floor((process.machine.events.now - process.startedAt) / SECOND)),
  ),
  lstart: right('STARTED', 24, (process) =>
    strftime('%a %b %e %H:%M:%S %Y', process.machine.epoch + process.startedAt),
  ),
  start: right('STARTED', 8, (process) => strftime('%H:%M:%S', process.machine.epoch + process.startedAt)),
  stime: left('STIME', 5, startOf),
  stat: left('STAT', 4, statOf),
  state: left('S', 1, (process, reader) => statOf(process, reader).slice(0, 1)),
  s: left('S', 1, (process, reader) => statOf(process, reader).slice(0, 1)),
  comm: { ...left('COMMAND', 15, nameOf), command: true },
  ucmd: { ...left('CMD', 15, nameOf), command: true },
  cmd: { ...args, header: 'CMD' },
  args,
  command: args,
  pcpu: right('%CPU', 4, () => '0.0'),
  '%cpu': right('%CPU', 4, () => '0.0'),
  pmem: right('%MEM', 4, () => '0.1'),
  '%mem': right('%MEM', 4, () => '0.1'),
  vsz: right('VSZ', 6, () => VSZ),
  rss: right('RSS', 5, () => RSS),
  ni: right('NI', 3, () => '0'),
  pri: right('PRI', 3, () => '19'),
  nlwp: right('NLWP', 4, () => '1'),
  wchan: left('WCHAN', 6, () => '-'),
  netns: right('NETNS', 10, (process) => String(process.netns)),
};

const named = (...names: readonly string[]): Column[] => names.map((name) => COLUMNS[name] as Column);
const shortTime: Column = right('TIME', 6, (process) => cpu(process, false));
const cmd: Column = { ...left('CMD', 3, nameOf), command: true };

/** The formats behind ps's options. */
export const FORMATS: Readonly<Record<string, Column[]>> = {
  simple: [...named('pid'), tty, ...named('time'), cmd],
  full: [
    left('UID', 8, () => 'root'),
    ...named('pid', 'ppid'),
    right('C', 2, () => '0'),
    ...named('stime'),
    tty,
    ...named('time', 'cmd'),
  ],
  long: [
    left('F', 1, () => '4'),
    ...named('s', 'uid', 'pid', 'ppid'),
    right('C', 2, () => '0'),
    ...named('pri', 'ni'),
    left('ADDR', 4, () => '-'),
    right('SZ', 4, () => '1799'),
    ...named('wchan'),
    tty,
    ...named('time'),
    cmd,
  ],
  bsd: [...named('pid'), tty, { ...(COLUMNS.stat as Column), width: 6 }, shortTime, args],
  user: [
    user,
    ...named('pid', 'pcpu', 'pmem', 'vsz', 'rss'),
    tty,
    ...named('stat'),
    left('START', 5, startOf),
    shortTime,
    args,
  ],
};
