/**
 * The course engine: folders of MDX and YAML in, a typed course and a list of problems out.
 *
 * It knows what a lesson may contain and says exactly where one does otherwise. It reads only (content roots are given),
 * runs no code that an author wrote, and renders nothing: `compileLesson` ends at a tree of elements, some of which bear the
 * names of components. It is not the place for questions (lib/quiz), simulation (lib/sim), people (lib/progress) or React.
 */

export {
  type BrokenLesson,
  type Catalog,
  type Course,
  findLesson,
  findLessonById,
  isReady,
  type Lesson,
  lessonsOf,
  type Module,
  neighbours,
  outline,
  type PlannedLesson,
  problemsOf,
  type ReadyLesson,
  type Term,
} from './catalog.ts';
export { type CodeBlockProps, compileLesson } from './compile.ts';
export type { Fence } from './fence.ts';
export { LessonReader, type ReadQuiz } from './lesson.ts';
export { loadCatalog } from './load.ts';
export { formatProblems, type Problem, type Rule } from './problem.ts';
export type { Frontmatter, Source } from './schema.ts';
