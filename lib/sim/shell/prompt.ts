import { baseName, strftime, type Wait } from '../os/index.ts';
import { expandQuoted } from './expand/expand.ts';
import type { Shell } from './shell.ts';
import { parseText } from './syntax/parser.ts';

/** The escapes of PS1 (bash(1), PROMPTING), then its expansions. `\[` and `\]` only mark what has no width. */
export function* promptText(shell: Shell, name: 'PS1' | 'PS2'): Generator<Wait, string, void> {
  const source = shell.variables.get(name) ?? '';
  const decoded = source.replace(/\\(D\{[^}]*\}|[0-7]{3}|[^])/g, (all, code: string) => escape(shell, code) ?? all);
  return yield* expandQuoted(shell, parseText(decoded, 'heredoc'));
}

function escape(shell: Shell, code: string): string | undefined {
  const { machine } = shell.process;
  const time = (format: string) => strftime(format, machine.epoch + machine.events.now);
  if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
  if (code.startsWith('D{')) return time(code.slice(2, -1) || '%X');
  switch (code) {
    case 'u':
      return 'root';
    case 'h':
      return machine.hostname.replace(/\..*/, '');
    case 'H':
      return machine.hostname;
    case 'w':
      return directory(shell);
    case 'W':
      return directory(shell) === '~' ? '~' : baseName(directory(shell)) || '/';
    case '$':
      return '#';
    case 's':
      return 'bash';
    case 'v':
      return '5.2';
    case 'V':
      return '5.2.15';
    case 'j':
      return String(shell.jobs.list().length);
    case 'l':
      return baseName(shell.process.tty?.path ?? 'tty');
    case 't':
      return time('%H:%M:%S');
    case 'T':
      return time('%I:%M:%S');
    case '@':
      return time('%I:%M %p');
    case 'A':
      return time('%H:%M');
    case 'd':
      return time('%a %b %d');
    case '!':
    case '#':
      return String(shell.history.length + 1);
    default:
      return { n: '\n', r: '\r', a: '\x07', e: '\x1b', '[': '', ']': '', '\\': '\\\\' }[code];
  }
}

function directory(shell: Shell): string {
  const path = shell.variables.get('PWD') ?? shell.process.cwd;
  const home = shell.variables.get('HOME');
  return home !== undefined && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
}
