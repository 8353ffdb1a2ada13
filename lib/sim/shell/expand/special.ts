import type { Shell } from '../shell.ts';

/** $1, $#, $?, $$, $!, $-, $0; undefined when it is not set. */
export function specialParameter(shell: Shell, name: string): string | undefined {
  switch (name) {
    case '#':
      return String(shell.positional.length);
    case '?':
      return String(shell.status);
    case '$':
      return String(shell.mainPid);
    case '!':
      return shell.lastBackground === undefined ? undefined : String(shell.lastBackground);
    case '-':
      return shell.flags;
    case '0':
      return shell.name;
    default:
      return shell.positional[Number(name) - 1];
  }
}
