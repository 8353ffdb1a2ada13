import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { preload } from 'react-dom';
import { LessonEnd } from '@/components/lesson/lesson-end';
import { LessonHeader } from '@/components/lesson/lesson-header';
import { LessonLayout } from '@/components/lesson/lesson-layout';
import { LessonTracker } from '@/components/lesson/lesson-tracker';
import { ProblemPanel } from '@/components/lesson/problem-panel';
import { LessonContent } from '@/components/mdx/lesson-content';
import type { ReadyLesson } from '@/lib/course';
import { getLessonPage, type LessonPage, lessonsToBuild } from '@/lib/server/content';
import { meOf } from '@/lib/shared/paths';
import styles from './lesson.module.css';

type Props = { params: Promise<{ course: string; lesson: string }> };

/** Built ahead for our own content; lessons of other content folders are made at their first request. */
export const generateStaticParams = lessonsToBuild;

/** Seconds after which a page is made again in the background, so that edited content appears without a rebuild. */
export const revalidate = 30;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course, lesson } = await params;
  const page = await getLessonPage(course, lesson);
  if (!page) return {};
  return { title: page.lesson.title, description: page.ready?.lesson.frontmatter.summary };
}

export default async function Page({ params }: Props) {
  const { course, lesson } = await params;
  const page = await getLessonPage(course, lesson);
  if (!page) notFound();
  return page.ready ? <Ready page={page} ready={page.ready} /> : <Broken page={page} />;
}

function Broken({ page }: { page: LessonPage }) {
  return (
    <LessonLayout entries={[]} terminals={[]}>
      <h1 className={styles.broken}>{page.lesson.title}</h1>
      <ProblemPanel problems={page.problems} shown={false} />
    </LessonLayout>
  );
}

function Ready({ page, ready }: { page: LessonPage; ready: NonNullable<LessonPage['ready']> }) {
  const { lesson, tree, questions, terms, prerequisites } = ready;
  const { headings } = lesson.body;
  const terminals = terminalsOf(lesson);
  // What is personal is on its way while the page's scripts are.
  preload(meOf(lesson.id), { as: 'fetch', crossOrigin: 'anonymous' });
  const context = { lessonId: lesson.id, questions, terms, terminals };
  const listed = headings.filter(({ depth }) => depth <= 3).map(({ id, text, depth }) => ({ id, text, depth }));
  return (
    <>
      <LessonTracker lessonId={lesson.id} headings={listed.map(({ id }) => id)} />
      <LessonLayout entries={listed} terminals={terminals}>
        <ProblemPanel problems={page.problems} shown />
        <article>
          <LessonHeader course={page.course} module={page.module} lesson={lesson} prerequisites={prerequisites} />
          <LessonContent tree={tree} context={context} />
          <LessonEnd lesson={lesson} previous={page.previous} next={page.next} />
        </article>
      </LessonLayout>
    </>
  );
}

/** The terminals of its text, for the dock. */
function terminalsOf({ id: lessonId, body, setups }: ReadyLesson) {
  return body.terminals.map(({ id, world, title = 'Terminal', setup }) => ({
    id,
    lessonId,
    title,
    world,
    ...(setup && { setup: setups.get(setup) ?? '' }),
  }));
}
