import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lessonsOf, neighbours, outline } from './catalog.ts';
import { LessonReader } from './lesson.ts';
import { loadCatalog } from './load.ts';
import { ALPHA_FILE, contentRoot, goodCourse, LESSON } from './testing.ts';

const MODULE =
  'id: more\ntitle: More\nsummary: More of it.\nunlocks: go on\nplanned: [{ number: 1, title: Later }, { number: 3, title: Last }]\n';

it('adds modules of a later root to a course of an earlier one', async () => {
  const own = await contentRoot(goodCourse());
  const theirs = await contentRoot({
    'courses/demo/02-more/module.yaml': MODULE,
    'courses/demo/02-more/02-gamma/lesson.mdx': LESSON.replace('id: alpha', 'id: gamma')
      .replace('minutes: 5', 'minutes: 2')
      .replace(/<Terminal[\s\S]*$/, '\n## A picture\n'),
  });
  const catalog = await loadCatalog([own, theirs]);
  expect(catalog.problems).toEqual([]);
  expect(catalog.courses.map(({ modules }) => modules.map(({ id }) => id))).toEqual([['first', 'more']]);
  const lessons = catalog.courses.flatMap(lessonsOf);
  const names = (lesson: (typeof lessons)[number]) => [
    neighbours(catalog, lesson).previous?.id,
    neighbours(catalog, lesson).next?.id,
  ];
  expect(lessons.map(names)).toEqual([
    [undefined, 'beta'],
    ['alpha', 'gamma'],
    ['beta', undefined],
  ]);
  const last = catalog.courses[0]?.modules[1];
  expect(last && outline(last).map(({ title, state }) => [title, state])).toEqual([
    ['Later', 'planned'],
    ['Alpha', 'ready'],
    ['Last', 'planned'],
  ]);
});

it('says that a content folder is not there', async () => {
  const catalog = await loadCatalog(['/nowhere/at/all']);
  expect(catalog.problems).toMatchObject([{ file: '/nowhere/at/all', rule: 'root-missing' }]);
});

it('reads a lesson again only when one of its files has changed', async () => {
  const root = await contentRoot(goodCourse());
  const reader = new LessonReader();
  const first = await loadCatalog([root], { reader });
  const again = await loadCatalog([root], { reader });
  await writeFile(path.join(root, ALPHA_FILE), LESSON.replace('title: Alpha', 'title: Alpha, rewritten'));
  const changed = await loadCatalog([root], { reader });
  const [alphas, betas] = [0, 1].map((index) =>
    [first, again, changed].map(({ courses }) => courses.flatMap(lessonsOf)[index]),
  );
  expect(alphas?.[1]).toBe(alphas?.[0]);
  expect(alphas?.[2]?.title).toBe('Alpha, rewritten');
  expect(betas?.[2]).toBe(betas?.[0]);
});

it('knows which lessons use a term', async () => {
  const catalog = await loadCatalog([await contentRoot(goodCourse())]);
  expect(catalog.glossary).toMatchObject([{ id: 'veth', usedIn: ['alpha'], line: 2 }]);
});
