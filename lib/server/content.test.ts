import { expect, it } from 'vitest';
import { formatProblems } from '../course/index.ts';
import { getCatalog } from './content.ts';

it('finds nothing wrong with our own content', async () => {
  const { problems } = await getCatalog();
  expect(formatProblems(problems)).toBe(formatProblems([]));
});
