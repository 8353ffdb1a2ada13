'use client';

import { paths } from '@/lib/shared/paths';
import { LinkButton } from '../ui/button';
import { useCourseProgress } from './course-progress';

export type Stop = { lessonId: string; courseId: string; slug: string; title: string };

/**
 * Leads to the exact place where one was; past a lesson that is complete to the first one that is not; a newcomer to the
 * beginning. `lessons` are those of the course, in order.
 */
export function ContinueButton({ lessons, start }: { lessons: Stop[]; start: string }) {
  const target = useTarget(lessons);
  const first = lessons[0];
  if (!first) return null;
  return (
    <LinkButton
      kind="primary"
      size="large"
      href={target?.href ?? paths.lesson(first.courseId, first.slug)}
      style={{ whiteSpace: 'normal' }}
    >
      {target ? `Continue: ${target.title}` : start}
    </LinkButton>
  );
}

function useTarget(lessons: Stop[]): { href: string; title: string } | undefined {
  const known = useCourseProgress();
  if (known.state !== 'known' || !known.progress.latest) return undefined;
  const { latest, lessons: states } = known.progress;
  const open = latest.completed ? lessons.find(({ lessonId }) => !states[lessonId]?.completedAt) : undefined;
  if (open) return { href: paths.lesson(open.courseId, open.slug), title: open.title };
  return {
    href: paths.lesson(latest.courseId, latest.slug, latest.completed ? undefined : latest.position?.anchor),
    title: latest.title,
  };
}
