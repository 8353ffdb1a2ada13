import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { ContinueButton } from '@/components/lesson/continue-button';
import { CourseBar } from '@/components/lesson/course-bar';
import { CourseMap } from '@/components/lesson/course-map';
import { CourseProgressProvider } from '@/components/lesson/course-progress';
import { courseOutlines } from '@/lib/server/content';
import { paths } from '@/lib/shared/paths';
import styles from './course.module.css';

type Props = { params: Promise<{ course: string }> };

export async function generateStaticParams() {
  const outlines = await courseOutlines();
  return outlines.map(({ course }) => ({ course: course.id }));
}

export const revalidate = 30;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: id } = await params;
  const outline = (await courseOutlines()).find(({ course }) => course.id === id);
  return outline ? { title: outline.course.title, description: outline.course.summary } : {};
}

export default async function Page({ params }: Props) {
  const { course: id } = await params;
  const outlines = await courseOutlines();
  const outline = outlines.find(({ course }) => course.id === id);
  if (!outline) notFound();
  const { course, modules, lessons, minutes } = outline;
  const others = outlines.filter((other) => other !== outline);
  return (
    <CourseProgressProvider>
      <div className={styles.page}>
        <header className={styles.header}>
          <div>
            <h1>{course.title}</h1>
            <p className={styles.summary}>{course.summary}</p>
            <div className={styles.description}>
              {course.description.split(/\n+/).map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
            </div>
          </div>
          <aside className={styles.card} aria-label="Your way">
            <CourseBar lessonIds={lessons.map(({ lessonId }) => lessonId)} />
            <ContinueButton lessons={lessons} start="Start with the first lesson" />
            <p>{duration(minutes)} are written so far, and the line grows. Start anywhere: nothing is locked.</p>
          </aside>
        </header>
        <CourseMap modules={modules} />
        {others.length > 0 && (
          <nav className={styles.others} aria-label="Other courses">
            <h2>Other courses</h2>
            <ul>
              {others.map((other) => (
                <li key={other.course.id}>
                  <Link href={paths.course(other.course.id)}>{other.course.title}</Link> {other.course.summary}
                </li>
              ))}
            </ul>
          </nav>
        )}
      </div>
    </CourseProgressProvider>
  );
}

function duration(minutes: number): string {
  if (minutes < 90) return `${minutes} minutes`;
  const hours = Math.round(minutes / 30) / 2;
  return `About ${hours} hours`;
}
