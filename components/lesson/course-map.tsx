import Link from 'next/link';
import { Badge } from '../ui/badge';
import styles from './course-map.module.css';
import { LessonMark } from './lesson-mark';

/** A map's data, as plain as it is drawn: written lessons have an id and an address, announced ones only a title. */
export type MapModule = {
  id: string;
  number: number;
  title: string;
  summary: string;
  unlocks: string;
  stops: MapStop[];
};

export type MapStop = { title: string; href?: string; lessonId?: string; minutes?: number };

/** The course as a line of hops. Each module is a station, each lesson a stop; what is not written yet says so. */
export function CourseMap({ modules }: { modules: MapModule[] }) {
  return (
    <ol className={styles.map}>
      {modules.map((module) => (
        <ModuleStation key={module.id} module={module} />
      ))}
    </ol>
  );
}

function ModuleStation({ module }: { module: MapModule }) {
  const written = module.stops.filter(({ href }) => href);
  const coming = module.stops.filter(({ href }) => !href);
  return (
    <li id={module.id} className={styles.module} data-ready={written.length > 0 || undefined}>
      <span className={styles.station} aria-hidden="true">
        {module.number}
      </span>
      <div className={styles.about}>
        <h2>{module.title}</h2>
        <p>{module.summary}</p>
        <p className={styles.unlocks}>
          <span>Then you can</span> {module.unlocks}.
        </p>
      </div>
      <div className={styles.lessons}>
        {written.length > 0 && (
          <ol>
            {written.map((stop) => (
              <li key={stop.href}>
                <Link href={stop.href ?? ''} prefetch={false}>
                  {stop.lessonId && <LessonMark lessonId={stop.lessonId} />}
                  <span className={styles.title}>{stop.title}</span>
                  {stop.minutes && <span className={styles.minutes}>{stop.minutes} min</span>}
                </Link>
              </li>
            ))}
          </ol>
        )}
        {(coming.length > 0 || written.length === 0) && (
          <Coming titles={coming.map(({ title }) => title)} open={written.length > 0} />
        )}
      </div>
    </li>
  );
}

/** What is announced. Where nothing is written yet it is folded, so that the line can be seen as a whole. */
function Coming({ titles, open }: { titles: string[]; open: boolean }) {
  return (
    <details className={styles.coming} open={open}>
      <summary>
        <Badge>In preparation</Badge>
        {titles.length > 0 && <span>{titles.length === 1 ? '1 lesson' : `${titles.length} lessons`}</span>}
      </summary>
      <ol>
        {titles.map((title) => (
          <li key={title}>{title}</li>
        ))}
      </ol>
    </details>
  );
}
