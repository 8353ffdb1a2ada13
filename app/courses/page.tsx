import { notFound, redirect } from 'next/navigation';
import { courseOutlines } from '@/lib/server/content';
import { paths } from '@/lib/shared/paths';

export const revalidate = 30;

/** The first course is the course; others are named on its page. */
export default async function Page() {
  const [first] = await courseOutlines();
  if (!first) notFound();
  redirect(paths.course(first.course.id));
}
