/** Linux's signals by number (signal(7), x86), and what each does to a process that has not said otherwise. */
export const SIGNALS = [
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'TRAP',
  'ABRT',
  'BUS',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'USR2',
  'PIPE',
  'ALRM',
  'TERM',
  'STKFLT',
  'CHLD',
  'CONT',
  'STOP',
  'TSTP',
  'TTIN',
  'TTOU',
  'URG',
  'XCPU',
  'XFSZ',
  'VTALRM',
  'PROF',
  'WINCH',
  'IO',
  'PWR',
  'SYS',
] as const;

export type Signal = (typeof SIGNALS)[number];

export type DefaultAction = 'terminate' | 'core' | 'ignore' | 'stop' | 'continue';

const ACTIONS: Partial<Record<Signal, DefaultAction>> = {
  QUIT: 'core',
  ILL: 'core',
  TRAP: 'core',
  ABRT: 'core',
  BUS: 'core',
  FPE: 'core',
  SEGV: 'core',
  XCPU: 'core',
  XFSZ: 'core',
  SYS: 'core',
  CHLD: 'ignore',
  URG: 'ignore',
  WINCH: 'ignore',
  STOP: 'stop',
  TSTP: 'stop',
  TTIN: 'stop',
  TTOU: 'stop',
  CONT: 'continue',
};

export const defaultAction = (signal: Signal): DefaultAction => ACTIONS[signal] ?? 'terminate';

export const signalNumber = (signal: Signal): number => SIGNALS.indexOf(signal) + 1;

export const signalByNumber = (number: number): Signal | undefined => SIGNALS[number - 1];

/** `9`, `KILL`, `SIGKILL`, `sigkill`; undefined when it names no signal. */
export function parseSignal(text: string): Signal | undefined {
  if (/^\d+$/.test(text)) return signalByNumber(Number(text));
  const name = text.toUpperCase().replace(/^SIG/, '');
  return SIGNALS.find((signal) => signal === name);
}

/** strsignal(3), as shells print it when a job dies of a signal. */
export const SIGNAL_TEXT: Record<Signal, string> = {
  HUP: 'Hangup',
  INT: 'Interrupt',
  QUIT: 'Quit',
  ILL: 'Illegal instruction',
  TRAP: 'Trace/breakpoint trap',
  ABRT: 'Aborted',
  BUS: 'Bus error',
  FPE: 'Floating point exception',
  KILL: 'Killed',
  USR1: 'User defined signal 1',
  SEGV: 'Segmentation fault',
  USR2: 'User defined signal 2',
  PIPE: 'Broken pipe',
  ALRM: 'Alarm clock',
  TERM: 'Terminated',
  STKFLT: 'Stack fault',
  CHLD: 'Child exited',
  CONT: 'Continued',
  STOP: 'Stopped (signal)',
  TSTP: 'Stopped',
  TTIN: 'Stopped (tty input)',
  TTOU: 'Stopped (tty output)',
  URG: 'Urgent I/O condition',
  XCPU: 'CPU time limit exceeded',
  XFSZ: 'File size limit exceeded',
  VTALRM: 'Virtual timer expired',
  PROF: 'Profiling timer expired',
  WINCH: 'Window changed',
  IO: 'I/O possible',
  PWR: 'Power failure',
  SYS: 'Bad system call',
};
