import { fail, ok, type Result } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';

/** IFNAMSIZ, with its closing NUL. */
export const NAME_SIZE = 16;

/** dev_valid_name() */
export const isValidName = (name: string): boolean =>
  name !== '' && name.length < NAME_SIZE && name !== '.' && name !== '..' && !/[/:\s]/.test(name);

/** The name for a new or renamed device: `%d` becomes the lowest number that is free (dev_alloc_name). */
export function chooseName(ns: NetNs, wanted: string): Result<string> {
  if (wanted === '' || wanted.length >= NAME_SIZE) return fail('ERANGE', 'Attribute failed policy validation');
  if (!isValidName(wanted)) return fail('EINVAL');
  const at = wanted.indexOf('%');
  if (at === -1) return ns.linkByName(wanted) === undefined ? ok(wanted) : fail('EEXIST');
  if (wanted[at + 1] !== 'd' || wanted.includes('%', at + 2)) return fail('EINVAL');
  for (let n = 0; ; n++) {
    const name = wanted.replace('%d', String(n));
    if (ns.linkByName(name) === undefined) return name.length < NAME_SIZE ? ok(name) : fail('ENFILE');
  }
}
