// @ts-check
/**
 * Imports a TypeScript module of ours, once the packages are there. tsx translates; Node 20 cannot by itself.
 * @param {string} path relative to `from`
 * @param {string} from the importer's import.meta.url
 */
export async function typescript(path, from) {
  const { register } = await import('tsx/esm/api');
  register();
  return import(new URL(path, from).href);
}
