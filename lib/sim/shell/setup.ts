import { SECOND } from '../base/index.ts';
import { DEFAULT_PATH, isTty } from '../os/index.ts';
import { arithmetic } from './expand/arithmetic-expansion.ts';
import type { Shell } from './shell.ts';

const VERSION = '5.2.15(1)-release';

/** Imports the environment and sets what bash sets at its start (bash(1), Shell Variables). */
export function initializeVariables(shell: Shell): void {
  const { variables, process } = shell;
  process.reapsChildren = true;
  defineDynamic(shell);
  for (const [name, value] of process.env) if (/^[A-Za-z_]\w*$/.test(name)) shell.export(name, value);
  const initial: Record<string, string> = {
    BASH: '/usr/bin/bash',
    BASH_VERSION: VERSION,
    EUID: '0',
    HOSTNAME: process.namespaces.uts.hostname,
    HOSTTYPE: 'x86_64',
    IFS: ' \t\n',
    MACHTYPE: 'x86_64-pc-linux-gnu',
    OPTERR: '1',
    OPTIND: '1',
    OSTYPE: 'linux-gnu',
    PPID: String(process.vppid),
    PS4: '+ ',
    UID: '0',
  };
  for (const [name, value] of Object.entries(initial)) variables.set(name, value);
  variables.setArray(
    'BASH_VERSINFO',
    ['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu'].map((text) => [undefined, text] as const),
    false,
  );
  if (variables.get('PATH') === undefined) variables.set('PATH', DEFAULT_PATH);
  shell.export('SHLVL', String(Math.max(0, Number(variables.get('SHLVL') ?? 0)) + 1));
  shell.export('PWD', process.cwd);
  variables.declare('OLDPWD').exported = true;
  for (const name of ['EUID', 'PPID', 'UID', 'BASH_VERSINFO']) variables.declare(name).readonly = true;
  if (shell.interactive) initializeInteractive(shell);
}

function initializeInteractive(shell: Shell): void {
  const { variables, process } = shell;
  variables.set('PS1', variables.get('PS1') ?? '\\u@\\h:\\w\\$ ');
  variables.set('PS2', '> ');
  variables.set('HISTSIZE', '500');
  if (isTty(process.tty)) {
    variables.set('COLUMNS', String(process.tty.columns));
    variables.set('LINES', String(process.tty.rows));
  }
}

/** Variables that are computed when they are read. A subshell has its own set, about its own process. */
export function defineDynamic(shell: Shell): void {
  shell.variables.evaluate = (expression) => String(arithmetic(shell, expression));
  const { dynamic } = shell.variables;
  const { machine } = shell.process;
  const micros = () => machine.epoch + machine.events.now;
  let secondsFrom = shell.startedAt;
  dynamic.set('SECONDS', {
    get: () => String(Math.floor((machine.events.now - secondsFrom) / SECOND)),
    set: (value) => {
      secondsFrom = machine.events.now - (Number(value) || 0) * SECOND;
    },
  });
  dynamic.set('RANDOM', {
    get: () => String(nextRandom(shell)),
    set: (value) => (shell.randomState = Number(value) >>> 0),
  });
  dynamic.set('SRANDOM', { get: () => String(machine.random.uint32()) });
  dynamic.set('LINENO', { get: () => String(shell.line) });
  dynamic.set('BASHPID', { get: () => String(shell.process.vpid) });
  dynamic.set('EPOCHSECONDS', { get: () => String(Math.floor(micros() / SECOND)) });
  // Builtins take no virtual time, but two looks at the clock never show the same.
  let shown = 0;
  dynamic.set('EPOCHREALTIME', {
    get: () => {
      shown = Math.max(micros(), shown + 1);
      return (shown / SECOND).toFixed(6);
    },
  });
  dynamic.set('BASH_SUBSHELL', { get: () => String(shell.subshellDepth) });
  dynamic.set('BASH_COMMAND', { get: () => shell.lastArgument });
  dynamic.set('_', { get: () => shell.lastArgument, set: () => {} });
  dynamic.set('PIPESTATUS', { get: () => shell.pipeStatus.map(String)[0] });
  dynamic.set('FUNCNAME', { get: () => shell.frames.findLast((frame) => frame.isFunction)?.name });
  dynamic.set('BASH_SOURCE', { get: () => shell.frames.at(-1)?.source ?? shell.name });
  dynamic.set('SHELLOPTS', { get: () => [...shell.options].sort().join(':') });
  dynamic.set('BASHOPTS', { get: () => [...shell.shopt].sort().join(':') });
}

/** bash's own generator (Park and Miller's minimal standard), so that RANDOM=42 gives the numbers it gives there. */
function nextRandom(shell: Shell): number {
  const previous = shell.randomState === 0 ? 123_459_876 : shell.randomState;
  const high = Math.floor(previous / 127_773);
  const low = previous % 127_773;
  const next = 16_807 * low - 2_836 * high;
  shell.randomState = next < 0 ? next + 0x7fff_ffff : next;
  return ((shell.randomState >>> 16) ^ (shell.randomState & 0xffff)) & 0x7fff;
}
