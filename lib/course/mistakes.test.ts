import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemsOf } from './catalog.ts';
import { isReady, lessonsOf, loadCatalog, type ReadQuiz, type Rule } from './index.ts';
import { ALPHA_FILE, BETA_FILE, contentRoot, goodCourse, LESSON } from './testing.ts';

/** Ids only: what else is in a quiz is lib/quiz's to check. */
const readQuiz: ReadQuiz = (text) => ({
  questions: [...text.matchAll(/- id: (\S+)/g)].map(([, id = '']) => ({
    id,
    line: text.slice(0, text.indexOf(id)).split('\n').length,
  })),
  problems: [],
});

type Mistake = {
  name: string;
  file: string;
  /** Replaces the first text by the second in `file`; with only one text, that is the file. */
  change: [string, string] | [string];
  rule: Rule;
  line: number;
  says: RegExp;
  fix: RegExp;
  /** Can the lesson still be read? */
  shown?: boolean;
  /** Where the problem is reported, when it is not where the mistake was made. */
  at?: string;
};

const MISTAKES: Mistake[] = [
  {
    name: 'a brace',
    file: ALPHA_FILE,
    change: ['is a cable', 'is a {cable'],
    rule: 'mdx-syntax',
    line: 11,
    says: /never closed/,
    fix: /\\\{/,
  },
  {
    name: 'a tag without end',
    file: ALPHA_FILE,
    change: ['## A picture', '<Callout kind="note">\n\n## A picture'],
    rule: 'mdx-syntax',
    line: 15,
    says: /<Callout> has no closing tag/,
    fix: /<\/Callout>/,
  },
  {
    name: 'a less-than sign',
    file: ALPHA_FILE,
    change: ['is a cable', 'is <3 cables'],
    rule: 'mdx-syntax',
    line: 11,
    says: /"3"/,
    fix: /&lt;/,
  },
  {
    name: 'an import',
    file: ALPHA_FILE,
    change: ['## A picture', "import fs from 'fs'\n\n## A picture"],
    rule: 'mdx-code',
    line: 15,
    says: /import/,
    fix: /Remove/,
  },
  {
    name: 'an export',
    file: ALPHA_FILE,
    change: ['## A picture', 'export const x = 1\n\n## A picture'],
    rule: 'mdx-code',
    line: 15,
    says: /export/,
    fix: /Remove/,
  },
  {
    name: 'an expression',
    file: ALPHA_FILE,
    change: ['is a cable', 'is {process.exit()}'],
    rule: 'mdx-code',
    line: 11,
    says: /code/,
    fix: /backticks/,
  },
  {
    name: 'code in a property',
    file: ALPHA_FILE,
    change: ['alt="A line"', 'alt={process.env.HOME}'],
    rule: 'mdx-code',
    line: 17,
    says: /alt.*code/,
    fix: /alt="/,
  },
  {
    name: 'a spread',
    file: ALPHA_FILE,
    change: ['alt="A line"', 'alt="A line" {...x}'],
    rule: 'mdx-code',
    line: 17,
    says: /spread/,
    fix: /name="value"/,
  },
  {
    name: 'an unknown component',
    file: ALPHA_FILE,
    change: ['<Quiz id="q-one" />', '<Quizz id="q-one" />'],
    rule: 'component-unknown',
    line: 23,
    says: /<Quizz>/,
    fix: /"Quiz"/,
  },
  {
    name: 'HTML that is not for lessons',
    file: ALPHA_FILE,
    change: ['## A picture', '<script>\nx\n</script>\n\n## A picture'],
    rule: 'component-unknown',
    line: 15,
    says: /<script>/,
    fix: /./,
  },
  {
    name: 'a step outside of steps',
    file: ALPHA_FILE,
    change: ['## A picture', '<Step title="One">\nx\n</Step>\n\n## A picture'],
    rule: 'component-place',
    line: 15,
    says: /outside/,
    fix: /<Steps>/,
  },
  {
    name: 'a property that is missing',
    file: ALPHA_FILE,
    change: ['world="host" ', ''],
    rule: 'prop-missing',
    line: 13,
    says: /<Terminal> needs world/,
    fix: /world="host"/,
  },
  {
    name: 'a property that is misspelt',
    file: ALPHA_FILE,
    change: ['setup=', 'setpu='],
    rule: 'prop-unknown',
    line: 13,
    says: /setpu/,
    fix: /"setup"/,
  },
  {
    name: 'a kind that is not one',
    file: ALPHA_FILE,
    change: ['## A picture', '<Callout kind="hint">\nx\n</Callout>\n\n## A picture'],
    rule: 'prop-invalid',
    line: 15,
    says: /hint/,
    fix: /"?tip"?|note/,
  },
  {
    name: 'a width that is no number',
    file: ALPHA_FILE,
    change: ['alt="A line"', 'alt="A line" width="wide"'],
    rule: 'prop-invalid',
    line: 17,
    says: /number/,
    fix: /width=\{640\}/,
  },
  {
    name: 'a picture without text',
    file: ALPHA_FILE,
    change: [' alt="A line"', ''],
    rule: 'image-alt',
    line: 17,
    says: /alt/,
    fix: /alt="/,
    shown: true,
  },
  {
    name: 'a picture with an empty text',
    file: ALPHA_FILE,
    change: ['<Figure src="pods.svg" alt="A line" />', '![](pods.svg)'],
    rule: 'image-alt',
    line: 17,
    says: /do not see/,
    fix: /!\[/,
    shown: true,
  },
  {
    name: 'a picture that is not there',
    file: ALPHA_FILE,
    change: ['pods.svg', 'pod.svg'],
    rule: 'figure-missing',
    line: 17,
    says: /pod\.svg/,
    fix: /"pods\.svg"/,
    shown: true,
  },
  {
    name: 'a picture with script',
    file: 'courses/demo/01-first/01-alpha/pods.svg',
    change: ['<svg><script>alert(1)</script></svg>'],
    rule: 'figure-unsafe',
    line: 17,
    says: /<script>/,
    fix: /shapes/,
    shown: true,
    at: ALPHA_FILE,
  },
  {
    name: 'a picture with a handler',
    file: 'courses/demo/01-first/01-alpha/pods.svg',
    change: ['<svg><path onclick="x()" d=""/></svg>'],
    rule: 'figure-unsafe',
    line: 17,
    says: /script/,
    fix: /shapes/,
    shown: true,
    at: ALPHA_FILE,
  },
  {
    name: 'a picture that loads another',
    file: 'courses/demo/01-first/01-alpha/pods.svg',
    change: ['<svg><use href="https://evil.example/x.svg#a"/></svg>'],
    rule: 'figure-unsafe',
    line: 17,
    says: /elsewhere/,
    fix: /shapes/,
    shown: true,
    at: ALPHA_FILE,
  },
  {
    name: 'a picture from another folder',
    file: ALPHA_FILE,
    change: ['src="pods.svg"', 'src="../02-beta/lesson.mdx"'],
    rule: 'figure-unsafe',
    line: 17,
    says: /outside/,
    fix: /./,
    shown: true,
  },
  {
    name: 'a question that is not there',
    file: ALPHA_FILE,
    change: ['q-one', 'q-two'],
    rule: 'quiz-unknown',
    line: 23,
    says: /q-two/,
    fix: /"q-one"/,
    shown: true,
  },
  {
    name: 'a question that is never asked',
    file: 'courses/demo/01-first/01-alpha/quiz.yaml',
    change: ['- id: q-one', '- id: q-one\n  - id: q-more'],
    rule: 'quiz-unused',
    line: 3,
    says: /q-more/,
    fix: /<Quiz id="q-more"/,
    shown: true,
  },
  {
    name: 'a term that is not there',
    file: ALPHA_FILE,
    change: ['id="veth"', 'id="vet"'],
    rule: 'term-unknown',
    line: 11,
    says: /"vet"/,
    fix: /"veth"/,
    shown: true,
  },
  {
    name: 'a heading that is not there',
    file: ALPHA_FILE,
    change: ['#a-picture', '#the-picture'],
    rule: 'anchor-dead',
    line: 11,
    says: /#the-picture/,
    fix: /"a-picture"/,
    shown: true,
  },
  {
    name: 'a lesson that is not there',
    file: ALPHA_FILE,
    change: ['lesson:beta', 'lesson:bta'],
    rule: 'link-dead',
    line: 11,
    says: /"bta"/,
    fix: /"beta"/,
    shown: true,
  },
  {
    name: 'a path that is not there',
    file: ALPHA_FILE,
    change: ['lesson:beta', '/courses/demo/bet'],
    rule: 'link-dead',
    line: 11,
    says: /\/courses\/demo\/bet/,
    fix: /"beta"/,
    shown: true,
  },
  {
    name: 'a page that is not there',
    file: ALPHA_FILE,
    change: ['lesson:beta', '/nowhere'],
    rule: 'link-dead',
    line: 11,
    says: /\/nowhere/,
    fix: /lesson:/,
    shown: true,
  },
  {
    name: 'script as a link',
    file: ALPHA_FILE,
    change: ['lesson:beta', 'javascript:alert(1)'],
    rule: 'link-dead',
    line: 11,
    says: /javascript/,
    fix: /https/,
    shown: true,
  },
  {
    name: 'a word after a fence',
    file: ALPHA_FILE,
    change: ['```sh run', '```sh runs'],
    rule: 'fence-meta',
    line: 19,
    says: /"runs"/,
    fix: /run=ID/,
    shown: true,
  },
  {
    name: 'code for a terminal that is not there',
    file: ALPHA_FILE,
    change: ['```sh run', '```sh run=pod'],
    rule: 'terminal-unknown',
    line: 19,
    says: /"pod"/,
    fix: /"pods"/,
    shown: true,
  },
  {
    name: 'a start script that is not there',
    file: ALPHA_FILE,
    change: ['start.sh', 'begin.sh'],
    rule: 'setup-missing',
    line: 13,
    says: /begin\.sh/,
    fix: /./,
    shown: true,
  },
  {
    name: 'a heading of the first level',
    file: ALPHA_FILE,
    change: ['## A picture', '# A picture'],
    rule: 'heading-level',
    line: 15,
    says: /first level/,
    fix: /##/,
    shown: true,
  },
  {
    name: 'two terminals of one name',
    file: ALPHA_FILE,
    change: ['## A picture', '<Terminal id="pods" world="host" />\n\n## A picture'],
    rule: 'duplicate-id',
    line: 15,
    says: /"pods"/,
    fix: /another id/,
    shown: true,
  },
  {
    name: 'YAML that is none',
    file: ALPHA_FILE,
    change: ['title: Alpha', 'title: Alpha: the first'],
    rule: 'yaml-syntax',
    line: 3,
    says: /YAML/,
    fix: /quotes/,
  },
  {
    name: 'no frontmatter',
    file: ALPHA_FILE,
    change: ['Just text.'],
    rule: 'frontmatter-missing',
    line: 1,
    says: /frontmatter/,
    fix: /---/,
    at: ALPHA_FILE,
  },
  {
    name: 'a field that is missing',
    file: BETA_FILE,
    change: ['summary: What is beta?\n', ''],
    rule: 'field-missing',
    line: 2,
    says: /"summary" is missing/,
    fix: /summary: /,
  },
  {
    name: 'a field that is misspelt',
    file: BETA_FILE,
    change: ['minutes: 2', 'minutes: 2\nobjetives: []'],
    rule: 'field-unknown',
    line: 6,
    says: /objetives/,
    fix: /"objectives"/,
  },
  {
    name: 'a required field that is misspelt',
    file: BETA_FILE,
    change: ['minutes: 2', 'minuts: 2'],
    rule: 'field-unknown',
    line: 5,
    says: /minuts/,
    fix: /"minutes"/,
  },
  {
    name: 'minutes in words',
    file: BETA_FILE,
    change: ['minutes: 2', 'minutes: two'],
    rule: 'field-invalid',
    line: 5,
    says: /number/,
    fix: /minutes: 20/,
  },
  {
    name: 'an id with spaces',
    file: BETA_FILE,
    change: ['id: beta', 'id: Beta one'],
    rule: 'field-invalid',
    line: 2,
    says: /hyphens/,
    fix: /id: one-pod-one-ip/,
  },
  {
    name: 'a source without an address',
    file: BETA_FILE,
    change: ['"https://www.rfc-editor.org/rfc/rfc791"', 'rfc791'],
    rule: 'field-invalid',
    line: 9,
    says: /sources\[1\]\.url/,
    fix: /https:/,
  },
  {
    name: 'a word that covers does not know',
    file: BETA_FILE,
    change: ['covers: [ip]', 'covers: [rooting]'],
    rule: 'covers-unknown',
    line: 8,
    says: /covers\[1\]/,
    fix: /"routing"/,
  },
  {
    name: 'a prerequisite that is not there',
    file: BETA_FILE,
    change: ['[alpha]', '[alfa]'],
    rule: 'prerequisite-unknown',
    line: 7,
    says: /"alfa"/,
    fix: /"alpha"/,
    shown: true,
  },
  {
    name: 'prerequisites in a circle',
    file: ALPHA_FILE,
    change: ['covers: [ip]', 'prerequisites: [beta]\ncovers: [ip]'],
    rule: 'prerequisite-cycle',
    line: 7,
    says: /alpha → beta → alpha/,
    fix: /Remove/,
    shown: true,
  },
  {
    name: 'minutes that do not fit',
    file: BETA_FILE,
    change: ['minutes: 2', 'minutes: 60'],
    rule: 'minutes-off',
    line: 5,
    says: /60 minutes/,
    fix: /minutes/,
    shown: true,
  },
  {
    name: 'a module without a field',
    file: 'courses/demo/01-first/module.yaml',
    change: ['unlocks: write tests\n', ''],
    rule: 'field-missing',
    line: 1,
    says: /"unlocks"/,
    fix: /unlocks: /,
  },
  {
    name: 'a lesson that is still announced',
    file: 'courses/demo/01-first/module.yaml',
    change: ['unlocks: write tests', 'unlocks: write tests\nplanned: [{ number: 2, title: Beta }]'],
    rule: 'planned-written',
    line: 5,
    says: /02-beta/,
    fix: /Remove/,
  },
  {
    name: 'a glossary entry without words',
    file: 'glossary/terms.yaml',
    change: ['short: Two devices joined like the ends of a cable.', 'short: ""'],
    rule: 'field-invalid',
    line: 4,
    says: /terms\[1\]\.short/,
    fix: /short: /,
  },
  {
    name: 'a term defined twice',
    file: 'glossary/terms.yaml',
    change: ['terms:', 'terms:\n  - { id: veth, term: veth, short: A cable. }'],
    rule: 'duplicate-id',
    line: 3,
    says: /"veth"/,
    fix: /one of the two/,
  },
  {
    name: 'a folder with a strange name',
    file: 'courses/demo/01-first/3-gamma/lesson.mdx',
    change: [''],
    rule: 'folder-name',
    line: 1,
    says: /3-gamma/,
    fix: /03-/,
    at: 'courses/demo/01-first/3-gamma',
  },
  {
    name: 'a folder without a lesson',
    file: 'courses/demo/01-first/03-gamma/notes.txt',
    change: [''],
    rule: 'file-missing',
    line: 1,
    says: /lesson\.mdx/,
    fix: /Add/,
    at: 'courses/demo/01-first/03-gamma/lesson.mdx',
  },
];

describe('a deliberate mistake gives exactly its one problem', () => {
  it('and a good course gives none', async () => {
    const root = await contentRoot(goodCourse());
    const catalog = await loadCatalog([root], { readQuiz });
    expect(catalog.problems).toEqual([]);
    expect(catalog.courses.flatMap(lessonsOf).map(({ state }) => state)).toEqual(['ready', 'ready']);
  });

  it.each(MISTAKES)('$name', async ({ file, change, rule, line, says, fix, at, shown }) => {
    const files = goodCourse();
    const [from, to] = change;
    if (to !== undefined) expect(files[file]).toContain(from);
    files[file] = to === undefined ? from : (files[file] as string).replace(from, () => to);
    const root = await contentRoot(files);
    const catalog = await loadCatalog([root], { readQuiz });

    // Beta points to alpha: when alpha cannot be read, that is not beta's mistake to report.
    expect(catalog.problems).toHaveLength(1);
    const [problem] = catalog.problems;
    expect(problem).toMatchObject({ file: path.join(root, at ?? file), rule, line });
    expect(problem?.message).toMatch(says);
    expect(problem?.fix).toMatch(fix);

    if (shown === undefined) return;
    const lesson = catalog.courses.flatMap(lessonsOf).find(({ dir }) => path.join(root, at ?? file).startsWith(dir));
    expect(lesson && isReady(lesson)).toBe(shown);
    expect(lesson && problemsOf(catalog, lesson)).toEqual([problem]);
  });
});

it('keeps other lessons readable beside a broken one', async () => {
  const root = await contentRoot({ ...goodCourse(), [BETA_FILE]: 'nothing' });
  const catalog = await loadCatalog([root], { readQuiz });
  expect(catalog.courses.flatMap(lessonsOf).map(({ slug, state }) => [slug, state])).toEqual([
    ['alpha', 'ready'],
    ['beta', 'broken'],
  ]);
});

it('says everything about a lesson at once, whichever part of it is broken', async () => {
  const text = LESSON.replace('minutes: 5', 'minutes: five')
    .replace('id="q-one"', 'id="q-two"')
    .replace('start.sh', 'begin.sh');
  const catalog = await loadCatalog([await contentRoot({ ...goodCourse(), [ALPHA_FILE]: text })], { readQuiz });
  expect(catalog.problems.map(({ rule }) => rule)).toEqual(['field-invalid', 'setup-missing', 'quiz-unknown']);
});

it('says that an id is taken, at the later lesson', async () => {
  const root = await contentRoot({
    ...goodCourse(),
    [BETA_FILE]: LESSON.replaceAll(/\n(?=A <Term)[\s\S]*$/g, '\nNothing more.\n'),
  });
  const catalog = await loadCatalog([root], { readQuiz });
  const duplicate = catalog.problems.find(({ rule }) => rule === 'duplicate-id');
  expect(duplicate).toMatchObject({ file: path.join(root, BETA_FILE), line: 2 });
  expect(duplicate?.message).toContain(ALPHA_FILE);
});
