import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Finding } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';
import { type Question, type Quiz, questionSchemas, quizSchema } from './question.ts';

export type QuizProblem = {
  file: string;
  /** From 1. */
  line: number;
  column: number;
  rule: 'yaml-syntax' | 'quiz-invalid' | 'duplicate-id';
  /** What is wrong, in one sentence. */
  message: string;
  /** What to write instead, in one sentence. */
  fix: string;
};

type Path = readonly PropertyKey[];
type Place = (path: Path) => { line: number; column: number };

/** @param file named in the problems, as the author knows it. A quiz comes back only when there is no problem. */
export function parseQuiz(text: string, file: string): { quiz?: Quiz; problems: QuizProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = document.errors;
  if (error) {
    return {
      problems: [
        {
          file,
          ...at(error.pos[0]),
          rule: 'yaml-syntax',
          message: `This is not valid YAML: ${firstSentence(error.message)}`,
          fix: 'If a text contains ": ", "#" or begins with one of [ { * & ! | > % @ `, put it in quotes.',
        },
      ],
    };
  }
  const place: Place = (path) => at(offsetOf(document.contents, path));
  const raw: unknown = document.toJS();
  const parsed = quizSchema.safeParse(raw);
  if (!parsed.success) return { problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, raw, file, place)) };
  const problems = [
    ...duplicates(parsed.data, file, place),
    ...parsed.data.questions.flatMap((question, index) => unanswerable(question, index, file, place)),
  ];
  return problems.length > 0 ? { problems } : { quiz: parsed.data, problems };
}

/** Where the value at `path` stands; if it is not there, the nearest thing around it that is. */
function offsetOf(contents: unknown, path: Path): number {
  let node = contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    node = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value
      : isSeq(node)
        ? node.items[Number(key)]
        : undefined;
    offset = startOf(node) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown, file: string, place: Place): QuizProblem[] {
  const where = nameOf(issue.path, raw);
  const problem = (path: Path, message: string, fix: string): QuizProblem => ({
    file,
    ...place(path),
    rule: 'quiz-invalid',
    message,
    fix,
  });
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problem([...issue.path, key], `"${key}" is not a field of ${where}.`, 'Remove it, or correct its spelling.'),
    );
  }
  if (issue.code === 'invalid_union') {
    return [
      problem(
        issue.path,
        `${where} is of no known kind.`,
        `Write one of: ${Object.keys(questionSchemas)
          .map((kind) => `\`kind: ${kind}\``)
          .join(', ')}.`,
      ),
    ];
  }
  const missing = valueAt(raw, issue.path) === undefined;
  const meta = metaAt(issue.path);
  return [
    problem(
      issue.path,
      missing ? `${where} is missing.` : `${where} is not right: ${issue.message}.`,
      meta
        ? `${missing ? 'Add' : 'Write'} ${meta.description}, for example \`${meta.example}\`.`
        : 'Compare it with a quiz.yaml that works.',
    ),
  ];
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], raw);
}

/** `questions.2.options.0.text` → `text of option 1 of question q-restart` */
function nameOf(path: Path, raw: unknown): string {
  const words: string[] = [];
  for (const [index, key] of path.entries()) {
    if (typeof key !== 'number') {
      words.unshift(String(key));
      continue;
    }
    const kind = String(words.shift() ?? '').replace(/s$/, '');
    const id = (valueAt(raw, path.slice(0, index + 1)) as { id?: unknown } | null | undefined)?.id;
    words.unshift(`${kind} ${typeof id === 'string' ? `"${id}"` : key + 1}`);
  }
  return words.join(' of ') || 'quiz.yaml';
}

type Described = { description?: string; example?: string };

function metaAt([, , ...path]: Path): Described | undefined {
  let schema: z.ZodType | undefined = questionSchemas.single;
  let found: Described | undefined;
  for (const key of path) {
    const { shape, element } = (schema?.def ?? {}) as { shape?: Record<string, z.ZodType>; element?: z.ZodType };
    schema = typeof key === 'number' ? element : shape?.[String(key)];
    found = (schema?.meta() as Described | undefined) ?? found;
  }
  return found;
}

function duplicates({ questions }: Quiz, file: string, place: Place): QuizProblem[] {
  const found = repeated(questions).map((index) => ['questions', index, 'id'] as Path);
  for (const [q, { options }] of questions.entries()) {
    found.push(...repeated(options).map((index) => ['questions', q, 'options', index, 'id'] as Path));
  }
  return found.map((path) => ({
    file,
    ...place(path),
    rule: 'duplicate-id',
    message: `The id "${String(valueAt({ questions }, path))}" is there twice.`,
    fix: 'Give one of them another id; keep the one that learners have answered already.',
  }));
}

function repeated(items: readonly { id: string }[]): number[] {
  return items.flatMap(({ id }, index) => (items.findIndex((item) => item.id === id) < index ? [index] : []));
}

function unanswerable(question: Question, index: number, file: string, place: Place): QuizProblem[] {
  const findings: Finding[] = kindOf(question).check(question);
  return findings.map(({ path, message, fix }) => ({
    file,
    ...place(['questions', index, ...path]),
    rule: 'quiz-invalid',
    message: `Question "${question.id}": ${message}`,
    fix,
  }));
}

function firstSentence(message: string): string {
  return `${message.split('\n')[0]?.replace(/\.$/, '') ?? message}.`;
}
