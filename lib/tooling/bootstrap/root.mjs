// @ts-check
import { fileURLToPath } from 'node:url';

/** The repository's top folder, without a trailing slash: where package.json lies. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
