import { decodeText } from '../../os/index.ts';
import type { Shell } from '../shell.ts';

/**
 * Tilde expansion: `~`, `~user`, `~+`, `~-` at the beginning of a text, up to the first slash or colon. `whole`: the text
 * is all there is of the word, so that a user's name in it is complete.
 */
export function tildePrefix(shell: Shell, text: string, whole: boolean): { home: string; length: number } | undefined {
  const match = /^~([^/:]*)/.exec(text);
  if (match === null) return undefined;
  const [prefix, user = ''] = match;
  if (prefix.length === text.length && !whole && user !== '') return undefined;
  const home = homeOf(shell, user);
  return home === undefined ? undefined : { home, length: prefix.length };
}

function homeOf(shell: Shell, user: string): string | undefined {
  if (user === '') return shell.variables.get('HOME') ?? homeFromPasswd(shell, 'root');
  if (user === '+') return shell.variables.get('PWD');
  if (user === '-') return shell.variables.get('OLDPWD');
  return homeFromPasswd(shell, user);
}

function homeFromPasswd(shell: Shell, user: string): string | undefined {
  const passwd = shell.process.machine.fs.readFile('/etc/passwd', shell.process);
  if (!passwd.ok) return undefined;
  const entry = decodeText(passwd.value)
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === user);
  return entry?.[5];
}
