/** The course as the rest of the product sees it. */
import type { LessonBody } from './body.ts';
import type { Problem } from './problem.ts';
import type { Frontmatter, GlossaryEntry } from './schema.ts';

export type Place = {
  courseId: string;
  moduleId: string;
  /** The folder's name without its number: the last part of the lesson's address. */
  slug: string;
  /** The folder's number: the lesson's place in its module. */
  number: number;
  dir: string;
  file: string;
};

export type ReadyLesson = Place & {
  state: 'ready';
  id: string;
  title: string;
  frontmatter: Frontmatter;
  body: LessonBody;
  /** Contents of the files that it refers to. */
  setups: Map<string, string>;
  problems: Problem[];
};

/** A lesson that cannot be shown. It keeps its place and its address, and says there what is wrong. */
export type BrokenLesson = Place & {
  state: 'broken';
  id?: undefined;
  title: string;
  /** What it is probably called: those who refer to it by these are not to blame. */
  claimedIds: string[];
  problems: Problem[];
};

export type Lesson = ReadyLesson | BrokenLesson;

export type PlannedLesson = { state: 'planned'; number: number; title: string };

export type Module = {
  id: string;
  number: number;
  title: string;
  summary: string;
  unlocks: string;
  /** In the order of their numbers. */
  lessons: Lesson[];
  planned: PlannedLesson[];
};

export type Course = { id: string; title: string; summary: string; description: string; modules: Module[] };

export type Term = GlossaryEntry & {
  file: string;
  line: number;
  /** Ids of the lessons that use it, in course order. */
  usedIn: string[];
};

export type Catalog = {
  courses: Course[];
  glossary: Term[];
  /** Ids in glossary files that cannot be read: those who refer to them are not to blame. */
  brokenTerms: Set<string>;
  problems: Problem[];
};

export function lessonsOf(course: Course): Lesson[] {
  return course.modules.flatMap((module) => module.lessons);
}

export function isReady(lesson: Lesson): lesson is ReadyLesson {
  return lesson.state === 'ready';
}

export function findLesson(catalog: Catalog, courseId: string, slug: string): Lesson | undefined {
  const course = catalog.courses.find(({ id }) => id === courseId);
  return course && lessonsOf(course).find((lesson) => lesson.slug === slug);
}

export function findLessonById(catalog: Catalog, id: string): ReadyLesson | undefined {
  return catalog.courses
    .flatMap(lessonsOf)
    .filter(isReady)
    .find((lesson) => lesson.id === id);
}

/** What is wrong with a lesson, by itself and among the others. */
export function problemsOf(catalog: Catalog, lesson: Lesson): Problem[] {
  return catalog.problems.filter(({ file }) => file === lesson.dir || file.startsWith(`${lesson.dir}/`));
}

/** A lesson that cannot be read and seems to have this id. */
export function findBroken(catalog: Catalog, id: string): BrokenLesson | undefined {
  return catalog.courses
    .flatMap(lessonsOf)
    .find((lesson): lesson is BrokenLesson => lesson.state === 'broken' && lesson.claimedIds.includes(id));
}

/** Lessons and announcements of a module, in the order of their numbers. */
export function outline(module: Module): (Lesson | PlannedLesson)[] {
  return [...module.lessons, ...module.planned].sort((a, b) => a.number - b.number);
}

/** The lessons before and after, over the borders of modules. */
export function neighbours(
  catalog: Catalog,
  lesson: { courseId: string; dir: string },
): { previous?: ReadyLesson; next?: ReadyLesson } {
  const course = catalog.courses.find(({ id }) => id === lesson.courseId);
  const lessons = course ? lessonsOf(course) : [];
  const index = lessons.findIndex(({ dir }) => dir === lesson.dir);
  return { previous: lessons.slice(0, index).findLast(isReady), next: lessons.slice(index + 1).find(isReady) };
}
