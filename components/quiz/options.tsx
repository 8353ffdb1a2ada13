import { useId } from 'react';
import type { Grade, OptionGrade, PublicQuestion } from '@/lib/quiz';
import styles from './quiz.module.css';
import { InlineText, RichText } from './rich';

export type OptionsProps = {
  question: PublicQuestion;
  chosen: readonly string[];
  choose: (chosen: string[]) => void;
  /** Of the answer that is shown; then nothing can be chosen. */
  grade?: Grade;
  locked: boolean;
};

type Props = OptionsProps & { type: 'radio' | 'checkbox'; toggle: (id: string) => string[] };

/** The options of a question, each with its feedback once there is one. */
export function Options({ question, chosen, choose, grade, locked, type, toggle }: Props) {
  const name = useId();
  const graded = new Map(grade?.perOption.map((option) => [option.id, option]));
  return (
    <ul className={styles.options}>
      {question.options.map(({ id, text }) => (
        <li key={id} data-result={resultOf(graded.get(id))}>
          <label className={styles.option}>
            <input
              type={type}
              name={name}
              value={id}
              checked={chosen.includes(id)}
              aria-disabled={locked || undefined}
              aria-describedby={graded.has(id) ? `${name}-${id}` : undefined}
              onChange={() => {
                if (!locked) choose(toggle(id));
              }}
            />
            <span>
              <InlineText parts={text} />
            </span>
          </label>
          <Feedback id={`${name}-${id}`} option={graded.get(id)} />
        </li>
      ))}
    </ul>
  );
}

function Feedback({ id, option }: { id: string; option?: OptionGrade }) {
  if (!option) return null;
  return (
    <div id={id} className={styles.feedback}>
      <strong>{verdict(option)}</strong>
      <RichText blocks={option.feedback} />
    </div>
  );
}

function resultOf(option: OptionGrade | undefined): 'right' | 'wrong' | 'missed' | undefined {
  if (!option) return undefined;
  if (option.chosen) return option.correct ? 'right' : 'wrong';
  return option.correct ? 'missed' : undefined;
}

function verdict({ chosen, correct }: OptionGrade): string {
  if (chosen) return correct ? '✓ Right' : '✗ Not this';
  return correct ? 'This one too' : 'Rightly left out';
}
