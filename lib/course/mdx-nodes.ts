/** Small readings of MDX syntax nodes. */
import type { Nodes } from 'mdast';
import type { MdxJsxAttribute, MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx-jsx';

export type JsxNode = MdxJsxFlowElement | MdxJsxTextElement;
export type Literal = string | number | boolean;
export type Point = { line: number; column: number };

export function isJsx(node: { type: string }): node is JsxNode {
  return node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement';
}

export function pointOf(node: Nodes | MdxJsxAttribute | { position?: { start: Point } }): Point {
  const start = (node.position as { start: Point } | undefined)?.start;
  return { line: start?.line ?? 1, column: start?.column ?? 1 };
}

/** The value of an attribute if it is written as one: "text", {12}, {true}, or its mere name. */
export function literalOf(attribute: MdxJsxAttribute): Literal | undefined {
  const { value } = attribute;
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value;
  const parsed = parseLiteral(value.value.trim());
  return parsed;
}

function parseLiteral(code: string): Literal | undefined {
  try {
    const value: unknown = JSON.parse(code.replace(/^'([^'"\\]*)'$/, '"$1"'));
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Attributes that are literals, by name. */
export function literalProps(node: JsxNode): Record<string, Literal> {
  const props: Record<string, Literal> = {};
  for (const attribute of node.attributes) {
    const value = attribute.type === 'mdxJsxAttribute' ? literalOf(attribute) : undefined;
    if (attribute.type === 'mdxJsxAttribute' && value !== undefined) props[attribute.name] = value;
  }
  return props;
}

/** A comment: braces around nothing but comments. */
export function isComment(node: { type: string; value?: unknown }): boolean {
  if (node.type !== 'mdxFlowExpression' && node.type !== 'mdxTextExpression') return false;
  return /^(\s|\/\*[\s\S]*?\*\/)*$/.test(String(node.value));
}
