import { kindOf } from './kinds/registry.ts';
import { type Kind, type Question, versionOf } from './question.ts';
import { type Inline, inlineOf, type Rich, richOf } from './rich.ts';

/** What the browser may know before there is an answer: no keys, no feedback, no explanation. */
export type PublicQuestion = {
  id: string;
  kind: Kind;
  version: string;
  prompt: Rich;
  options: { id: string; text: Inline[] }[];
};

export function publicQuestion(question: Question): PublicQuestion {
  const { id, kind, prompt, options } = question;
  return {
    id,
    kind,
    version: versionOf(question),
    prompt: richOf(prompt),
    options: options.map(({ id, text }) => ({ id, text: inlineOf(text) })),
  };
}

export type OptionGrade = { id: string; chosen: boolean; correct: boolean; feedback: Rich };

export type Grade = {
  correct: boolean;
  /** 0 … 1 */
  score: number;
  perOption: OptionGrade[];
  explanation?: Rich;
};

/** @returns undefined when the answer is none: unknown options, one of them twice, none, or too many for the kind */
export function grade(question: Question, answer: readonly string[]): Grade | undefined {
  const kind = kindOf(question);
  if (!kind.accepts(question, answer)) return undefined;
  const score = kind.score(question, answer);
  return {
    correct: score === 1,
    score,
    perOption: question.options.map(({ id, correct, feedback }) => ({
      id,
      chosen: answer.includes(id),
      correct: correct === true,
      feedback: richOf(feedback),
    })),
    ...(question.explanation && { explanation: richOf(question.explanation) }),
  };
}

/** After so many wrong tries everything is shown. */
export const TRIES_BEFORE_REVEAL = 3;

/**
 * What a learner sees of a grade. While there is something left to find out, only of what was chosen: else the first
 * wrong try would give the answer away.
 */
export function shownGrade(grade: Grade, tries: number): Grade {
  if (grade.correct || tries >= TRIES_BEFORE_REVEAL) return grade;
  const { correct, score, perOption } = grade;
  return { correct, score, perOption: perOption.filter(({ chosen }) => chosen) };
}
