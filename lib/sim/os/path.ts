/** `path` as seen from `cwd`, made absolute. `..` and symbolic links stay: only the file system knows where they lead. */
export const absolutePath = (cwd: string, path: string): string =>
  path.startsWith('/') ? path : cwd.endsWith('/') ? cwd + path : `${cwd}/${path}`;

/** An absolute path without `.`, `..` and repeated slashes, taken textually (as `cd` without `-P` does). */
export function normalizePath(path: string): string {
  const plain =
    path.length > 1 && path.startsWith('/') && !path.includes('//') && !path.includes('/.') && !path.endsWith('/');
  if (plain) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The last component: `/usr/bin/grep` gives `grep`. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
