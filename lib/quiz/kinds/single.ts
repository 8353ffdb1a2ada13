import { knownOnce, type QuestionKind } from './kind.ts';

/** One option is right, one may be chosen. */
export const single: QuestionKind<'single'> = {
  check: ({ options }) => {
    const right = options.flatMap(({ correct }, index) => (correct ? [index] : []));
    if (right.length === 1) return [];
    if (right.length === 0)
      return [{ path: ['options'], message: 'No option is correct.', fix: 'Add `correct: true` to the right option.' }];
    const second = right[1] ?? 0;
    return [
      {
        path: ['options', second, 'correct'],
        message: `${right.length} options are correct, but only one can be chosen.`,
        fix: 'Keep one `correct: true`, or write `kind: multiple`.',
      },
    ];
  },
  accepts: (question, answer) => answer.length === 1 && knownOnce(question, answer),
  score: ({ options }, [chosen]) => (options.some(({ id, correct }) => correct && id === chosen) ? 1 : 0),
};
