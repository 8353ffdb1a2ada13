import type { PublicQuestion } from '@/lib/quiz';
import { QuizQuestion } from '../quiz/quiz';
import { Notice } from '../ui/notice';

/** A question in its place. What is not in quiz.yaml is said in its place, so that the rest can be read. */
export function Question({ lessonId, id, question }: { lessonId: string; id: string; question?: PublicQuestion }) {
  if (!question) return <Notice tone="warn">The question “{id}” is missing from this lesson’s quiz.yaml.</Notice>;
  return <QuizQuestion lessonId={lessonId} question={question} />;
}
