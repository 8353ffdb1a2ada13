import Link from 'next/link';
import { paths } from '@/lib/shared/paths';
import styles from './course-line.module.css';

/** The modules as one line of hops, across on wide screens and down on small ones. */
export function CourseLine({
  course,
  modules,
}: {
  course: string;
  modules: { id: string; number: number; title: string; stops: { href?: string }[] }[];
}) {
  return (
    <ol className={styles.line}>
      {modules.map(({ id, number, title, stops }) => {
        const written = stops.filter(({ href }) => href).length;
        return (
          <li key={id} data-ready={written > 0 || undefined}>
            <Link href={`${paths.course(course)}#${id}`} prefetch={false}>
              <span className={styles.station} aria-hidden="true">
                {number}
              </span>
              <span className={styles.title}>{title}</span>
              <span className={styles.count}>
                {written > 0 ? `${written} ${written === 1 ? 'lesson' : 'lessons'}` : 'in preparation'}
              </span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
