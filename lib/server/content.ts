import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Root } from 'hast';
import { PHASE_PRODUCTION_BUILD } from 'next/constants';
import {
  type Catalog,
  type Course,
  compileLesson,
  findLesson,
  findLessonById,
  formatProblems,
  isReady,
  type Lesson,
  LessonReader,
  lessonsOf,
  loadCatalog,
  type Module,
  neighbours,
  outline,
  type PlannedLesson,
  type Problem,
  problemsOf,
  type ReadQuiz,
  type ReadyLesson,
  type Term,
} from '../course/index.ts';
import { type PublicQuestion, parseQuiz, publicQuestion, type Question } from '../quiz/index.ts';
import { paths } from '../shared/paths.ts';

/**
 * Where courses and questions meet. Content is read from its folders at build and at run time alike, so that a folder
 * named in CONTENT_DIRS needs no rebuild; a catalogue is kept for a few seconds, unchanged lessons for good.
 */
const OWN_ROOT = 'content';
const FRESH_MS = 500;
const KEPT_MS = process.env.NODE_ENV === 'production' ? 10_000 : 300;

/** A build knows only our own root: what it makes must not depend on where it was made. */
export function contentRoots(): string[] {
  if (process.env.NEXT_PHASE === PHASE_PRODUCTION_BUILD) return [OWN_ROOT];
  const more = process.env.CONTENT_DIRS?.split(path.delimiter).filter(Boolean) ?? [];
  return [OWN_ROOT, ...more];
}

const readQuiz: ReadQuiz = (text, file) => {
  const { quiz, problems } = parseQuiz(text, file);
  const lines = text.split('\n');
  const lineOf = (id: string) => lines.findIndex((line) => line.trim().replace(/^- /, '') === `id: ${id}`) + 1 || 1;
  return { questions: quiz?.questions.map(({ id }) => ({ id, line: lineOf(id) })) ?? [], problems };
};

const reader = new LessonReader(readQuiz);
let kept: { catalog: Promise<Catalog>; at: number } | undefined;

export function getCatalog(keptMs = KEPT_MS): Promise<Catalog> {
  const now = Date.now();
  if (!kept || now - kept.at > keptMs) kept = { catalog: loadCatalog(contentRoots(), { reader }), at: now };
  return kept.catalog;
}

/** The lessons of this repository that can be built ahead. Stops the build when its content has problems. */
export async function lessonsToBuild(): Promise<{ course: string; lesson: string }[]> {
  const catalog = await loadCatalog([OWN_ROOT], { reader });
  if (catalog.problems.length > 0 && process.env.NEXT_PHASE === PHASE_PRODUCTION_BUILD)
    throw new Error(formatProblems(catalog.problems));
  return catalog.courses.flatMap((course) =>
    lessonsOf(course).map(({ slug }) => ({ course: course.id, lesson: slug })),
  );
}

export type LessonPage = {
  course: Course;
  module: Module;
  lesson: Lesson;
  problems: (Problem & { excerpt: { line: number; text: string }[] })[];
  previous?: ReadyLesson;
  next?: ReadyLesson;
  /** Only of a lesson that can be shown. */
  ready?: {
    lesson: ReadyLesson;
    tree: Root;
    questions: Map<string, PublicQuestion>;
    terms: Map<string, { term: string; short: string }>;
    prerequisites: ReadyLesson[];
  };
};

export async function getLessonPage(courseId: string, slug: string): Promise<LessonPage | undefined> {
  let catalog = await getCatalog();
  // What is not known may be new: look again before saying that it is not there, for that answer is kept for a while.
  if (!findLesson(catalog, courseId, slug)) catalog = await getCatalog(FRESH_MS);
  const lesson = findLesson(catalog, courseId, slug);
  const course = catalog.courses.find(({ id }) => id === courseId);
  const module = course?.modules.find(({ id }) => id === lesson?.moduleId);
  if (!lesson || !course || !module) return undefined;
  const problems = await Promise.all(problemsOf(catalog, lesson).map(withExcerpt));
  const page: LessonPage = { course, module, lesson, problems, ...neighbours(catalog, lesson) };
  if (isReady(lesson)) page.ready = await showable(lesson, catalog);
  return page;
}

const EXCERPT_LINES = 2;

/** Where a server keeps its content is nobody's business; below the root it is what an author needs. */
function shownPath(file: string): string {
  if (process.env.NODE_ENV !== 'production') return file;
  const root = contentRoots().find((dir) => file.startsWith(`${dir}${path.sep}`));
  return root ? path.relative(root, file) : path.basename(file);
}

async function withExcerpt(problem: Problem) {
  const text = await readFile(problem.file, 'utf8').catch(() => '');
  const excerpt = text
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: line }))
    .filter(({ line }) => Math.abs(line - problem.line) <= EXCERPT_LINES);
  return { ...problem, file: shownPath(problem.file), excerpt: text === '' ? [] : excerpt };
}

async function showable(lesson: ReadyLesson, catalog: Catalog): Promise<LessonPage['ready']> {
  const questions = await questionsOf(lesson);
  const used = new Set(lesson.body.terms.map(({ to }) => to));
  return {
    lesson,
    tree: await compileLesson(lesson, catalog),
    questions: new Map(questions.map((question) => [question.id, publicQuestion(question)])),
    terms: new Map(
      catalog.glossary.filter(({ id }) => used.has(id)).map(({ id, term, short }) => [id, { term, short }]),
    ),
    prerequisites: lesson.frontmatter.prerequisites.flatMap((id) => findLessonById(catalog, id) ?? []),
  };
}

/** By lesson: the reader makes another lesson when any file of its folder has changed. */
const keptQuestions = new WeakMap<ReadyLesson, Promise<Question[]>>();

function questionsOf(lesson: ReadyLesson): Promise<Question[]> {
  const questions = keptQuestions.get(lesson) ?? readQuestions(lesson);
  keptQuestions.set(lesson, questions);
  return questions;
}

async function readQuestions(lesson: ReadyLesson): Promise<Question[]> {
  const file = path.join(lesson.dir, 'quiz.yaml');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? [] : (parseQuiz(text, file).quiz?.questions ?? []);
}

/** A question with its key, for grading on the server. */
export async function findQuestion(lessonId: string, questionId: string): Promise<Question | undefined> {
  const lesson = findLessonById(await getCatalog(), lessonId);
  const questions = lesson ? await questionsOf(lesson) : [];
  return questions.find(({ id }) => id === questionId);
}

/** What a lesson is to those who keep progress: does it exist, what is in it, where does it lead. */
export async function lessonFacts(lessonId: string) {
  const lesson = findLessonById(await getCatalog(), lessonId);
  if (!lesson) return undefined;
  const { id, title, courseId, slug, body } = lesson;
  return {
    id,
    title,
    href: paths.lesson(courseId, slug),
    terminals: body.terminals.map((terminal) => terminal.id),
    questions: body.questions.map(({ to }) => to),
  };
}

/** A course as its map draws it. */
export type CourseOutline = {
  course: Course;
  modules: { id: string; number: number; title: string; summary: string; unlocks: string; stops: OutlineStop[] }[];
  /** Lessons that can be learnt, in order. */
  lessons: { lessonId: string; courseId: string; slug: string; title: string }[];
  minutes: number;
};

type OutlineStop = { title: string; href?: string; lessonId?: string; minutes?: number };

export async function courseOutlines(): Promise<CourseOutline[]> {
  const { courses } = await getCatalog();
  return courses.map((course) => {
    const ready = lessonsOf(course).filter(isReady);
    return {
      course,
      modules: course.modules.map((module) => ({ ...module, stops: outline(module).map(stopOf) })),
      lessons: ready.map(({ id, courseId, slug, title }) => ({ lessonId: id, courseId, slug, title })),
      minutes: ready.reduce((sum, { frontmatter }) => sum + frontmatter.minutes, 0),
    };
  });
}

function stopOf(stop: Lesson | PlannedLesson): OutlineStop {
  if (stop.state === 'planned') return { title: stop.title };
  const href = paths.lesson(stop.courseId, stop.slug);
  return { title: stop.title, href, lessonId: stop.id, minutes: isReady(stop) ? stop.frontmatter.minutes : undefined };
}

export type GlossaryItem = Term & {
  usedBy: { title: string; href: string }[];
  seeAlso: { id: string; term: string }[];
};

/** Terms by alphabet, with the lessons that use them. */
export async function glossary(): Promise<GlossaryItem[]> {
  const catalog = await getCatalog();
  const names = new Map(catalog.glossary.map(({ id, term }) => [id, term]));
  return catalog.glossary
    .map((term) => ({
      ...term,
      usedBy: term.usedIn.flatMap((id) => {
        const lesson = findLessonById(catalog, id);
        return lesson ? [{ title: lesson.title, href: paths.lesson(lesson.courseId, lesson.slug) }] : [];
      }),
      seeAlso: term.see.flatMap((id) => (names.has(id) ? [{ id, term: names.get(id) as string }] : [])),
    }))
    .sort((a, b) => a.term.localeCompare(b.term, 'en', { sensitivity: 'base' }));
}

/** The columns of a team's matrix: modules with the lessons that can be learnt. */
export async function dashboardModules() {
  const { courses } = await getCatalog();
  return courses
    .flatMap(({ modules }) => modules)
    .map(({ id, title, lessons }) => ({
      id,
      title,
      lessons: lessons
        .filter(isReady)
        .map((lesson) => ({ id: lesson.id, title: lesson.title, href: paths.lesson(lesson.courseId, lesson.slug) })),
    }))
    .filter(({ lessons }) => lessons.length > 0);
}
