import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A content root of its own for a test: file paths to texts. */
export async function contentRoot(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'hopwise-content-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return root;
}

const COURSE = `id: demo
title: Demo
summary: A course for tests.
description: Nothing more.
`;

const MODULE = `id: first
title: First
summary: The first module.
unlocks: write tests
`;

const GLOSSARY = `terms:
  - id: veth
    term: veth pair
    short: Two devices joined like the ends of a cable.
`;

const QUIZ = `questions:
  - id: q-one
`;

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path id="a" d="M0 0h10" stroke="currentColor"/></svg>';

export const LESSON = `---
id: alpha
title: Alpha
summary: What is alpha?
minutes: 5
objectives: [Say what alpha is]
covers: [ip]
sources: [{ title: RFC 791, url: "https://www.rfc-editor.org/rfc/rfc791" }]
---

A <Term id="veth">veth pair</Term> is a cable. See [below](#a-picture) and [beta](lesson:beta).

<Terminal id="pods" world="host" setup="start.sh" />

## A picture

<Figure src="pods.svg" alt="A line" />

\`\`\`sh run
ip addr
\`\`\`

<Quiz id="q-one" />
`;

const BETA = `---
id: beta
title: Beta
summary: What is beta?
minutes: 2
objectives: [Say what beta is]
prerequisites: [alpha]
covers: [ip]
sources: [{ title: RFC 791, url: "https://www.rfc-editor.org/rfc/rfc791" }]
---

Beta follows [alpha](lesson:alpha#a-picture).
`;

export const ALPHA_FILE = 'courses/demo/01-first/01-alpha/lesson.mdx';
export const BETA_FILE = 'courses/demo/01-first/02-beta/lesson.mdx';

/** A small course without a mistake: two lessons, one of which uses everything. */
export function goodCourse(): Record<string, string> {
  return {
    'courses/demo/course.yaml': COURSE,
    'courses/demo/01-first/module.yaml': MODULE,
    [ALPHA_FILE]: LESSON,
    'courses/demo/01-first/01-alpha/quiz.yaml': QUIZ,
    'courses/demo/01-first/01-alpha/start.sh': 'ip netns add pod1\n',
    'courses/demo/01-first/01-alpha/pods.svg': SVG,
    [BETA_FILE]: BETA,
    'glossary/terms.yaml': GLOSSARY,
  };
}
