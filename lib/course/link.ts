/** Where a link in a lesson leads. */
import { paths } from '../shared/paths.ts';
import { type Catalog, findBroken, findLesson, findLessonById, isReady, type ReadyLesson } from './catalog.ts';
import { suggestion } from './suggest.ts';

export type ResolvedLink =
  | { kind: 'good'; href: string; external: boolean }
  | { kind: 'dead' | 'no-anchor'; message: string; fix: string };

/** Pages that are there whatever the content is. */
const FIXED = new Set<string>([
  paths.home,
  paths.glossary,
  paths.commands,
  paths.sandbox,
  paths.teams,
  paths.profile,
  paths.signIn,
  paths.signUp,
]);

/** @param url `#anchor`, `lesson:<id>#anchor`, `/courses/<course>/<slug>#anchor`, another path of the site, or an address elsewhere */
export function resolveLink(url: string, from: ReadyLesson, catalog: Catalog): ResolvedLink {
  const [target = '', anchor] = url.split('#', 2);
  if (/^(https?:|mailto:)/.test(url)) return { kind: 'good', href: url, external: true };
  if (target === '') return toLesson(from, anchor);
  if (target.startsWith('lesson:')) {
    const id = target.slice('lesson:'.length);
    const lesson = findLessonById(catalog, id);
    const broken = findBroken(catalog, id);
    if (broken) return { kind: 'good', href: paths.lesson(broken.courseId, broken.slug), external: false };
    return lesson ? toLesson(lesson, anchor) : deadLesson(id, catalog);
  }
  return toPath(target, anchor, catalog);
}

function toLesson(lesson: ReadyLesson, anchor: string | undefined): ResolvedLink {
  const ids = lesson.body.headings.map(({ id }) => id);
  if (anchor === undefined || ids.includes(anchor))
    return { kind: 'good', href: paths.lesson(lesson.courseId, lesson.slug, anchor), external: false };
  return {
    kind: 'no-anchor',
    message: `"${lesson.title}" has no heading #${anchor}.`,
    fix: suggestion(anchor, ids, 'Remove the anchor.'),
  };
}

function deadLesson(id: string, catalog: Catalog): ResolvedLink {
  const ids = catalog.courses.flatMap(({ modules }) =>
    modules.flatMap(({ lessons }) => lessons.flatMap((lesson) => lesson.id ?? [])),
  );
  return {
    kind: 'dead',
    message: `There is no lesson with the id "${id}".`,
    fix: suggestion(id, ids, 'Remove the link.'),
  };
}

function toPath(target: string, anchor: string | undefined, catalog: Catalog): ResolvedLink {
  const [, root, courseId, slug, ...more] = target.split('/');
  if (root === 'courses' && courseId && more.length === 0) {
    const course = catalog.courses.find(({ id }) => id === courseId);
    const lesson = slug ? findLesson(catalog, courseId, slug) : undefined;
    if (course && !slug) return { kind: 'good', href: paths.course(courseId), external: false };
    if (lesson && isReady(lesson)) return toLesson(lesson, anchor);
    if (lesson) return { kind: 'good', href: target, external: false };
    if (course)
      return {
        kind: 'dead',
        message: `There is no lesson at ${target}.`,
        fix: suggestion(slug ?? '', slugsOf(course), 'Write lesson:<id>, which stays true when a folder is renamed.'),
      };
  }
  if (
    target === paths.glossary &&
    anchor !== undefined &&
    !catalog.brokenTerms.has(anchor) &&
    !catalog.glossary.some(({ id }) => id === anchor)
  ) {
    return {
      kind: 'no-anchor',
      message: `The glossary has no term "${anchor}".`,
      fix: suggestion(
        anchor,
        catalog.glossary.map(({ id }) => id),
        'Remove the anchor.',
      ),
    };
  }
  if (FIXED.has(target))
    return { kind: 'good', href: anchor === undefined ? target : `${target}#${anchor}`, external: false };
  return {
    kind: 'dead',
    message: `Nothing is at "${target}".`,
    fix: 'Link to lesson:<id>, to /glossary#<term>, to a heading (#…) or to an https address.',
  };
}

function slugsOf(course: Catalog['courses'][number]): string[] {
  return course.modules.flatMap(({ lessons }) => lessons.map(({ slug }) => slug));
}
