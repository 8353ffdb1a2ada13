import { knownOnce, type QuestionKind } from './kind.ts';

/** Any number of options is right; all of them and no other are to be chosen. */
export const multiple: QuestionKind<'multiple'> = {
  check: ({ options }) => {
    if (!options.some(({ correct }) => correct)) {
      return [
        {
          path: ['options'],
          message: 'No option is correct.',
          fix: 'Add `correct: true` to the right options, or an option like "None of these".',
        },
      ];
    }
    if (options.every(({ correct }) => correct)) {
      return [
        {
          path: ['options'],
          message: 'Every option is correct, so nothing is asked.',
          fix: 'Add an option that is wrong, best a mistake that people make.',
        },
      ];
    }
    return [];
  },
  accepts: (question, answer) => answer.length > 0 && knownOnce(question, answer),
  // A right choice gains what a wrong one costs, so choosing everything is worth nothing more than choosing nothing.
  score: ({ options }, answer) => {
    const right = options.filter(({ correct }) => correct);
    const hits = right.filter(({ id }) => answer.includes(id)).length;
    const misses = answer.length - hits;
    return Math.max(0, (hits - misses) / right.length);
  },
};
