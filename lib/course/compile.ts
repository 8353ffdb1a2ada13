/**
 * A lesson's syntax tree to the tree of its page: plain hast, in which components are elements with their own names
 * (`Terminal`, `CodeBlock`) and literal properties. Nothing is evaluated on the way: a lesson is data, and what a
 * component does is known only to components/mdx.
 */
import type { Element, ElementContent, Nodes as HastNodes, Root as HastRoot } from 'hast';
import type { Code, Image, Nodes, Root } from 'mdast';
import remarkRehype, { type Options } from 'remark-rehype';
import { unified } from 'unified';
import { SKIP, visit } from 'unist-util-visit';
import type { Catalog, ReadyLesson } from './catalog.ts';
import { COMPONENTS } from './components.ts';
import { commandsOf, type FenceMeta, parseFenceMeta } from './fence.ts';
import { readFigure } from './figure.ts';
import { highlight } from './highlight.ts';
import { resolveLink } from './link.ts';
import { isComment, type JsxNode, literalProps } from './mdx-nodes.ts';

/** What stands as properties on a `CodeBlock` element; its children are the coloured code. */
export type CodeBlockProps = { lang: string; text: string; run?: true | string; title?: string };

export async function compileLesson(lesson: ReadyLesson, catalog: Catalog): Promise<HastRoot> {
  const tree = structuredClone(lesson.body.tree);
  prepare(tree);
  const hast = (await unified().use(remarkRehype, rehypeOptions).run(tree)) as unknown as HastRoot;
  numberHeadings(hast, lesson);
  resolveLinks(hast, lesson, catalog);
  await Promise.all([fillCode(hast), fillFigures(hast, lesson)]);
  return hast;
}

/** Takes frontmatter and comments out, and makes a picture that stands alone a figure. */
function prepare(tree: Root) {
  visit(tree, (node, index, parent) => {
    if (parent === undefined || index === undefined) return;
    if (node.type === 'yaml' || isComment(node)) {
      parent.children.splice(index, 1);
      return [SKIP, index];
    }
    const image = lonelyImage(node);
    if (image) parent.children[index] = figureOf(image);
  });
}

function lonelyImage(node: Nodes): Image | undefined {
  if (node.type !== 'paragraph' || node.children.length !== 1) return undefined;
  const only = node.children[0];
  return only?.type === 'image' ? only : undefined;
}

function figureOf({ url, alt, title, position }: Image): JsxNode {
  const attributes = Object.entries({ src: url, alt, caption: title }).flatMap(([name, value]) =>
    value ? [{ type: 'mdxJsxAttribute' as const, name, value }] : [],
  );
  return { type: 'mdxJsxFlowElement', name: 'Figure', attributes, children: [], position };
}

type Handler = NonNullable<NonNullable<Options['handlers']>['code']>;

const jsxHandler: Handler = (state, node: JsxNode) => {
  const children = state.all(node as Nodes) as ElementContent[];
  return component(
    node.name as string,
    typed(node),
    node.name && OF_WORDS.has(node.name) ? children.flatMap(withoutParagraph) : children,
  );
};

/** Elements that hold words, not paragraphs, even when an author puts their tags on lines of their own. */
const OF_WORDS = new Set(['Term', 'summary', 'dt', 'kbd', 'abbr']);

function withoutParagraph(node: ElementContent): ElementContent[] {
  return node.type === 'element' && node.tagName === 'p' ? node.children : [node];
}

const rehypeOptions: Options = {
  handlers: {
    mdxJsxFlowElement: jsxHandler,
    mdxJsxTextElement: jsxHandler,
    code: (_state, node: Code) => codeBlock(node),
  },
};

/** Literal properties in the types of the component's table: width="640" is a number too. */
function typed(node: JsxNode): Record<string, string | number | boolean> {
  const props = literalProps(node);
  const specs = COMPONENTS[node.name ?? '']?.props ?? {};
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.type === 'number' && props[name] !== undefined) props[name] = Number(props[name]);
  }
  return props;
}

function component(tagName: string, properties: Record<string, unknown>, children: ElementContent[]): Element {
  return { type: 'element', tagName, properties: properties as Element['properties'], children };
}

function codeBlock({ lang, meta, value }: Code): Element {
  const name = lang ?? 'text';
  const parsed = parseFenceMeta(name, meta ?? '');
  const known: FenceMeta = 'word' in parsed ? {} : parsed;
  const props: CodeBlockProps = { lang: name, text: value, run: known.run, title: known.title };
  return component('CodeBlock', props, []);
}

async function fillCode(tree: HastRoot) {
  const blocks: Element[] = [];
  visit(tree, { tagName: 'CodeBlock' }, (node) => {
    blocks.push(node as Element);
  });
  for (const block of blocks) {
    const { lang, text } = block.properties as CodeBlockProps;
    block.children = await highlight(lang, text);
    block.properties.text = commandsOf(lang, text);
  }
}

/** Headings get the ids that links were checked against, in the order in which they were found. */
function numberHeadings(tree: HastRoot, { body }: ReadyLesson) {
  let next = 0;
  visit(tree, 'element', (node) => {
    // The heading of footnotes is not the author's and has an id.
    if (/^h[1-6]$/.test(node.tagName) && !node.properties.id) node.properties.id = body.headings[next++]?.id;
  });
}

function resolveLinks(tree: HastRoot, lesson: ReadyLesson, catalog: Catalog) {
  visit(tree, { tagName: 'a' }, (node: HastNodes) => {
    const { properties } = node as Element;
    if (
      typeof properties.href !== 'string' ||
      properties.dataFootnoteRef !== undefined ||
      properties.dataFootnoteBackref !== undefined
    )
      return;
    const link = resolveLink(properties.href, lesson, catalog);
    if (link.kind === 'good') properties.href = link.href;
  });
}

async function fillFigures(tree: HastRoot, { dir }: ReadyLesson) {
  const figures: Element[] = [];
  visit(tree, 'element', (node) => {
    if (node.tagName === 'Figure' || node.tagName === 'img') figures.push(node);
  });
  for (const node of figures) {
    const figure = await readFigure(dir, String(node.properties.src));
    if (figure.kind === 'image') node.properties.src = figure.dataUrl;
    else if (figure.kind === 'svg' && node.tagName === 'Figure') node.children = [figure.svg];
    else node.properties.src = undefined;
  }
}
