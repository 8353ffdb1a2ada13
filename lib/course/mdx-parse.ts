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

export function parseMdx(text: string, file: string): { tree: Root; problem?: undefined } | { tree?: undefined; problem: Problem } {
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
    parent.children.splice(index, 1, ...tags.map((tag): JsxNode => ({ ...tag, type: 'mdxJsxFlowElement' }) as JsxNode as never));
    return [SKIP, index];
  });
  return tree;
}

/** Elements that are words of a sentence stay in their paragraph. */
function isTagOrSpace(node: PhrasingContent): boolean {
  if (node.type === 'text') return node.value.trim() === '';
  return node.type === 'mdxJsxTextElement' && node.name !== 'Term' && (node.name === 'summary' || !PLAIN_ELEMENTS.has(node.name ?? ''));
}

function syntaxProblem(error: VFileMessage, file: string): Problem {
  const { line, column } = placeOf(error);
  return { file, line, column, rule: 'mdx-syntax', message: sentence(error.reason), fix: fixOf(error) };
}

function placeOf(error: VFileMessage): { line: number; column?: number } {
  const place = error.place;
  const point = place && 'start' in place ? place.start : place;
  return { line: point?.line ?? error.line ?? 1, column: point?.column ?? error.column ?? undefined };
}

function sentence(reason: string): string {
  // The parser's own hints speak of JavaScript, which lessons do not have.
  const first = reason.replace(/ \(note: .*$/s, '').replace(/: Unexpected token$/, '');
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}.`.replace(/\.\.$/, '.');
}

function fixOf(error: VFileMessage): string {
  const { reason } = error;
  const open = /Expected a closing tag for `<([^>`]+)>`/.exec(reason)?.[1];
  if (open) return `Close it with </${open}>, or write <${open} … /> if it has no content.`;
  const closing = /Unexpected closing (?:slash|tag).*?`?<?\/?([\w.]+)?/.exec(reason)?.[1];
  if (/closing/i.test(reason) && closing) return 'Remove the closing tag, or open it before.';
  if (/acorn|expression/i.test(reason) || error.ruleId === 'acorn') return 'A brace begins code, which lessons do not have: write \\{ for a brace, or put the text in `backticks`.';
  if (/in name|before name|in attribute|in opening tag|in closing tag/.test(reason)) return 'If this is meant as text, write &lt; or put it in `backticks`; a tag looks like <Callout kind="note">.';
  return 'Compare the tags around this place: each needs its name, quoted values and its end.';
}
