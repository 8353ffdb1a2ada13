import type { Kind, QuestionOf } from '../question.ts';

export type Finding = { path: (string | number)[]; message: string; fix: string };

/** What one kind of question is. Beside it stands components/quiz/<kind>.tsx, which asks it. */
export type QuestionKind<K extends Kind> = {
  /** What the schema cannot say: is this question answerable, and only as meant? */
  check: (question: QuestionOf<K>) => Finding[];
  /** Is this an answer at all: ids of options that exist, none twice, as many as the kind allows? */
  accepts: (question: QuestionOf<K>, answer: readonly string[]) => boolean;
  /** 0 … 1 for an accepted answer; 1 is right. */
  score: (question: QuestionOf<K>, answer: readonly string[]) => number;
};

export function knownOnce(question: { options: readonly { id: string }[] }, answer: readonly string[]): boolean {
  const known = new Set(question.options.map(({ id }) => id));
  return new Set(answer).size === answer.length && answer.every((id) => known.has(id));
}
