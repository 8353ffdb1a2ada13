import Link from 'next/link';
import type { Course, Module, ReadyLesson } from '@/lib/course';
import { paths } from '@/lib/shared/paths';
import styles from './lesson-header.module.css';

export function LessonHeader({
  course,
  module,
  lesson,
  prerequisites,
}: {
  course: Course;
  module: Module;
  lesson: ReadyLesson;
  prerequisites: ReadyLesson[];
}) {
  const { title, summary, minutes, objectives } = lesson.frontmatter;
  const questions = lesson.body.questions.length;
  return (
    <header className={styles.header}>
      <nav aria-label="Where this lesson is" className={styles.trail} data-print="hide">
        <Link href={paths.course(course.id)} prefetch={false}>
          {course.title}
        </Link>
        <span aria-hidden="true">/</span>
        <Link href={`${paths.course(course.id)}#${module.id}`} prefetch={false}>
          {module.title}
        </Link>
      </nav>
      <h1>{title}</h1>
      <p className={styles.summary}>{summary}</p>
      <p className={styles.facts}>
        <span>{minutes} minutes</span>
        {questions > 0 && <span>{questions === 1 ? '1 question' : `${questions} questions`}</span>}
        {lesson.body.terminals.length > 0 && <span>with a terminal</span>}
      </p>
      <section className={styles.objectives} aria-labelledby="objectives">
        <h2 id="objectives">After this lesson you can</h2>
        <ul>
          {objectives.map((objective) => (
            <li key={objective}>{lowerFirst(objective)}</li>
          ))}
        </ul>
        {prerequisites.length > 0 && (
          <p>
            It builds on{' '}
            {prerequisites.map((before, index) => (
              <span key={before.id}>
                {index > 0 && (index === prerequisites.length - 1 ? ' and ' : ', ')}
                <Link href={paths.lesson(before.courseId, before.slug)} prefetch={false}>
                  {before.title}
                </Link>
              </span>
            ))}
            .
          </p>
        )}
      </section>
    </header>
  );
}

/** Objectives are written as sentences; here they continue one. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
