/** What is in a lesson's text, found in one pass: its headings, what it refers to, and how long it is. */
import GithubSlugger from 'github-slugger';
import type { Nodes, Root } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import { SKIP, visit } from 'unist-util-visit';
import { checkComponents } from './check-components.ts';
import { type Fence, parseFenceMeta } from './fence.ts';
import { isJsx, type JsxNode, literalProps, type Point, pointOf } from './mdx-nodes.ts';
import { parseMdx } from './mdx-parse.ts';
import type { Problem } from './problem.ts';

export type Heading = { depth: 2 | 3 | 4 | 5 | 6; text: string; id: string; line: number };
export type TerminalUse = { id: string; world: string; title?: string; setup?: string } & Point;
export type Reference = { to: string } & Point;

export type LessonBody = {
  tree: Root;
  headings: Heading[];
  /** Words of prose, without code. */
  words: number;
  fences: Fence[];
  terminals: TerminalUse[];
  questions: Reference[];
  terms: Reference[];
  links: Reference[];
  figures: Reference[];
};

/** @param text the whole lesson.mdx, frontmatter included, so that lines are those of the file */
export function readBody(text: string, file: string): { body?: LessonBody; problems: Problem[] } {
  const { tree, problem } = parseMdx(text, file);
  if (!tree) return { problems: [problem] };
  const problems = checkComponents(tree, file);
  const body: LessonBody = {
    tree,
    headings: [],
    words: 0,
    fences: [],
    terminals: [],
    questions: [],
    terms: [],
    links: [],
    figures: [],
  };
  const slugger = new GithubSlugger();
  visit(tree, (node) => {
    if (node.type === 'yaml') return SKIP;
    problems.push(...note(node, body, slugger).map((found) => ({ file, ...found })));
  });
  // What is broken in its components cannot be shown.
  return { body: problems.some(({ rule }) => FATAL.has(rule)) ? undefined : body, problems };
}

const FATAL = new Set([
  'mdx-code',
  'component-unknown',
  'component-place',
  'prop-unknown',
  'prop-missing',
  'prop-invalid',
]);

type Found = Omit<Problem, 'file'>;

function note(node: Nodes, body: LessonBody, slugger: GithubSlugger): Found[] {
  switch (node.type) {
    case 'text':
      body.words += node.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
      return [];
    case 'inlineCode':
      body.words += 1;
      return [];
    case 'heading':
      return noteHeading(node, body, slugger);
    case 'code':
      return noteFence(node, body);
    case 'link':
    case 'definition':
      body.links.push({ to: node.url, ...pointOf(node) });
      return [];
    case 'image':
      body.figures.push({ to: node.url, ...pointOf(node) });
      return node.alt?.trim() ? [] : [noAlt(node)];
    default:
      if (isJsx(node)) noteComponent(node, body);
      return [];
  }
}

function noAlt(node: Nodes): Found {
  return {
    ...pointOf(node),
    rule: 'image-alt',
    message: 'A picture has no text for those who do not see it.',
    fix: 'Say what it shows between the brackets: ![Two namespaces joined by a cable](pods.svg).',
  };
}

function noteHeading(node: Nodes & { type: 'heading' }, body: LessonBody, slugger: GithubSlugger): Found[] {
  const text = textOf(node);
  const before = body.headings.at(-1)?.depth ?? 1;
  const depth = node.depth === 1 ? 2 : node.depth;
  body.headings.push({ depth, text, id: slugger.slug(text), line: pointOf(node).line });
  if (node.depth !== 1 && node.depth <= before + 1) return [];
  const message =
    node.depth === 1 ? `"${text}" is a heading of the first level, which is the title's.` : `"${text}" skips a level.`;
  return [
    {
      ...pointOf(node),
      rule: 'heading-level',
      message,
      fix: `Write it with ${'#'.repeat(Math.min(before + 1, 6))}, or a level that follows the heading before it.`,
    },
  ];
}

function noteFence(node: Nodes & { type: 'code' }, body: LessonBody): Found[] {
  const lang = node.lang ?? 'text';
  const meta = parseFenceMeta(lang, node.meta ?? '');
  const { line, column } = pointOf(node);
  const good = !('word' in meta);
  body.fences.push({ lang, value: node.value, meta: good ? meta : {}, line });
  return good
    ? []
    : [
        {
          line,
          column,
          rule: 'fence-meta',
          message: `"${meta.word}" means nothing after \`\`\`${lang}.`,
          fix: meta.fix,
        },
      ];
}

function noteComponent(node: JsxNode, body: LessonBody) {
  const props = literalProps(node);
  const point = pointOf(node);
  const text = (name: string) => (typeof props[name] === 'string' ? props[name] : undefined);
  const id = text('id');
  if (node.name === 'Terminal' && id)
    body.terminals.push({ id, world: text('world') ?? '', title: text('title'), setup: text('setup'), ...point });
  if (node.name === 'Quiz' && id) body.questions.push({ to: id, ...point });
  if (node.name === 'Term' && id) body.terms.push({ to: id, ...point });
  const src = text('src');
  if (node.name === 'Figure' && src) body.figures.push({ to: src, ...point });
}
