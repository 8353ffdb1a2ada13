/** MDX text to a syntax tree, or to the one problem that keeps it from being parsed. */
import type { Root } from 'mdast';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { VFileMessage } from 'vfile-message';
import type { Problem } from './problem.ts';

const processor = unified().use(remarkParse).use(remarkFrontmatter).use(remarkGfm).use(remarkMdx);

export function parseMdx(text: string, file: string): { tree: Root; problem?: undefined } | { tree?: undefined; problem: Problem } {
  try {
    return { tree: processor.parse(text) };
  } catch (error) {
    if (!(error instanceof VFileMessage)) throw error;
    return { problem: syntaxProblem(error, file) };
  }
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
