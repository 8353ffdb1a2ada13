'use client';

import { paths } from '@/lib/shared/paths';
import { LinkButton } from '../ui/button';
import { useCourseProgress } from './course-progress';

export type Stop = { courseId: string; slug: string };

/** Leads to the exact place where one was, or to what comes after it; a newcomer to `first`. */
export function ContinueButton({ first, start }: { first?: Stop; start: string }) {
  const target = useTarget();
  if (!first) return null;
  if (!target) {
    return (
      <LinkButton kind="primary" size="large" href={paths.lesson(first.courseId, first.slug)}>
        {start}
      </LinkButton>
    );
  }
  return (
    <LinkButton kind="primary" size="large" href={target.href} style={{ whiteSpace: 'normal' }}>
      Continue: {target.title}
    </LinkButton>
  );
}

function useTarget(): { href: string; title: string } | undefined {
  const known = useCourseProgress();
  const at = known.state === 'known' ? known.progress.continueAt : null;
  if (!at) return undefined;
  const anchor = at.position?.anchor;
  return { title: at.title, href: anchor ? `${at.href}#${anchor}` : at.href };
}
