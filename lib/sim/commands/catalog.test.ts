import { describe, expect, it } from 'vitest';
import { catalog, programs } from './catalog.ts';

describe('the catalogue', () => {
  it.each(programs.map((entry) => [entry.name, entry] as const))(
    'says of %s what its module says',
    async (_, entry) => {
      const { name, path, aliases = [], summary } = await entry.load();
      expect({ name, path, aliases }).toEqual({ name: entry.name, path: entry.path, aliases: entry.aliases });
      expect(summary).not.toBe('');
    },
  );

  it('puts each program at a path of its own', () => {
    const paths = programs.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('names each command once', () => {
    const names = catalog.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });
});
