import Link from 'next/link';
import type { ReadyLesson } from '@/lib/course';
import { paths } from '@/lib/shared/paths';
import { Completion } from './completion';
import styles from './lesson-end.module.css';
import { lowerFirst } from './lesson-header';

/** What was learnt, how sure one feels, where it goes from here, and what it rests on. */
export function LessonEnd({
  lesson,
  previous,
  next,
}: {
  lesson: ReadyLesson;
  previous?: ReadyLesson;
  next?: ReadyLesson;
}) {
  const { objectives, sources } = lesson.frontmatter;
  return (
    <footer className={styles.end}>
      <section aria-labelledby="learnt" data-print="hide">
        <h2 id="learnt">Can you do it now?</h2>
        <p>Say to yourself how you would</p>
        <ul>
          {objectives.map((objective) => (
            <li key={objective}>{lowerFirst(objective)}</li>
          ))}
        </ul>
        <Completion
          lessonId={lesson.id}
          next={next && { title: next.title, href: paths.lesson(next.courseId, next.slug) }}
        />
      </section>
      <nav className={styles.pager} aria-label="Lessons before and after" data-print="hide">
        {previous ? <PagerLink rel="prev" label="Before" lesson={previous} /> : <span />}
        {next ? (
          <PagerLink rel="next" label="Next" lesson={next} />
        ) : (
          <Link href={paths.course(lesson.courseId)} className={styles.next}>
            <span>Next</span>
            To the map of the course
          </Link>
        )}
      </nav>
      <section className={styles.sources} aria-labelledby="sources">
        <h2 id="sources">Sources</h2>
        <ul>
          {sources.map(({ title, url }) => (
            <li key={url}>
              <a href={url}>{title}</a>
            </li>
          ))}
        </ul>
      </section>
    </footer>
  );
}

function PagerLink({ rel, label, lesson }: { rel: 'prev' | 'next'; label: string; lesson: ReadyLesson }) {
  return (
    <Link href={paths.lesson(lesson.courseId, lesson.slug)} rel={rel} className={styles[rel]}>
      <span>{label}</span>
      {lesson.title}
    </Link>
  );
}
