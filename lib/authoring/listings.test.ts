import { expect, it } from 'vitest';
import { isReady, lessonsOf, loadCatalog, type ReadyLesson } from '../course/index.ts';
import { ROOT } from '../tooling/bootstrap/root.mjs';
import { checkListings, storiesOf } from './listings.ts';

const { courses } = await loadCatalog([`${ROOT}/content`]);
const lessons = courses.flatMap(lessonsOf).filter(isReady);

/** Each learner's machine has a seed of its own: what chance decides must not stand in a listing. */
const SEEDS = [1, 5, 6];

it.each(lessons.map((lesson) => [lesson.id, lesson] as const))(
  '%s: its listings are what the simulator prints',
  (_, lesson) => {
    const problems = SEEDS.flatMap((seed) =>
      checkListings(lesson, seed).map(({ line, difference }) => `seed ${seed}, line ${line}\n${difference}`),
    );
    expect(problems).toEqual([]);
  },
);

it('names the listing and the lines that differ', () => {
  const lesson = lessonWith('console', '$ echo one\n$ echo two\nzwei');
  expect(checkListings(lesson)).toEqual([
    { file: 'lesson.mdx', line: 7, difference: expect.stringMatching(/echo one[\s\S]*\+ ?one/) },
    { file: 'lesson.mdx', line: 7, difference: expect.stringMatching(/- ?zwei[\s\S]*\+ ?two/) },
  ]);
});

it('goes on in one world from listing to listing, and begins again where one says fresh', () => {
  const lesson = lessonWith('console', '$ ip netns add pod1; ip netns\npod1');
  const [fence] = lesson.body.fences;
  if (fence)
    lesson.body.fences.push(
      { ...fence, value: '$ ip netns\npod1' },
      { ...fence, value: '$ ip netns', meta: { fresh: true } },
    );
  expect(checkListings(lesson)).toEqual([]);
});

it('leaves static listings and other languages alone', () => {
  const lesson = lessonWith('sh', 'echo one');
  const [fence] = lesson.body.fences;
  if (fence) lesson.body.fences.push({ ...fence, lang: 'console', meta: { static: 'needs the internet' } });
  expect(storiesOf(lesson)).toEqual([]);
});

function lessonWith(lang: string, value: string): ReadyLesson {
  const [lesson] = lessons;
  if (lesson === undefined) throw new Error('there is no lesson to build upon');
  const body = { ...lesson.body, terminals: [], fences: [{ lang, value, meta: {}, line: 7 }] };
  return { ...lesson, file: 'lesson.mdx', body, setups: new Map() };
}
