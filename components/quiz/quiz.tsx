'use client';

import { type ComponentType, type FormEvent, useState } from 'react';
import type { QuizState } from '@/lib/progress';
import type { Kind, PublicQuestion, Rich } from '@/lib/quiz';
import { record } from '../progress/client';
import { useMe } from '../progress/me-store';
import { useSync } from '../progress/sync-store';
import { Button } from '../ui/button';
import { Multiple } from './multiple';
import type { OptionsProps } from './options';
import styles from './quiz.module.css';
import { InlineText, RichText } from './rich';
import { Single } from './single';

/** One entry for each kind; a kind without its half here does not compile. */
const kinds: Record<Kind, { Options: ComponentType<OptionsProps>; hint?: string }> = {
  single: { Options: Single },
  multiple: { Options: Multiple, hint: 'Choose all that are right.' },
};

type Props = { lessonId: string; question: PublicQuestion };

/**
 * One question in the text. The browser knows no key: an answer goes to the server like any progress, so it may wait
 * while the network is away, and the grade comes back with the server's answer.
 */
export function QuizQuestion({ lessonId, question }: Props) {
  const quiz = useQuestion(lessonId, question);
  const { Options, hint } = kinds[question.kind];
  return (
    <form className={styles.quiz} onSubmit={quiz.submit} id={question.id} data-state={quiz.phase} noValidate>
      <fieldset className={styles.fieldset}>
        <Prompt blocks={question.prompt} />
        {hint && <p className={styles.hint}>{hint}</p>}
        <Options
          question={question}
          chosen={quiz.chosen}
          choose={quiz.choose}
          grade={quiz.grade}
          locked={quiz.phase !== 'asking'}
        />
      </fieldset>
      {quiz.grade?.explanation && (
        <div className={styles.explanation}>
          <RichText blocks={quiz.grade.explanation} />
        </div>
      )}
      <div className={styles.end}>
        {(quiz.phase !== 'graded' || !quiz.grade?.correct) && (
          <Button
            kind={quiz.phase === 'asking' ? 'primary' : 'secondary'}
            type="submit"
            aria-disabled={quiz.phase === 'waiting' || undefined}
          >
            {quiz.phase === 'graded' ? 'Try again' : 'Check'}
          </Button>
        )}
        <p className={styles.says} role="status">
          {quiz.says}
        </p>
      </div>
    </form>
  );
}

/** A legend may hold words only; what else belongs to the question follows it. */
function Prompt({ blocks: [first, ...rest] }: { blocks: Rich }) {
  const words = first && 'p' in first;
  return (
    <>
      <legend className={styles.prompt}>{words ? <InlineText parts={first.p} /> : 'Question'}</legend>
      <RichText blocks={words || !first ? rest : [first, ...rest]} />
    </>
  );
}

/** `asking`: something can be chosen. `waiting`: answered, not graded yet. `graded`: the last answer is shown. */
type Phase = 'asking' | 'waiting' | 'graded';

function useQuestion(lessonId: string, question: PublicQuestion) {
  const { me, waiting, refused } = useMe(lessonId);
  const [chosen, choose] = useState<string[]>([]);
  const [empty, setEmpty] = useState(false);
  /** The number of tries after which it was begun anew. */
  const [againAfter, setAgainAfter] = useState<number>();
  const unreachable = useSync().phase !== 'sending';

  const state = me?.quiz[question.id];
  const pending = waiting[question.id];
  const current = state?.version === question.version ? state : undefined;
  const graded = current?.grade !== undefined && againAfter !== current.tries;
  const phase: Phase = pending ? 'waiting' : graded ? 'graded' : 'asking';

  function submit(event: FormEvent) {
    event.preventDefault();
    if (phase === 'waiting') return;
    if (phase === 'graded') {
      setAgainAfter(current?.tries);
      choose([]);
      return;
    }
    setEmpty(chosen.length === 0);
    if (chosen.length > 0)
      record({ type: 'quiz.answered', lessonId, questionId: question.id, version: question.version, answer: chosen });
  }

  return {
    phase,
    submit,
    choose: (ids: string[]) => {
      setEmpty(false);
      choose(ids);
    },
    chosen: pending ?? (phase === 'graded' ? (current?.answer ?? []) : chosen),
    grade: phase === 'graded' ? current?.grade : undefined,
    says: says({ phase, state, question, empty, unreachable, refused: refused[question.id] }),
  };
}

type Situation = {
  phase: Phase;
  state?: QuizState;
  question: PublicQuestion;
  empty: boolean;
  unreachable: boolean;
  refused?: string;
};

function says({ phase, state, question, empty, unreachable, refused }: Situation): string {
  if (phase === 'waiting')
    return unreachable ? 'Your answer is kept and is checked as soon as the server can be reached.' : 'Checking …';
  if (empty) return 'Choose an answer first.';
  if (refused) return refused;
  if (!state) return '';
  if (state.version !== question.version) return 'This question was changed since you answered it.';
  if (phase === 'asking') return tries(state.tries);
  return `${result(state, question)} ${tries(state.tries)}`;
}

function result({ grade }: QuizState, { kind }: PublicQuestion): string {
  if (grade?.correct) return 'Right.';
  const someWrong = grade?.perOption.some(({ chosen, correct }) => chosen && !correct);
  if (kind === 'multiple' && !someWrong) return 'All of these are right, but there is more.';
  return kind === 'multiple' && (grade?.score ?? 0) > 0 ? 'Partly right.' : 'Not right yet.';
}

function tries(count: number): string {
  return count === 1 ? '1 try.' : `${count} tries.`;
}
