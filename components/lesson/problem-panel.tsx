import type { ShownProblem } from './problem';
import styles from './problem-panel.module.css';

/** Problems are plain text; what stands in `backticks` is code. */
function WithCode({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part));
}

/** What is wrong with a lesson, to those who write it: place, excerpt and fix. Stands in for the lesson, or above it. */
export function ProblemPanel({ problems, shown }: { problems: ShownProblem[]; shown: boolean }) {
  if (problems.length === 0) return null;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return (
    <section className={styles.panel} aria-label="Problems of this lesson">
      <h2>{shown ? `This lesson has ${count}` : `This lesson cannot be shown: it has ${count}`}</h2>
      {!shown && (
        <p>
          Nothing you have done is lost, and the other lessons work. Whoever writes this lesson finds below what to
          correct.
        </p>
      )}
      <ol>
        {problems.map((problem) => (
          <li key={`${problem.file}:${problem.line}:${problem.column}:${problem.rule}:${problem.message}`}>
            <p className={styles.place}>
              <code>{[problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')}</code>
            </p>
            <p className={styles.message}>
              <WithCode text={problem.message} />
            </p>
            {problem.excerpt.length > 0 && (
              <pre>
                {problem.excerpt.map(({ line, text }) => (
                  <code key={line} data-here={line === problem.line || undefined}>
                    <span>{line}</span> {text}
                    {'\n'}
                  </code>
                ))}
              </pre>
            )}
            <p className={styles.fix}>
              <strong>Fix:</strong> <WithCode text={problem.fix} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
