/** coreutils' quoteaf(): 'name' in error messages, with what a shell would need inside. */
export function quoteName(name: string): string {
  if (/[\0-\x1f\x7f\udc80-\udcff]/.test(name)) return escapeName(name);
  return name.includes("'")
    ? /["$`\\!]/.test(name)
      ? `'${name.replaceAll("'", "'\\''")}'`
      : `"${name}"`
    : `'${name}'`;
}

const ESCAPES: Record<string, string> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\x07': '\\a',
  '\b': '\\b',
  '\v': '\\v',
  '\f': '\\f',
};

function escapeName(name: string): string {
  const piece = (c: string) => ESCAPES[c] ?? `\\${(c.charCodeAt(0) & 255).toString(8).padStart(3, '0')}`;
  return name
    .split(/([\0-\x1f\x7f\udc80-\udcff]+)/)
    .map((part, i) =>
      i % 2 === 0
        ? part === '' && i > 0
          ? ''
          : `'${part.replaceAll("'", "'\\''")}'`
        : `$'${[...part].map(piece).join('')}'`,
    )
    .join('');
}

/** How ls shows a name on a terminal: quoted where a shell would not take it as it is. */
export const shellName = (name: string): string =>
  name !== '' && /^[\p{L}\p{N}_@%+=:,./^{}~#\]-]+$/u.test(name) && !/^[~#]/.test(name) ? name : quoteName(name);
