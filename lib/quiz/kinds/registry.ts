import type { Kind, Question, QuestionOf } from '../question.ts';
import type { QuestionKind } from './kind.ts';
import { multiple } from './multiple.ts';
import { single } from './single.ts';

/** A record over the union of kinds: a kind without its half here does not compile. */
const kinds: { [K in Kind]: QuestionKind<K> } = { single, multiple };

/** The kind of a question, typed for that question. */
export function kindOf<K extends Kind>(question: QuestionOf<K> & Question): QuestionKind<K> {
  return kinds[question.kind as K];
}
