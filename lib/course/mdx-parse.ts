/** MDX text to a syntax tree, or to the one problem that keeps it from being parsed. */
import type { PhrasingContent, Root } from 'mdast';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { SKIP, visit } from 'unist-util-visit';
import { VFileMessage } from 'vfile-message';
import { PLAIN_ELEMENTS } from './components.ts';
import { isJsx, type JsxNode } from './mdx-nodes.ts';
import type { Problem } from './problem.ts';

const processor = unified().use(remarkParse).use(remarkFrontmatter).use(remarkGfm).use(remarkMdx);

export function parseMdx(
  text: string,
  file: string,
): { tree: Root; problem?: undefined } | { tree?: undefined; problem: Problem } {
  try {
    return { tree: unravel(processor.parse(text)) };
  } catch (error) {
    if (!(error instanceof VFileMessage)) throw error;
    return { problem: syntaxProblem(error, file) };
  }
}

/**
 * A line that holds nothing but tags is a paragraph to the parser; it is meant as these tags themselves
 * (what MDX's own compiler does too).
 */
function unravel(tree: Root): Root {
  visit(tree, 'paragraph', (node, index, parent) => {
    if (!parent || index === undefined || !node.children.some(isJsx) || !node.children.every(isTagOrSpace)) return;
    const tags = node.children.filter((child) => child.type === 'mdxJsxTextElement');
    parent.children.splice(
      index,
      1,
      ...tags.map((tag): JsxNode => ({ ...tag, type: 'mdxJsxFlowElement' }) as JsxNode as never),
    );
    return [SKIP, index];
  });
  return tree;
}

/** Elements that are words of a sentence stay in their paragraph. */
function isTagOrSpace(node: PhrasingContent): boolean {
  if (node.type === 'text') return node.value.trim() === '';
  return (
    node.type === 'mdxJsxTextElement' &&
    node.name !== 'Term' &&
    (node.name === 'summary' || !PLAIN_ELEMENTS.has(node.name ?? ''))
  );
}

function syntaxProblem(error: VFileMessage, file: string): Problem {
  return { file, ...placeOf(error), rule: 'mdx-syntax', ...explain(error.reason) };
}

function placeOf(error: VFileMessage): { line: number; column?: number } {
  // A tag without its end: the place to look at is the tag.
  const opening = /for `<[^`]*` \((\d+):(\d+)-/.exec(error.reason);
  if (opening) return { line: Number(opening[1]), column: Number(opening[2]) };
  const place = error.place;
  const point = place && 'start' in place ? place.start : place;
  return { line: point?.line ?? error.line ?? 1, column: point?.column ?? error.column ?? undefined };
}

type Words = { message: string; fix: string };

const AS_TEXT =
  'If this is meant as text, write &lt; or put it in `backticks`; a tag looks like <Callout kind="note">.';

/** What the parser says, in the words of somebody who writes a lesson and not a program. First match counts. */
const EXPLANATIONS: [RegExp, (match: RegExpExecArray) => Words][] = [
  [
    /character `!`.* before name/,
    () => ({ message: 'A comment does not begin with <!-- here.', fix: 'Write {/* the comment */}.' }),
  ],
  [
    /before attribute value/,
    () => ({ message: 'The value of a property is not in quotes.', fix: 'Write it as name="value".' }),
  ],
  [
    /closing slash `\/` in tag/,
    () => ({
      message: 'A tag is closed that was not opened.',
      fix: 'Remove the closing tag, or write the opening tag before it.',
    }),
  ],
  [
    /closing tag `<\/([^>]+)>`, expected corresponding closing tag for `<([^>]+)>`/,
    ([, found, open]) => ({
      message: `</${found}> comes before <${open}> is closed.`,
      fix: `Close it first with </${open}>.`,
    }),
  ],
  [
    /closing tag for `<([^>]+)>`.* before the end of `(\w+)`/,
    ([, open, inside]) => ({
      message: `<${open}> is not closed in the ${inside === 'paragraph' ? 'paragraph' : 'part'} in which it begins.`,
      fix: `Close it with </${open}> in the same place, or put both tags on lines of their own.`,
    }),
  ],
  [
    /closing tag for `<([^>]+)>`/,
    ([, open]) => ({
      message: `<${open}> has no closing tag.`,
      fix: `Close it with </${open}>, or write <${open} … /> if it has no content.`,
    }),
  ],
  [
    /end of file in expression/,
    () => ({ message: 'A { is never closed.', fix: 'Write \\{ for a brace, or put the text in `backticks`.' }),
  ],
  [
    /acorn|expression/,
    () => ({
      message: 'Braces hold code, and lessons run no code.',
      fix: 'Write \\{ and \\} for braces, or put the text in `backticks`.',
    }),
  ],
  [
    /character `([^`]+)`.* (?:before|in) name/,
    ([, character]) => ({
      message: `A < begins a tag, and "${character}" cannot stand in a tag’s name.`,
      fix: AS_TEXT,
    }),
  ],
  [/in attribute name|in opening tag|in closing tag/, () => ({ message: 'A tag is not finished.', fix: AS_TEXT })],
];

function explain(reason: string): Words {
  for (const [pattern, words] of EXPLANATIONS) {
    const match = pattern.exec(reason);
    if (match) return words(match);
  }
  return {
    message: `The text cannot be read as MDX: ${reason}.`,
    fix: 'Compare the tags and braces around this place with a lesson that works.',
  };
}
