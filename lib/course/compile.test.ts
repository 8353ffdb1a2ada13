import type { Element, ElementContent, Root } from 'hast';
import { visit } from 'unist-util-visit';
import { expect, it } from 'vitest';
import { compileLesson, findLesson, isReady, loadCatalog } from './index.ts';
import { ALPHA_FILE, contentRoot, goodCourse, LESSON } from './testing.ts';

async function compiled(text: string): Promise<Root> {
  const root = await contentRoot({ ...goodCourse(), [ALPHA_FILE]: text });
  const catalog = await loadCatalog([root]);
  expect(catalog.problems).toEqual([]);
  const lesson = findLesson(catalog, 'demo', 'alpha');
  if (!lesson || !isReady(lesson)) throw new Error('alpha cannot be read');
  return compileLesson(lesson, catalog);
}

function all(tree: Root, tagName: string): Element[] {
  const found: Element[] = [];
  visit(tree, 'element', (node) => {
    if (node.tagName === tagName) found.push(node);
  });
  return found;
}

function textOf(node: Root | ElementContent): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map((child) => textOf(child as ElementContent)).join('') : '';
}

it('makes elements of components, with literal properties', async () => {
  const tree = await compiled(LESSON);
  expect(all(tree, 'Term')[0]?.properties).toEqual({ id: 'veth' });
  expect(all(tree, 'Terminal')[0]?.properties).toEqual({ id: 'pods', world: 'host', setup: 'start.sh' });
  expect(all(tree, 'Quiz')[0]?.properties).toEqual({ id: 'q-one' });
});

it('takes frontmatter and comments out', async () => {
  const tree = await compiled(LESSON.replace('## A picture', '{/* not for readers */}\n\n## A picture'));
  expect(textOf(tree)).not.toContain('not for readers');
  expect(textOf(tree)).not.toContain('minutes');
});

it('gives headings the ids that links are checked against', async () => {
  const tree = await compiled(LESSON.replace('## A picture', '## A picture\n\n## Twice\n\n## Twice'));
  expect(all(tree, 'h2').map(({ properties }) => properties.id)).toEqual(['a-picture', 'twice', 'twice-1']);
});

it('leads links to pages', async () => {
  const hrefs = all(await compiled(LESSON), 'a').map(({ properties }) => properties.href);
  expect(hrefs).toEqual(['/courses/demo/alpha#a-picture', '/courses/demo/beta']);
});

it('draws an SVG into the page, with ids of its own', async () => {
  const [figure] = all(await compiled(LESSON), 'Figure');
  const svg = figure?.children[0];
  expect(svg).toMatchObject({ tagName: 'svg', properties: { viewBox: '0 0 10 10' } });
  expect((svg as Element).children[0]).toMatchObject({
    tagName: 'path',
    properties: { id: 'fig-pods-a', stroke: 'currentColor' },
  });
});

it('makes a figure of a picture that stands alone', async () => {
  const tree = await compiled(
    LESSON.replace('<Figure src="pods.svg" alt="A line" />', '![A line](pods.svg "Below it")'),
  );
  expect(all(tree, 'Figure')[0]?.properties).toMatchObject({ alt: 'A line', caption: 'Below it' });
});

it('copies and runs the commands of a listing without prompts and output', async () => {
  const listing = '```console run=pods title="On the node"\n$ for i in 1 2; do\n>   echo $i\n> done\n1\n2\n```';
  const [block] = all(await compiled(LESSON.replace('```sh run\nip addr\n```', listing)), 'CodeBlock');
  expect(block?.properties).toMatchObject({
    lang: 'console',
    run: 'pods',
    title: 'On the node',
    text: 'for i in 1 2; do\n  echo $i\ndone',
  });
  expect(textOf(block as Element)).toBe('$ for i in 1 2; do\n>   echo $i\n> done\n1\n2\n');
});

it('colours code by classes, keeps its text, and leaves unknown languages plain', async () => {
  const code = 'ip netns exec pod1 ping -c 1 "$HOME" # why';
  const [block] = all(
    await compiled(LESSON.replace('```sh run\nip addr\n```', `\`\`\`sh\n${code}\n\`\`\``)),
    'CodeBlock',
  );
  expect(textOf(block as Element)).toBe(code);
  expect(JSON.stringify(block)).toContain('tk-comment');
  expect(JSON.stringify(block)).not.toContain('style');
  const [plain] = all(await compiled(LESSON.replace('```sh run\nip addr\n```', '```klingon\nqapla\n```')), 'CodeBlock');
  expect(plain?.children).toEqual([{ type: 'text', value: 'qapla' }]);
});

it('lets a summary hold words, wherever its tags stand', async () => {
  const tree = await compiled(
    LESSON.replace(
      '## A picture',
      '<details>\n<summary>\nWhat it *prints*\n</summary>\n\nThis.\n\n</details>\n\n## A picture',
    ),
  );
  const [summary] = all(tree, 'summary');
  expect(textOf(summary as Element).trim()).toBe('What it prints');
  expect((summary as Element).children.some((child) => child.type === 'element' && child.tagName === 'p')).toBe(false);
});
