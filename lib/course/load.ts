/** Reads content roots into a catalogue. Whatever is wrong becomes a problem; nothing is thrown and nothing else is lost. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Catalog, Course, Lesson, Module, Term } from './catalog.ts';
import { crosscheck } from './crosscheck.ts';
import { LessonReader, type ReadQuiz } from './lesson.ts';
import type { Problem } from './problem.ts';
import { courseSchema, glossaryFileSchema, moduleSchema } from './schema.ts';
import { parseYaml } from './yaml-source.ts';

export type LoadOptions = {
  /** What lib/quiz makes of a quiz.yaml; the two layers meet in lib/server. */
  readQuiz?: ReadQuiz;
  /** Keeps lessons that have not changed between two loads. */
  reader?: LessonReader;
};

/**
 * A later root may bring courses of its own, or, in a course folder without course.yaml whose name is the id of a course
 * of an earlier root, more modules for that course.
 */
export async function loadCatalog(roots: readonly string[], options: LoadOptions = {}): Promise<Catalog> {
  const reader = options.reader ?? new LessonReader(options.readQuiz);
  const catalog: Catalog = { courses: [], glossary: [], brokenTerms: new Set(), problems: [] };
  for (const root of roots) {
    if (!(await isFolder(root))) catalog.problems.push(noRoot(root));
    for (const folder of await foldersIn(path.join(root, 'courses')))
      await loadCourse(path.join(root, 'courses', folder), catalog, reader);
    await loadGlossary(path.join(root, 'glossary'), catalog);
  }
  catalog.problems.push(...crosscheck(catalog));
  catalog.problems.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return catalog;
}

async function isFolder(dir: string): Promise<boolean> {
  return stat(dir).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function noRoot(root: string): Problem {
  return {
    file: root,
    line: 1,
    rule: 'root-missing',
    message: `There is no content folder "${root}".`,
    fix: 'Correct CONTENT_DIRS, or create the folder with courses/ and glossary/ in it.',
  };
}

async function loadCourse(dir: string, catalog: Catalog, reader: LessonReader) {
  const file = path.join(dir, 'course.yaml');
  const name = path.basename(dir);
  const text = await readText(file);
  const extended = text === undefined ? catalog.courses.find(({ id }) => id === name) : undefined;
  const course = extended ?? newCourse(text, file, name, catalog);
  for (const { folder, number, slug } of await numberedFolders(dir, 'module', catalog.problems)) {
    course.modules.push(await loadModule(path.join(dir, folder), number, slug, course.id, catalog.problems, reader));
  }
  course.modules.sort((a, b) => a.number - b.number);
}

function newCourse(text: string | undefined, file: string, name: string, catalog: Catalog): Course {
  const course: Course = { id: name, title: name, summary: '', description: '', modules: [] };
  catalog.courses.push(course);
  if (text === undefined) {
    catalog.problems.push(missing(file, 'course', courseSchema.shape.id.meta()?.example as string));
    return course;
  }
  const parsed = parseYaml(text, courseSchema, { file });
  catalog.problems.push(...parsed.problems);
  return Object.assign(course, parsed.value ?? textFields(parsed.raw, course));
}

/** Of a file with problems, what can be used all the same: its texts. */
function textFields(raw: unknown, shape: object): Record<string, string> {
  const entries = Object.entries((raw as Record<string, unknown> | undefined) ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[0] in shape && typeof entry[1] === 'string'),
  );
}

async function loadModule(
  dir: string,
  number: number,
  slug: string,
  courseId: string,
  problems: Problem[],
  reader: LessonReader,
): Promise<Module> {
  const file = path.join(dir, 'module.yaml');
  const module: Module = { id: slug, number, title: slug, summary: '', unlocks: '', lessons: [], planned: [] };
  const text = await readText(file);
  if (text === undefined) problems.push(missing(file, 'module', moduleSchema.shape.id.meta()?.example as string));
  else {
    const parsed = parseYaml(text, moduleSchema, { file });
    problems.push(...parsed.problems);
    const { planned = [], ...rest } = parsed.value ?? textFields(parsed.raw, module);
    Object.assign(module, rest, {
      planned: (Array.isArray(planned) ? planned : []).map((lesson) => ({ state: 'planned', ...lesson })),
    });
  }
  const folders = await numberedFolders(dir, 'lesson', problems);
  module.lessons = await Promise.all(
    folders.map(({ folder, ...place }): Promise<Lesson> => {
      const lessonDir = path.join(dir, folder);
      return reader.read({
        ...place,
        courseId,
        moduleId: module.id,
        dir: lessonDir,
        file: path.join(lessonDir, 'lesson.mdx'),
      });
    }),
  );
  for (const lesson of module.lessons) problems.push(...lesson.problems);
  problems.push(...writtenButPlanned(module, file, text ?? ''));
  return module;
}

function writtenButPlanned(module: Module, file: string, text: string): Problem[] {
  const line = text.split('\n').findIndex((written) => written.startsWith('planned:')) + 1;
  const written = new Map(module.lessons.map((lesson) => [lesson.number, lesson]));
  return module.planned.flatMap(({ number, title }) => {
    const lesson = written.get(number);
    if (!lesson) return [];
    const message = `"${title}" is announced as lesson ${number}, which is written: ${path.basename(lesson.dir)}.`;
    return [
      {
        file,
        line,
        rule: 'planned-written' as const,
        message,
        fix: 'Remove it from planned, or give it another number.',
      },
    ];
  });
}

function missing(file: string, kind: 'course' | 'module', example: string): Problem {
  return {
    file,
    line: 1,
    rule: 'file-missing',
    message: `The folder has no ${kind}.yaml.`,
    fix: `Add it, beginning with \`${example}\`; lib/course/schema.ts describes each field.`,
  };
}

/** Folders `NN-words`, in order; others are problems, but for those that begin with a dot or an underscore. */
async function numberedFolders(dir: string, kind: 'module' | 'lesson', problems: Problem[]) {
  const result: { folder: string; number: number; slug: string }[] = [];
  for (const folder of await foldersIn(dir)) {
    const match = /^(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(folder);
    const number = Number(match?.[1]);
    const twin = result.find((other) => other.number === number);
    const file = path.join(dir, folder);
    if (!match)
      problems.push({
        file,
        line: 1,
        rule: 'folder-name',
        message: `The ${kind} folder "${folder}" is not named NN-words.`,
        fix: 'Name it by two digits, a hyphen and lower-case words, as in 03-veth-pairs.',
      });
    else if (twin)
      problems.push({
        file,
        line: 1,
        rule: 'folder-name',
        message: `The number ${match[1]} is also that of ${twin.folder}.`,
        fix: 'Give one of the two another number.',
      });
    if (match) result.push({ folder, number, slug: match[2] as string });
  }
  return result;
}

async function loadGlossary(dir: string, catalog: Catalog) {
  const entries = await readdir(dir).catch(() => []);
  for (const name of entries.filter((entry) => /^[^._].*\.ya?ml$/.test(entry)).sort()) {
    const file = path.join(dir, name);
    const text = (await readText(file)) ?? '';
    const { value, problems } = parseYaml(text, glossaryFileSchema, { file });
    catalog.problems.push(...problems);
    if (!value) for (const [, id = ''] of text.matchAll(ID_LINES)) catalog.brokenTerms.add(id);
    const lines = new Map<string, number>();
    for (const term of value?.terms ?? []) {
      const line = lineOfId(text, term.id, lines.get(term.id) ?? 0);
      lines.set(term.id, line);
      catalog.glossary.push({ ...term, file, line, usedIn: [] } satisfies Term);
    }
  }
}

const ID_LINES = /\bid:\s*["']?([a-z0-9-]+)/g;

/** The line after `after` on which the id stands. */
function lineOfId(text: string, id: string, after: number): number {
  const found = text
    .split('\n')
    .findIndex((line, index) => index >= after && [...line.matchAll(ID_LINES)].some(([, other]) => other === id));
  return found < 0 ? 1 : found + 1;
}

async function foldersIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
