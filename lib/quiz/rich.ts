import type { BlockContent, DefinitionContent, PhrasingContent, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';

/**
 * Markdown of a question as plain data, made on the server: the browser draws it without a markdown parser, and nothing
 * an author writes becomes HTML on the way.
 */
export type Inline =
  | string
  | { code: string }
  | { em: Inline[] }
  | { strong: Inline[] }
  | { link: string; children: Inline[] };

export type Block = { p: Inline[] } | { pre: string; language?: string } | { list: Block[][]; ordered?: true };

export type Rich = Block[];

export function richOf(markdown: string): Rich {
  return fromMarkdown(markdown).children.flatMap(blockOf);
}

/** For an option's text, which is one line. */
export function inlineOf(markdown: string): Inline[] {
  return richOf(markdown).flatMap((block) => ('p' in block ? block.p : 'pre' in block ? [{ code: block.pre }] : []));
}

function blockOf(node: RootContent | BlockContent | DefinitionContent): Block[] {
  switch (node.type) {
    case 'paragraph':
    case 'heading':
      return [{ p: node.children.flatMap(inlineNode) }];
    case 'code':
      return [{ pre: node.value, ...(node.lang && { language: node.lang }) }];
    case 'list':
      return [
        {
          list: node.children.map((item) => item.children.flatMap(blockOf)),
          ...(node.ordered && { ordered: true as const }),
        },
      ];
    case 'blockquote':
      return node.children.flatMap(blockOf);
    case 'html':
      return [{ p: [node.value] }];
    default:
      return [];
  }
}

function inlineNode(node: PhrasingContent): Inline[] {
  switch (node.type) {
    case 'text':
    case 'html':
      return [node.value.replace(/\n/g, ' ')];
    case 'inlineCode':
      return [{ code: node.value }];
    case 'emphasis':
      return [{ em: node.children.flatMap(inlineNode) }];
    case 'strong':
      return [{ strong: node.children.flatMap(inlineNode) }];
    case 'link':
      return [
        isSafeLink(node.url)
          ? { link: node.url, children: node.children.flatMap(inlineNode) }
          : { em: node.children.flatMap(inlineNode) },
      ];
    case 'break':
      return [' '];
    default:
      return 'alt' in node && node.alt ? [node.alt] : [];
  }
}

function isSafeLink(url: string): boolean {
  return /^(https?:\/\/|\/(?!\/)|#)/.test(url);
}
