/** What can only be seen by looking at all lessons together: ids, links, prerequisites, terms. */
import { type Catalog, findBroken, isReady, type Lesson, lessonsOf, type ReadyLesson } from './catalog.ts';
import { resolveLink } from './link.ts';
import type { Problem } from './problem.ts';
import { suggestion } from './suggest.ts';

/** Also notes for each term which lessons use it, and turns lessons with an id that is taken into broken ones. */
export function crosscheck(catalog: Catalog): Problem[] {
  const duplicates = breakDuplicates(catalog);
  const lessons = catalog.courses.flatMap(lessonsOf).filter(isReady);
  return [
    ...duplicates,
    ...duplicateTerms(catalog),
    ...lessons.flatMap((lesson) => [
      ...checkLinks(lesson, catalog),
      ...checkTerms(lesson, catalog),
      ...checkPrerequisites(lesson, lessons, catalog),
    ]),
    ...cycles(lessons),
    ...checkSee(catalog),
  ];
}

function breakDuplicates(catalog: Catalog): Problem[] {
  const problems: Problem[] = [];
  const courses = new Map<string, string>();
  const ids = new Map<string, Lesson>();
  for (const course of catalog.courses) {
    const slugs = new Map<string, Lesson>();
    const first = course.modules[0]?.lessons[0]?.file ?? course.id;
    if (courses.has(course.id))
      problems.push({
        file: first,
        line: 1,
        rule: 'duplicate-id',
        message: `Two courses have the id "${course.id}".`,
        fix: 'Give one of them another id; to add modules to a course, leave course.yaml out.',
      });
    courses.set(course.id, first);
    for (const module of course.modules) {
      module.lessons = module.lessons.map((lesson) => {
        const twin = slugs.get(lesson.slug) ?? (lesson.id === undefined ? undefined : ids.get(lesson.id));
        slugs.set(lesson.slug, lesson);
        if (lesson.id !== undefined && !ids.has(lesson.id)) ids.set(lesson.id, lesson);
        if (!twin) return lesson;
        const problem = duplicateOf(lesson, twin);
        problems.push(problem);
        return { ...lesson, state: 'broken', id: undefined, claimedIds: [], problems: [...lesson.problems, problem] };
      });
    }
  }
  return problems;
}

function duplicateOf(lesson: Lesson, twin: Lesson): Problem {
  const { file } = lesson;
  const sameId = lesson.id !== undefined && lesson.id === twin.id;
  if (sameId)
    return {
      file,
      line: 2,
      rule: 'duplicate-id',
      message: `The id "${lesson.id}" is already that of ${twin.file}.`,
      fix: 'Give the newer lesson an id of its own; progress is kept under it.',
    };
  return {
    file,
    line: 1,
    rule: 'duplicate-id',
    message: `Another lesson of the course has the address "${lesson.slug}": ${twin.file}.`,
    fix: 'Rename one of the two folders.',
  };
}

function duplicateTerms({ glossary }: Catalog): Problem[] {
  const seen = new Map<string, string>();
  return glossary.flatMap(({ id, file, line }) => {
    const before = seen.get(id);
    seen.set(id, `${file}:${line}`);
    return before
      ? [
          {
            file,
            line,
            rule: 'duplicate-id' as const,
            message: `The term "${id}" is already defined at ${before}.`,
            fix: 'Keep one of the two definitions.',
          },
        ]
      : [];
  });
}

function checkLinks(lesson: ReadyLesson, catalog: Catalog): Problem[] {
  return lesson.body.links.flatMap(({ to, line, column }): Problem[] => {
    const link = resolveLink(to, lesson, catalog);
    if (link.kind === 'good') return [];
    return [
      {
        file: lesson.file,
        line,
        column,
        rule: link.kind === 'no-anchor' ? 'anchor-dead' : 'link-dead',
        message: link.message,
        fix: link.fix,
      },
    ];
  });
}

function checkTerms(lesson: ReadyLesson, { glossary, brokenTerms }: Catalog): Problem[] {
  return lesson.body.terms.flatMap(({ to, line, column }): Problem[] => {
    const term = glossary.find(({ id }) => id === to);
    if (term && !term.usedIn.includes(lesson.id)) term.usedIn.push(lesson.id);
    if (term || brokenTerms.has(to)) return [];
    const fix = suggestion(
      to,
      glossary.map(({ id }) => id),
      'Add it to a file in content/glossary.',
    );
    return [
      { file: lesson.file, line, column, rule: 'term-unknown', message: `The glossary has no term "${to}".`, fix },
    ];
  });
}

function checkSee({ glossary, brokenTerms }: Catalog): Problem[] {
  const ids = new Set(glossary.map(({ id }) => id));
  return glossary.flatMap(({ id, see, file, line }) =>
    see
      .filter((other) => !ids.has(other) && !brokenTerms.has(other))
      .map(
        (other): Problem => ({
          file,
          line,
          rule: 'term-unknown',
          message: `"${id}" points to "${other}", which the glossary does not have.`,
          fix: suggestion(other, ids, 'Remove it.'),
        }),
      ),
  );
}

function checkPrerequisites(lesson: ReadyLesson, lessons: ReadyLesson[], catalog: Catalog): Problem[] {
  const ids = lessons.map(({ id }) => id);
  return lesson.frontmatter.prerequisites
    .filter((id) => !ids.includes(id) && !findBroken(catalog, id))
    .flatMap((id) => {
      const message = `The prerequisite "${id}" is not the id of a lesson.`;
      return [
        {
          file: lesson.file,
          line: prerequisiteLine(lesson),
          rule: 'prerequisite-unknown',
          message,
          fix: suggestion(id, ids, 'Remove it.'),
        },
      ];
    });
}

/** Each cycle once, found where a path of prerequisites comes back to itself. */
function cycles(lessons: ReadyLesson[]): Problem[] {
  const byId = new Map(lessons.map((lesson) => [lesson.id, lesson]));
  const done = new Set<string>();
  const problems: Problem[] = [];
  function follow(lesson: ReadyLesson, trail: ReadyLesson[]) {
    const start = trail.indexOf(lesson);
    if (start >= 0) problems.push(cycleOf(trail.slice(start)));
    if (start >= 0 || done.has(lesson.id)) return;
    for (const id of lesson.frontmatter.prerequisites) {
      const next = byId.get(id);
      if (next) follow(next, [...trail, lesson]);
    }
    done.add(lesson.id);
  }
  for (const lesson of lessons) follow(lesson, []);
  return problems;
}

function cycleOf(circle: ReadyLesson[]): Problem {
  const first = circle[0] as ReadyLesson;
  const names = [...circle, first].map(({ id }) => id).join(' → ');
  return {
    file: first.file,
    line: prerequisiteLine(first),
    rule: 'prerequisite-cycle',
    message: `Prerequisites go in a circle: ${names}.`,
    fix: 'Remove one of them, at the lesson that should come first.',
  };
}

function prerequisiteLine({ body }: ReadyLesson): number {
  const yaml = body.tree.children[0];
  const lines = yaml?.type === 'yaml' ? yaml.value.split('\n') : [];
  return lines.findIndex((text) => text.startsWith('prerequisites:')) + 2;
}
