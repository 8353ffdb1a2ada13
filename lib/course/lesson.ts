/** Reads one lesson's folder: everything that can be said about it without looking at others. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type LessonBody, readBody } from './body.ts';
import type { Lesson, Place } from './catalog.ts';
import { readFigure } from './figure.ts';
import type { Problem } from './problem.ts';
import { type Frontmatter, frontmatterSchema } from './schema.ts';
import { suggestion } from './suggest.ts';
import { parseYaml } from './yaml-source.ts';

/** What is in a quiz.yaml. */
export type ReadQuiz = (
  text: string,
  file: string,
) => { questions: { id: string; line: number }[]; problems: Problem[] };

/** Reads lessons, and again only those of which a file has changed. */
export class LessonReader {
  readonly #kept = new Map<string, { stamp: string; lesson: Lesson }>();

  constructor(readonly readQuiz?: ReadQuiz) {}

  async read(place: Place): Promise<Lesson> {
    const stamp = `${place.courseId}/${place.moduleId} ${await stampOf(place.dir)}`;
    const kept = this.#kept.get(place.dir);
    if (kept?.stamp === stamp) return kept.lesson;
    const lesson = await readLesson(place, this.readQuiz);
    this.#kept.set(place.dir, { stamp, lesson });
    return lesson;
  }
}

async function stampOf(dir: string): Promise<string> {
  const names = await readdir(dir).catch(() => []);
  const stats = await Promise.all(names.sort().map((name) => stat(path.join(dir, name)).catch(() => undefined)));
  return stats.map((stats, index) => `${names[index]}:${stats?.mtimeMs}:${stats?.size}`).join(' ');
}

async function readLesson(place: Place, readQuiz?: ReadQuiz): Promise<Lesson> {
  const { file } = place;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const claimedIds = [...(/^id:\s*["']?([\w-]+)/m.exec(text ?? '')?.slice(1, 2) ?? []), place.slug];
  const broken = (title: string, problems: Problem[]): Lesson => ({
    ...place,
    state: 'broken',
    title,
    claimedIds,
    problems,
  });
  if (text === undefined) {
    const message = 'The lesson’s folder has no lesson.mdx.';
    return broken(place.slug, [{ file, line: 1, rule: 'file-missing', message, fix: 'Add it, or remove the folder.' }]);
  }
  const front = readFrontmatter(text, file);
  const { body, problems } = readBody(text, file);
  const title = front.value?.title ?? front.title ?? place.slug;
  const around = body && (await readAround(place, body, readQuiz));
  const found = [...problems, ...(body ? checkTerminals(body, file) : []), ...(around?.problems ?? [])];
  if (!front.value || !body || !around) {
    // Of a lesson that cannot be read it is too early to say what it leaves out.
    return broken(title, [...front.problems, ...found.filter(({ rule }) => rule !== 'quiz-unused')]);
  }
  return {
    ...place,
    state: 'ready',
    id: front.value.id,
    title,
    frontmatter: front.value,
    body,
    setups: around.setups,
    problems: [...found, ...checkMinutes(front.value, body, text, file)],
  };
}

function readFrontmatter(text: string, file: string): { value?: Frontmatter; title?: string; problems: Problem[] } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\s*(?:\r?\n|$)/.exec(text);
  if (!match) {
    const fix = 'Begin the file with a line ---, the fields (id, title, summary, minutes …), and a line ---.';
    return {
      problems: [
        { file, line: 1, rule: 'frontmatter-missing', message: 'The lesson does not begin with frontmatter.', fix },
      ],
    };
  }
  const parsed = parseYaml(match[1] as string, frontmatterSchema, { file, firstLine: 2 });
  if (parsed.value) return parsed;
  const title = (parsed.raw as { title?: unknown } | undefined)?.title;
  return { title: typeof title === 'string' ? title : undefined, problems: parsed.problems };
}

function checkTerminals(body: LessonBody, file: string): Problem[] {
  const problems: Problem[] = [];
  const ids = new Set<string>();
  for (const { id, line, column } of body.terminals) {
    if (ids.has(id))
      problems.push({
        file,
        line,
        column,
        rule: 'duplicate-id',
        message: `A terminal "${id}" is already in this lesson.`,
        fix: 'Give it another id.',
      });
    ids.add(id);
  }
  for (const { meta, line } of body.fences) {
    if (!meta.run || (meta.run === true ? ids.size > 0 : ids.has(meta.run))) continue;
    const message =
      meta.run === true
        ? 'This code would run in a terminal, but the lesson has none.'
        : `The lesson has no terminal "${meta.run}".`;
    const none = 'Add <Terminal id="…" world="host" /> to the lesson, or remove `run`.';
    problems.push({
      file,
      line,
      rule: 'terminal-unknown',
      message,
      fix: meta.run === true ? none : suggestion(meta.run, ids, none),
    });
  }
  return problems;
}

/** Reading alone takes about 220 words a minute; with commands and questions hardly more than this. */
function checkMinutes({ minutes }: Frontmatter, body: LessonBody, text: string, file: string): Problem[] {
  const least = Math.floor(body.words / 240);
  const activities =
    body.questions.length +
    body.fences.filter((fence) => fence.meta.run || fence.lang === 'console').length +
    body.terminals.length;
  const most = Math.ceil(body.words / 90 + activities * 2.5) + 5;
  if (minutes >= least && minutes <= most) return [];
  const message = `The lesson promises ${minutes} minutes, but its ${body.words} words and ${activities} activities take ${least} to ${most}.`;
  const line = text.split('\n').findIndex((written) => written.startsWith('minutes:')) + 1;
  return [{ file, line, rule: 'minutes-off', message, fix: 'Correct `minutes`, or the length of the lesson.' }];
}

/** The files beside lesson.mdx. */
async function readAround({ dir, file }: Place, body: LessonBody, readQuiz?: ReadQuiz) {
  const problems: Problem[] = [];
  const setups = new Map<string, string>();
  for (const { setup, line, column } of body.terminals) {
    if (!setup) continue;
    const text = /^[\w.-]+$/.test(setup)
      ? await readFile(path.join(dir, setup), 'utf8').catch(() => undefined)
      : undefined;
    if (text !== undefined) setups.set(setup, text);
    else
      problems.push({
        file,
        line,
        column,
        rule: 'setup-missing',
        message: `There is no file "${setup}" beside the lesson.`,
        fix: await nearFile(dir, setup),
      });
  }
  for (const { to, line, column } of body.figures) {
    const figure = await readFigure(dir, to);
    if (figure.kind === 'missing')
      problems.push({
        file,
        line,
        column,
        rule: 'figure-missing',
        message: `There is no picture "${to}" beside the lesson.`,
        fix: await nearFile(dir, to),
      });
    if (figure.kind === 'unsafe')
      problems.push({
        file,
        line,
        column,
        rule: 'figure-unsafe',
        message: `The picture "${to}" ${figure.what}.`,
        fix: 'Draw it with plain SVG shapes, without style sheets, scripts and references to other files.',
      });
  }
  problems.push(...(await checkQuiz(dir, file, body, readQuiz)));
  return { setups, problems };
}

async function nearFile(dir: string, name: string): Promise<string> {
  const files = (await readdir(dir)).filter((entry) => entry !== 'lesson.mdx' && entry !== 'quiz.yaml');
  return suggestion(name, files, 'Add the file, or correct the name.');
}

async function checkQuiz(
  dir: string,
  file: string,
  body: LessonBody,
  readQuiz: ReadQuiz | undefined,
): Promise<Problem[]> {
  if (!readQuiz) return [];
  const quizFile = path.join(dir, 'quiz.yaml');
  const text = await readFile(quizFile, 'utf8').catch(() => undefined);
  const { questions, problems } = text === undefined ? { questions: [], problems: [] } : readQuiz(text, quizFile);
  // A file that cannot be read has no known questions; asking them is then not the mistake to report.
  if (problems.length > 0) return problems;
  const known = new Map(questions.map((question) => [question.id, question.line]));
  const asked = new Set(body.questions.map(({ to }) => to));
  const unknown = body.questions
    .filter(({ to }) => !known.has(to))
    .map(({ to, line, column }): Problem => {
      const none =
        text === undefined ? 'Add quiz.yaml beside the lesson, with this question.' : 'Add the question to quiz.yaml.';
      return {
        file,
        line,
        column,
        rule: 'quiz-unknown',
        message: `There is no question "${to}" in quiz.yaml.`,
        fix: suggestion(to, known.keys(), none),
      };
    });
  const unused = [...known]
    .filter(([id]) => !asked.has(id) && unknown.length === 0)
    .map(
      ([id, line]): Problem => ({
        file: quizFile,
        line,
        rule: 'quiz-unused',
        message: `The lesson never asks "${id}".`,
        fix: `Put <Quiz id="${id}" /> where it belongs, or remove the question.`,
      }),
    );
  return [...unknown, ...unused];
}
