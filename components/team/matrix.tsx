'use client';

import { clsx } from 'clsx';
import type { DashboardModule, DashboardRow } from './dashboard-types';
import styles from './matrix.module.css';
import { useLiveRows } from './use-live-rows';

/**
 * People × lessons.
 *
 *              One Pod, one IP   A flat network …
 *   Ada  2/2         ✓                 ✓
 *   Bo   0/2         …                 ·
 */
export function Matrix({
  teamId,
  initial,
  modules,
}: {
  teamId: string;
  initial: DashboardRow[];
  modules: DashboardModule[];
}) {
  const { rows, liveness } = useLiveRows(teamId, initial);
  const lessons = modules.flatMap((module) => module.lessons);
  return (
    <div>
      <p className={styles.status} role="status">
        <span className={clsx(styles.dot, liveness === 'waiting' && styles.waiting)} aria-hidden="true" />
        {liveness === 'live'
          ? 'Live: a step shows here within seconds.'
          : 'The server does not answer. This is how it was last; we keep trying.'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with the keyboard (WCAG 2.1.1) */}
      <section className={styles.frame} aria-label="Who has finished what" tabIndex={0}>
        <table className={styles.matrix}>
          <caption className="visually-hidden">Who has finished what: people by lessons</caption>
          <thead>
            <tr>
              <th scope="col" rowSpan={2} className={styles.corner}>
                Person
              </th>
              <th scope="col" rowSpan={2} className={styles.sum}>
                Finished
              </th>
              {modules.map((module) => (
                <th key={module.id} scope="colgroup" colSpan={module.lessons.length} className={styles.module}>
                  {module.title}
                </th>
              ))}
            </tr>
            <tr>
              {lessons.map((lesson) => (
                <th key={lesson.id} scope="col" className={styles.lesson}>
                  <a href={lesson.href}>{lesson.title}</a>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.learnerId}>
                <th scope="row" className={styles.person}>
                  <span>{row.name}</span>
                  {row.role === 'manager' && <span className={styles.role}>manager</span>}
                </th>
                <td className={styles.sum}>
                  {lessons.filter((lesson) => row.lessons[lesson.id]?.completed).length} of {lessons.length}
                </td>
                {lessons.map((lesson) => (
                  <StateCell key={lesson.id} cell={row.lessons[lesson.id]} />
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" className={styles.person}>
                Finished by
              </th>
              <td className={styles.sum} />
              {lessons.map((lesson) => (
                <td key={lesson.id} className={styles.total}>
                  {rows.filter((row) => row.lessons[lesson.id]?.completed).length} of {rows.length}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </section>
      <p className={styles.legend}>
        <Mark state="completed" /> finished <Mark state="started" /> begun <Mark state="none" /> not opened
      </p>
    </div>
  );
}

type State = 'completed' | 'started' | 'none';

const words: Record<State, string> = { completed: 'finished', started: 'begun', none: 'not opened' };

function StateCell({ cell }: { cell: DashboardRow['lessons'][string] | undefined }) {
  const state: State = cell?.completed ? 'completed' : cell ? 'started' : 'none';
  const when = cell && day(cell.completed ?? cell.started);
  return (
    <td className={styles.cell}>
      <Mark state={state} />
      <span className="visually-hidden">{words[state]}</span>
      {when && (
        <time className={styles.when} dateTime={cell.completed ?? cell.started}>
          {when}
        </time>
      )}
    </td>
  );
}

function Mark({ state }: { state: State }) {
  return (
    <svg className={clsx(styles.mark, styles[state])} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r={state === 'none' ? 2 : 7} />
      {state === 'completed' && <path d="M4.5 8.2 7 10.7l4.5-5" />}
      {state === 'started' && <path d="M8 1a7 7 0 0 1 0 14z" />}
    </svg>
  );
}

/** In UTC on the server and in the browser alike, so that both write the same. */
const day = (iso: string) =>
  new Date(iso).toLocaleDateString('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
