import type { Family } from '../../kernel/index.ts';
import { EXTENSION_HELP, EXTENSION_HELP_6, HELP_4 } from './help-texts.ts';

/** What `-h` prints: the program's own help, then that of what was loaded before it. */
export function helpText(tool: string, family: Family, loaded: readonly string[]): string {
  const own = family === 4 ? HELP_4 : forIpv6(HELP_4);
  const of = (name: string): string =>
    (family === 6 ? EXTENSION_HELP_6[name] : undefined) ?? EXTENSION_HELP[name] ?? '';
  return own.replaceAll('%s', tool) + loaded.map(of).join('');
}

/** Fragments of IPv6 are no option, and the two options for both families change places. */
const forIpv6 = (text: string): string =>
  text
    .replace(/^.*--fragment.*\n/m, '')
    .replace(/(--ipv4\s+-4\t+)Nothing/, '$1Error')
    .replace(/(--ipv6\s+-6\t+)Error/, '$1Nothing');
