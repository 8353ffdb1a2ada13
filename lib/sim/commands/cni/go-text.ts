import { type Errno, strerror } from '../../base/index.ts';

/** Words of Go's standard library, in which the plugins speak. */

/** syscall.Errno.Error(): the C library's text in small letters. */
export function errnoText(errno: Errno): string {
  const text = strerror(errno);
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** An *os.PathError: `open /x: no such file or directory`. */
export const pathError = (operation: string, path: string, errno: Errno): string =>
  `${operation} ${path}: ${errnoText(errno)}`;

/** %q */
export const quote = (text: string): string =>
  `"${text.replace(/["\\\p{Cc}]/gu, (c) => ESCAPES[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** %q and %v of a []string */
export const quoteList = (words: readonly string[]): string => `[${words.map(quote).join(' ')}]`;
export const showList = (words: readonly string[]): string => `[${words.join(' ')}]`;
